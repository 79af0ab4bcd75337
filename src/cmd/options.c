// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/detached.h"
#include "cmd/value.h"

#define FOLLOW_MAX (1 << 24)
#define KEEP_MAX   9999 /* files */

/* Without an option. */
#define OPTIONS_BACKEND "auto"
#define OPTIONS_FORGET	300 /* seconds */

#define OPTIONS_FILTER_MAX 65536 /* bytes read from standard input */

enum {
	OPTION_HELP = 256,
	OPTION_DUMP_FILTER,
	OPTION_CONVERSATION,
	OPTION_GRAPH,
	OPTION_BUFFER,
	OPTION_FOLLOW,
	OPTION_FORGET,
	OPTION_MAX_OVERHEAD,
	OPTION_COST,
	OPTION_ROTATE,
	OPTION_KEEP,
	OPTION_COMPRESS,
	OPTION_NO_PACKETS,
	OPTION_DETACH,
	OPTION_TRACEPKT,
	OPTION_JUNIT,
};

#define OPTIONS_TRACING                                                                  \
	{ "count", required_argument, NULL, 'c' },                                       \
		{ "time", required_argument, NULL, 't' },                                \
		{ "interface", required_argument, NULL, 'i' },                           \
		{ "netns", required_argument, NULL, 'n' },                               \
		{ "probe", required_argument, NULL, 'p' },                               \
		{ "backend", required_argument, NULL, 'b' },                             \
		{ "buffer", required_argument, NULL, OPTION_BUFFER },                    \
		{ "follow", required_argument, NULL, OPTION_FOLLOW },                    \
		{ "forget", required_argument, NULL, OPTION_FORGET },                    \
		{ "conversation", no_argument, NULL, OPTION_CONVERSATION },              \
		{ "graph", no_argument, NULL, OPTION_GRAPH },                            \
		{ "cost", no_argument, NULL, OPTION_COST },                              \
		{ "max-overhead", required_argument, NULL, OPTION_MAX_OVERHEAD },        \
		{ "quiet", no_argument, NULL, 'q' },                                     \
		{ "verbose", no_argument, NULL, 'v' },                                   \
	{                                                                                \
		"help", no_argument, NULL, OPTION_HELP                                   \
	}

#define OPTIONS_COMMON                                                                   \
	OPTIONS_TRACING, VIEW_OPTIONS,                                                   \
	{                                                                                \
		"output", required_argument, NULL, 'o'                                   \
	}

static const struct option options_trace[] = {
	OPTIONS_COMMON,
	{ "dump-filter", no_argument, NULL, OPTION_DUMP_FILTER },
	{ NULL, 0, NULL, 0 },
};

static const struct option options_hops[] = {
	OPTIONS_COMMON,
	{ "tracepkt", no_argument, NULL, OPTION_TRACEPKT },
	{ NULL, 0, NULL, 0 },
};

