// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath diff: where the paths of two recordings part; needs no privilege and no BPF */
#include "diff/diff.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/operand.h"
#include "cmd/options.h"
#include "cmd/output.h"
#include "cmd/player.h"
#include "cmd/value.h"

/* Exit statuses, as of diff(1). */
enum diff_status { DIFF_SAME, DIFF_DIFFERENT, DIFF_ERROR };

#define DIFF_CONTEXT 3	/* steps */
#define DIFF_WIDTH   80 /* columns, where nobody tells */
#define DIFF_WIDEST  1000

struct diff_command {
	struct operand operands[DIFF_SIDES];
	struct diff diff;
	struct diff_view view;
	const char *output; /* NULL: standard output */
	FILE *out;
	unsigned int by;
	bool json, roles, help;
	enum diff_which playing;
	int error; /* of the side that is played */
};

/* ---- the command line */

enum {
	DIFF_OPTION_BY = 256,
	DIFF_OPTION_CONTEXT,
	DIFF_OPTION_ROLES,
	DIFF_OPTION_HELP,
};

static const struct option diff_options[] = {
	{ "by", required_argument, NULL, DIFF_OPTION_BY },
	{ "context", required_argument, NULL, DIFF_OPTION_CONTEXT },
	{ "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "roles", no_argument, NULL, DIFF_OPTION_ROLES },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, DIFF_OPTION_HELP },
	{ NULL, 0, NULL, 0 },
};

static int diff_context(struct diff_command *command, const char *text)
{
	uint32_t context = 0;
	int err = strcmp(text, "0") != 0 ? value_limited("--context", text, "steps",
							 UINT32_MAX, &context)
					 : 0;

	command->view.context = context;
	return err;
}

static int diff_option(struct diff_command *command, int option, char **argv)
{
	switch (option) {
	case DIFF_OPTION_BY:
		return view_by(optarg, &command->by);
	case DIFF_OPTION_CONTEXT:
		return diff_context(command, optarg);
	case DIFF_OPTION_ROLES:
		command->roles = true;
		return 0;
	case DIFF_OPTION_HELP:
		command->help = true;
		return 0;
	case 'f':
		return value_json(optarg, &command->json);
	case 'o':
		command->output = optarg;
		return 0;
	}
	return options_other(option, argv, "bpfpath diff");
}

static int diff_operands(struct diff_command *command, int count, char **words)
{
	int err = 0;

	if (count != DIFF_SIDES) {
		log_error(
			"two recordings are compared, not %d, see 'bpfpath diff --help'",
			count);
		return -EINVAL;
	}
	for (enum diff_which i = 0; !err && i < DIFF_SIDES; i++)
		err = operand_read(&command->operands[i], words[i]);
	if (err || strcmp(command->operands[DIFF_GOOD].file, "-") ||
	    strcmp(command->operands[DIFF_BAD].file, "-"))
		return err;
	log_error("standard input can be one of both only");
	return -EINVAL;
}

static int diff_parse(struct diff_command *command, int argc, char **argv)
{
	int option, err;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":f:o:qv", diff_options, NULL)) >= 0) {
		err = diff_option(command, option, argv);
		if (err || command->help)
			return err;
	}
	return diff_operands(command, argc - optind, argv + optind);
}

/* ---- the paths */

static void diff_play_path(void *context, const struct path *path)
{
	struct diff_command *command = context;
	const struct operand *operand = &command->operands[command->playing];

	if (!command->error && (!operand->packet || operand->packet == path->id))
		command->error = diff_path(&command->diff, command->playing, path);
}

static void diff_played(void *context, const struct recording *recording)
{
	struct diff_command *command = context;

	if (!command->error)
		command->error = diff_recording(&command->diff, command->playing,
						recording);
}

static int diff_play(struct diff_command *command, enum diff_which which)
{
	const struct operand *operand = &command->operands[which];
	struct diff_side *side = &command->diff.sides[which];
	const struct player_options player = {
		.file = operand->file,
		.filter = operand->filter,
		.path = diff_play_path,
		.played = diff_played,
		.context = command,
	};
	int status;

	command->playing = which;
	side->operand = operand->text;
	status = player_run(&player);
	if (status != COMMAND_OK && status != COMMAND_NOTHING)
		return -EIO;
	if (command->error)
		log_error("out of memory");
	else if (operand->packet && !side->classes.paths)
		log_error("'%s' has no packet #%s", operand->file,
			  strrchr(operand->text, '#') + 1);
	else
		return 0;
	return -EIO;
}

