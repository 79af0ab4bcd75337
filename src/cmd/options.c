// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "render/render.h"

#define BUFFER_MIN (16 << 10) /* bytes: some steps, on pages of any size but 64 KiB */
#define BUFFER_MAX (1 << 30)
#define FOLLOW_MAX (1 << 24)

#define OPTIONS_FILTER_MAX 65536 /* bytes read from standard input */

const char options_help[] =
	"  -c, --count N        stop after N packets\n"
	"  -t, --time SECONDS   stop after that long\n"
	"  -i, --interface DEV  packets begin only on devices of this name\n"
	"  -n, --netns NETNS    ... and in this namespace: a name, a pid, an inode, or "
	"host\n"
	"  -p, --probe ZOOM     how much to probe: hops, stages (the default), all, or a "
	"file\n"
	"                       of function names\n"
	"  -b, --backend NAME   auto (the default), multi, kprobe, tracepoint, or "
	"tcx\n"
	"      --graph          see all functions return: what was called inside of "
	"what, "
	"how\n"
	"                       long each took (only with backends that probe "
	"functions)\n"
	"  -f, --format NAME    text (the default) or json\n"
	"  -o, --output FILE    write the paths there instead of to standard output\n"
	"      --buffer SIZE    of the ring buffer that steps go through, as 64K or 32M\n"
	"                       (8M); it is rounded up to a power of two\n"
	"      --follow N       follow at most N packets at once (16384)\n"
	"      --cost           measure what the BPF programs cost, too\n"
	"      --max-overhead PERCENT\n"
	"                       of one CPU: above it, probe less, then end\n"
	"      --dump-filter    print what the filter compiles to, and end\n"
	"  -q, --quiet          only paths and errors\n"
	"  -v, --verbose        say more about what is done\n"
	"      --help           print this, and end\n"
	"\n"
	"FILTER is a pcap expression, see pcap-filter(7). It is read from standard input "
	"when\n"
	"it is '-', or when there is none and standard input is not a terminal.\n"
	"COMMAND is run once everything is attached; tracing stops when it has ended and "
	"the\n"
	"packets that are followed have come to an end. What it prints goes to standard "
	"error,\n"
	"so that standard output holds nothing but paths; with -o it stays as it is.\n"
	"\n"
	"Exit status: 0 at least one path shown, 1 failure, 2 bad option or filter, 3 "
	"nothing\n"
	"matched.\n";

enum {
	OPTION_HELP = 256,
	OPTION_DUMP_FILTER,
	OPTION_GRAPH,
	OPTION_BUFFER,
	OPTION_FOLLOW,
	OPTION_MAX_OVERHEAD,
	OPTION_COST,
};