static const struct option options_analysis[] = {
	OPTIONS_COMMON,
	{ "read", required_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static const struct option options_top[] = {
	OPTIONS_TRACING,      VIEW_OPTIONS_CLASSES,
	VIEW_OPTIONS_SLOW,    { "read", required_argument, NULL, 'r' },
	{ NULL, 0, NULL, 0 },
};

static const struct option options_record[] = {
	OPTIONS_COMMON,
	{ "rotate", required_argument, NULL, OPTION_ROTATE },
	{ "keep", required_argument, NULL, OPTION_KEEP },
	{ "compress", no_argument, NULL, OPTION_COMPRESS },
	{ "no-packets", no_argument, NULL, OPTION_NO_PACKETS },
	{ "detach", required_argument, NULL, OPTION_DETACH },
	{ NULL, 0, NULL, 0 },
};

static const struct option options_assert[] = {
	OPTIONS_COMMON,
	{ "expect", required_argument, NULL, 'e' },
	{ "read", required_argument, NULL, 'r' },
	{ "junit", required_argument, NULL, OPTION_JUNIT },
	{ NULL, 0, NULL, 0 },
};

#define LETTERS_TRACING ":c:t:i:n:p:b:qv"
#define LETTERS		LETTERS_TRACING "f:o:"

static const struct {
	const struct option *options;
	const char *letters;
	const char *name;   /* of the command, for messages */
	const char *format; /* without -f; NULL: nothing is shown */
	bool analysis;	    /* -f is text or json of that, and there is -r */
} options_kinds[] = {
	[OPTIONS_TRACE] = { options_trace, LETTERS, "bpfpath", "text" },
	[OPTIONS_RECORD] = { options_record, LETTERS, "bpfpath record", NULL },
	[OPTIONS_HOPS] = { options_hops, LETTERS, "bpfpath hops", "hops" },
	[OPTIONS_CLASSES] = { options_analysis, LETTERS "r:", "bpfpath classes",
			      "classes", true },
	[OPTIONS_HIST] = { options_analysis, LETTERS "r:", "bpfpath hist", "hist", true },
	[OPTIONS_TOP] = { options_top, LETTERS_TRACING "r:", "bpfpath top", "classes" },
	[OPTIONS_ASSERT] = { options_assert, LETTERS "e:r:", "bpfpath assert", NULL },
};

/* getopt's own messages begin with argv[0] and do not say what to do. */
static int options_bad(int option, char **argv, const char *command)
{
	const char *word = argv[optind - 1];

	if (option == ':')
		log_error("option '%s' needs a value, see '%s --help'", word, command);
	else if (optopt && optopt < 256)
		log_error("unknown option '-%c', see '%s --help'", optopt, command);
	else
		log_error("unknown option '%s', see '%s --help'", word, command);
	return -EINVAL;
}

int options_other(int option, char **argv, const char *command)
{
	switch (option) {
	case 'q':
		log_set_quiet(true);
		return 0;
	case 'v':
		log_set_verbose(true);
		return 0;
	}
	return options_bad(option, argv, command);
}

static int options_expect(struct options *options, const char *text)
{
	const char **expects = reallocarray(options->expects, options->expect_count + 1,
					    sizeof(*expects));

	if (!expects)
		return -ENOMEM;
	options->expects = expects;
	expects[options->expect_count++] = text;
	return 0;
}

static int options_one(struct options *options, enum options_kind kind, int option,
		       char **argv)
{
	int err = view_option(&options->view, option, optarg);

	if (err <= 0)
		return err;
	switch (option) {
	case 'c':
		return value_count(optarg, &options->count);
	case 't':
		return value_seconds("-t", optarg, &options->seconds);
	case 'i':
		options->dev = optarg;
		return 0;
	case 'n':
		options->netns = optarg;
		return 0;
	case 'p':
		options->zoom = optarg;
		return 0;
	case 'b':
		options->backend = optarg;
		return 0;
	case 'o':
		if (kind == OPTIONS_RECORD)
			options->recording = optarg;
		else
			options->output = optarg;
		return 0;
	case 'r':
		options->read = optarg;
		return 0;
	case OPTION_CONVERSATION:
		options->conversation = true;
		return 0;
	case OPTION_GRAPH:
		options->graph = true;
		return 0;
	case OPTION_DUMP_FILTER:
		options->dump_filter = true;
		return 0;
	case OPTION_BUFFER:
		return value_buffer(optarg, &options->buffer);
	case OPTION_FOLLOW:
		return value_limited("--follow", optarg, "packets", FOLLOW_MAX,
				     &options->follow);
	case OPTION_FORGET:
		return value_seconds("--forget", optarg, &options->forget);
	case OPTION_COST:
		options->cost = true;
		return 0;
	case OPTION_MAX_OVERHEAD:
		options->cost = true;
		return value_overhead(optarg, &options->max_overhead);
	case OPTION_ROTATE:
		return value_rotate(optarg, &options->rotate);
	case OPTION_KEEP:
		return value_limited("--keep", optarg, "files", KEEP_MAX, &options->keep);
	case OPTION_COMPRESS:
		options->compress = true;
		return 0;
	case OPTION_NO_PACKETS:
		options->no_packets = true;
		return 0;
	case OPTION_DETACH:
		options->detach = optarg;
		return detached_check(optarg);
	case OPTION_TRACEPKT:
		return view_option(&options->view, VIEW_FORMAT, "tracepkt");
	case 'e':
		return options_expect(options, optarg);
	case OPTION_JUNIT:
		options->junit = optarg;
		return 0;
	case OPTION_HELP:
		options->help = true;
		return 0;
	}
	return options_other(option, argv, options_kinds[kind].name);
}

/* Words after "--" are the command; getopt must not see them. */
int options_split(struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--"))
			continue;
		if (!argv[i + 1]) {
			log_error("no command after '--'");
			return -EINVAL;
		}
		options->command = argv + i + 1;
		return i;
	}
	return argc;
}

static int options_filter_stdin(struct options *options)
{
	char *text = calloc(1, OPTIONS_FILTER_MAX + 1);
	size_t length;

	if (!text)
		return -ENOMEM;
	length = fread(text, 1, OPTIONS_FILTER_MAX + 1, stdin);
	if (ferror(stdin) || length > OPTIONS_FILTER_MAX || memchr(text, '\0', length)) {
		log_error("standard input holds no filter: use a text of up to %d bytes",
			  OPTIONS_FILTER_MAX);
		free(text);
		return -EINVAL;
	}
	while (length && strchr(" \t\r\n", text[length - 1]))
		text[--length] = '\0';
	options->filter = text;
	return 0;
}

char *options_words(int count, char **words)
{
	size_t size = 1;
	char *text;

	for (int i = 0; i < count; i++)
		size += strlen(words[i]) + 1;
	text = calloc(1, size);
	for (int i = 0; text && i < count; i++) {
		if (i)
			strcat(text, " ");
		strcat(text, words[i]);
	}
	return text;
}

int options_filter(struct options *options, int count, char **words)
{
	bool ask = !options->read; /* of a recording every path is good enough */

	if (ask && count == 1 && !strcmp(words[0], "-"))
		return options_filter_stdin(options);
	if (ask && !count && !isatty(STDIN_FILENO))
		return options_filter_stdin(options);
	options->filter = options_words(count, words);
	return options->filter ? 0 : -ENOMEM;
}

/* The words of the command line as they could be typed, as far as they fit. */
static char *options_line(char **argv)
{
	char *line = NULL;
	size_t size;
	FILE *out = open_memstream(&line, &size);

	if (!out)
		return NULL;
	fputs("bpfpath", out);
	for (; *argv; argv++) {
		bool plain = **argv &&
			     !(*argv)[strcspn(*argv, " \t\n'\"\\$&|;<>()*?[]#~`!")];

		fprintf(out, plain ? " %s" : " '%s'", *argv);
	}
	return fclose(out) ? NULL : line;
}

/* The first of them that says how to trace; NULL: there is none. */
static const char *options_tracing(const struct options *options)
{
	const struct {
		const char *name;
		bool given;
	} all[] = {
		{ "-t", options->seconds > 0 },
		{ "-i", options->dev },
		{ "-n", options->netns },
		{ "-b", strcmp(options->backend, OPTIONS_BACKEND) != 0 },
		{ "--conversation", options->conversation },
		{ "--graph", options->graph },
		{ "--buffer", options->buffer },
		{ "--follow", options->follow },
		{ "--forget", options->forget != OPTIONS_FORGET },
		{ "--cost", options->cost && !options->max_overhead },
		{ "--max-overhead", options->max_overhead },
		{ "-- COMMAND", options->command },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].given)
			return all[i].name;
	}
	return NULL;
}