/* ---- what is shown */

/* A terminal knows; elsewhere COLUMNS may tell. */
static size_t diff_width(FILE *out)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long width = columns ? strtoul(columns, NULL, 10) : 0;

	if (isatty(fileno(out)) && !ioctl(fileno(out), TIOCGWINSZ, &size) && size.ws_col)
		width = size.ws_col;
	return width && width <= DIFF_WIDEST ? width : DIFF_WIDTH;
}

static int diff_show(struct diff_command *command)
{
	/* Not before everything was read: it may be one of the recordings. */
	int err = output_open(command->output, &command->out);
	FILE *out = command->out;

	if (err)
		return err;
	command->view.width = diff_width(out);
	command->view.colour = isatty(fileno(out)) && !getenv("NO_COLOR");
	if (command->json)
		err = diff_json(out, &command->diff);
	else
		diff_text(out, &command->diff, &command->view);
	if (err) {
		log_error("out of memory");
		return err;
	}
	/* Who has seen enough of it may close it. */
	err = output_flush(out, command->output);
	return err != -EPIPE ? err : 0;
}

static int diff_compare(struct diff_command *command)
{
	int err = diff_open(&command->diff, command->by, command->roles);

	if (err)
		log_error("out of memory");
	for (enum diff_which i = 0; !err && i < DIFF_SIDES; i++)
		err = diff_play(command, i);
	if (!err && diff_finish(&command->diff)) {
		log_error("out of memory");
		err = -ENOMEM;
	}
	if (!err)
		err = diff_show(command);
	if (err)
		return DIFF_ERROR;
	return diff_same(&command->diff) ? DIFF_SAME : DIFF_DIFFERENT;
}

static void diff_end(struct diff_command *command)
{
	diff_close(&command->diff);
	for (enum diff_which i = 0; i < DIFF_SIDES; i++)
		operand_free(&command->operands[i]);
	if (command->out && command->out != stdout)
		fclose(command->out);
}

static int diff_run(int argc, char **argv)
{
	struct diff_command command = { .view.context = DIFF_CONTEXT };
	int status;

	if (diff_parse(&command, argc, argv)) {
		status = DIFF_ERROR;
	} else if (command.help) {
		status = command_help(&command_diff) ? DIFF_ERROR : DIFF_SAME;
	} else {
		status = diff_compare(&command);
	}
	diff_end(&command);
	return status;
}

/* clang-format off */
static const char diff_help[] =
	"  -f, --format NAME    text (the default) or json\n"
	"  -o, --output FILE    write there instead of to standard output\n"
	"      --by LIST        paths also differ by flow, end, dev: as of classes\n"
	"      --context N      show N steps before the one where paths part (3)\n"
	"      --roles          a device of another name may be the same one, even if\n"
	"                       both packets have the same addresses\n"
	OPTIONS_HELP_COMMON
	"\n"
	"GOOD and BAD are recordings of 'bpfpath record', or a part of one:\n"
	"  FILE                 all paths; '-' is standard input\n"
	"  FILE#NUMBER          one packet by its number\n"
	"  FILE:FILTER          what a pcap expression matches, see pcap-filter(7)\n"
	"The longest beginning that is the name of a file is taken for FILE, so that it may\n"
	"have '#' and ':' in it.\n"
	"\n"
	"Paths with the same steps are one class, and each class of GOOD is compared with the\n"
	"one of BAD that is most alike. Shown is the first step where they part, what differs\n"
	"there, and the rest side by side. Steps that one of both could not see are left out.\n"
	"\n"
	"Exit status: 0 no difference, 1 there is one, 2 failure, or bad option or operand.\n";
/* clang-format on */

const struct command command_diff = {
	.name = "diff",
	.arguments = "[OPTION...] GOOD BAD",
	.summary = "show where the paths of two recordings part",
	.help = diff_help,
	.run = diff_run,
};