static const struct option options_long[] = {
	{ "count", required_argument, NULL, 'c' },
	{ "time", required_argument, NULL, 't' },
	{ "interface", required_argument, NULL, 'i' },
	{ "netns", required_argument, NULL, 'n' },
	{ "probe", required_argument, NULL, 'p' },
	{ "backend", required_argument, NULL, 'b' },
	{ "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "graph", no_argument, NULL, OPTION_GRAPH },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "buffer", required_argument, NULL, OPTION_BUFFER },
	{ "follow", required_argument, NULL, OPTION_FOLLOW },
	{ "dump-filter", no_argument, NULL, OPTION_DUMP_FILTER },
	{ "cost", no_argument, NULL, OPTION_COST },
	{ "max-overhead", required_argument, NULL, OPTION_MAX_OVERHEAD },
	{ "help", no_argument, NULL, OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

/* A number from 1, and what stands behind it in @end; false: @text has none. */
static bool options_whole(const char *text, uint64_t *number, const char **end)
{
	char *rest;

	errno = 0;
	*number = strtoull(text, &rest, 10);
	*end = rest;
	return !errno && rest != text && !strchr(text, '-') && *number;
}

static int options_number(const char *text, uint64_t *number)
{
	const char *end;

	if (options_whole(text, number, &end) && !*end)
		return 0;
	log_error("-c '%s': use a number of packets, 1 or more", text);
	return -EINVAL;
}

static int options_follow(const char *text, uint32_t *packets)
{
	uint64_t number;
	const char *end;

	if (options_whole(text, &number, &end) && !*end && number <= FOLLOW_MAX) {
		*packets = (uint32_t)number;
		return 0;
	}
	log_error("--follow '%s': use a number of packets from 1 to %d", text,
		  FOLLOW_MAX);
	return -EINVAL;
}

/* "64K": bytes; what the kernel wants is a power of two of whole pages. */
static int options_buffer(const char *text, uint32_t *bytes)
{
	static const char units[] = "KMG";
	uint64_t number, size = BUFFER_MIN;
	const char *end = text, *unit;
	bool right = options_whole(text, &number, &end) && number <= BUFFER_MAX;

	if (right && *end) {
		unit = strchr(units, *end);
		right = unit && !end[1];
		number <<= right ? 10 * (unit - units + 1) : 0;
	}
	if (!right || number < BUFFER_MIN || number > BUFFER_MAX) {
		log_error("--buffer '%s': use a size from 16K to 1G", text);
		return -EINVAL;
	}
	while (size < number)
		size *= 2;
	*bytes = (uint32_t)size;
	return 0;
}

/* A number greater than 0; false: @text is none. */
static bool options_positive(const char *text, double *number)
{
	char *end;

	*number = strtod(text, &end);
	return end != text && !*end && isfinite(*number) && *number > 0 && *number <= 1e9;
}

int options_seconds(const char *text, double *seconds)
{
	if (options_positive(text, seconds))
		return 0;
	log_error("-t '%s': use a number of seconds, greater than 0", text);
	return -EINVAL;
}

static int options_overhead(const char *text, double *percent)
{
	if (options_positive(text, percent))
		return 0;
	log_error("--max-overhead '%s': use a percentage of one CPU, greater than 0",
		  text);
	return -EINVAL;
}

static int options_format(const char *text, const struct render_ops **format)
{
	char names[128] = "";

	*format = render_find(text);
	if (*format)
		return 0;
	for (size_t i = 0; render_formats[i]; i++)
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 i ? ", " : "", render_formats[i]->name);
	log_error("unknown format '%s': use one of %s", text, names);
	return -EINVAL;
}

static int options_one(struct options *options, int option)
{
	switch (option) {
	case 'c':
		return options_number(optarg, &options->count);
	case 't':
		return options_seconds(optarg, &options->seconds);
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
	case 'f':
		return options_format(optarg, &options->format);
	case 'o':
		options->output = optarg;
		return 0;
	case 'q':
		log_set_quiet(true);
		return 0;
	case 'v':
		log_set_verbose(true);
		return 0;
	case OPTION_GRAPH:
		options->graph = true;
		return 0;
	case OPTION_DUMP_FILTER:
		options->dump_filter = true;
		return 0;
	case OPTION_BUFFER:
		return options_buffer(optarg, &options->buffer);
	case OPTION_FOLLOW:
		return options_follow(optarg, &options->follow);
	case OPTION_COST:
		options->cost = true;
		return 0;
	case OPTION_MAX_OVERHEAD:
		options->cost = true;
		return options_overhead(optarg, &options->max_overhead);
	case OPTION_HELP:
		options->help = true;
		return 0;
	}
	return -EINVAL;
}

int options_bad(int option, char **argv, const char *command)
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

/* Words after "--" are the command; getopt must not see them. */
static int options_split(struct options *options, int argc, char **argv)
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

/* Several words are one expression, as with tcpdump. */
static int options_filter(struct options *options, int count, char **words)
{
	size_t size = 1;

	if (count == 1 && !strcmp(words[0], "-"))
		return options_filter_stdin(options);
	if (!count && !isatty(STDIN_FILENO))
		return options_filter_stdin(options);
	for (int i = 0; i < count; i++)
		size += strlen(words[i]) + 1;
	options->filter = calloc(1, size);
	if (!options->filter)
		return -ENOMEM;
	for (int i = 0; i < count; i++) {
		if (i)
			strcat(options->filter, " ");
		strcat(options->filter, words[i]);
	}
	return 0;
}

int options_parse(struct options *options, int argc, char **argv)
{
	int option, err;

	*options = (struct options){
		.zoom = "stages",
		.backend = "auto",
		.format = render_find("text"),
	};
	argc = options_split(options, argc, argv);
	if (argc < 0)
		return argc;
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":c:t:i:n:p:b:f:o:qv", options_long,
				     NULL)) >= 0) {
		if (option == '?' || option == ':')
			return options_bad(option, argv, "bpfpath");
		err = options_one(options, option);
		if (err)
			return err;
	}
	if (options->help)
		return 0;
	return options_filter(options, argc - optind, argv + optind);
}

void options_free(struct options *options)
{
	free(options->filter);
	options->filter = NULL;
}