static int options_check_read(const struct options *options)
{
	const char *tracing = options->read ? options_tracing(options) : NULL;

	if (!tracing)
		return 0;
	log_error("%s: with -r nothing is traced, leave one of them out", tracing);
	return -EINVAL;
}

/* Of every recording. */
static int options_check_recording(const struct options *options)
{
	if (options->view.slow) {
		log_error("--slow: everything is recorded, use it with 'bpfpath report'");
		return -EINVAL;
	}
	return strcmp(options->recording, "-") ? 0 : view_check_terminal();
}

/* What does not go together, with -o of a recording. */
static int options_check_record(const struct options *options)
{
	if (options->view.recording) {
		log_error("-f pcapng: that is what -o gets, leave it out");
		return -EINVAL;
	}
	if (!options->recording) {
		log_error("no file to record to: use -o FILE");
		return -EINVAL;
	}
	if (options->detach && options->view.format) {
		log_error("--detach: nobody would see what -f shows, leave one of them "
			  "out");
		return -EINVAL;
	}
	if (!strcmp(options->recording, "-") &&
	    (options->view.format || options->rotate || options->detach)) {
		log_error(
			"-o -: standard output holds the recording and nothing else, use "
			"-o FILE with %s",
			options->view.format ? "-f"
			: options->rotate    ? "--rotate"
					     : "--detach");
		return -EINVAL;
	}
	return options_check_recording(options);
}

static int options_check_assert(const struct options *options)
{
	if (!options->expect_count) {
		log_error("nothing is expected: use -e EXPECT, as -e 'end delivered'");
		return -EINVAL;
	}
	if (options->view.recording) {
		log_error(
			"-f pcapng: use 'bpfpath record', and then 'bpfpath assert -r'");
		return -EINVAL;
	}
	if (options->output && !options->view.format) {
		log_error("-o: no paths are shown, use -f NAME with it");
		return -EINVAL;
	}
	return options_check_read(options);
}

static int options_check(const struct options *options, enum options_kind kind)
{
	if (kind == OPTIONS_RECORD)
		return options_check_record(options);
	if (kind == OPTIONS_ASSERT)
		return options_check_assert(options);
	if (options->recording)
		return options_check_recording(options);
	return options_check_read(options);
}

/* -f pcapng is a recording to where the paths would go. */
static void options_record_paths(struct options *options)
{
	options->recording = options->output ?: "-";
	options->output = NULL;
}

void options_default(struct options *options)
{
	*options = (struct options){
		.forget = OPTIONS_FORGET,
		.backend = OPTIONS_BACKEND,
		.keep = 1,
	};
}

int options_parse(struct options *options, enum options_kind kind, int argc, char **argv)
{
	const char *format = options_kinds[kind].format;
	bool analysis = options_kinds[kind].analysis;
	int option, err;

	options_default(options);
	options->view.format = format ? render_find(format) : NULL;
	options->view.analysis = analysis ? format : NULL;
	options->line = options_line(argv);
	argc = options_split(options, argc, argv);
	if (argc < 0)
		return argc;
	opterr = 0;
	while ((option = getopt_long(argc, argv, options_kinds[kind].letters,
				     options_kinds[kind].options, NULL)) >= 0) {
		err = options_one(options, kind, option, argv);
		if (err)
			return err;
	}
	if (options->help)
		return 0;
	if (options->view.recording && kind != OPTIONS_RECORD && kind != OPTIONS_ASSERT)
		options_record_paths(options);
	err = options_check(options, kind);
	if (!err)
		err = view_check(&options->view);
	if (err)
		return err;
	return options_filter(options, argc - optind, argv + optind);
}

void options_free(struct options *options)
{
	free(options->filter);
	free(options->line);
	free(options->expects);
	options->filter = options->line = NULL;
	options->expects = NULL;
}
