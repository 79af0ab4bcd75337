// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath classes: which paths there are, how frequent, and where their time goes */
#include <stddef.h>

#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/replay.h"
#include "cmd/tracer.h"

static int classes_replay(const struct options *options)
{
	const struct replay_options replay = {
		.file = options->read,
		.filter = options->filter,
		.count = options->count,
		.view = options->view,
		.output = options->output,
	};

	return replay_run(&replay);
}

static int classes_run(int argc, char **argv)
{
	struct options options;
	int status;

	if (options_parse(&options, OPTIONS_CLASSES, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (options.help) {
		command_help(&command_classes);
		status = COMMAND_OK;
	} else if (options.read) {
		status = classes_replay(&options);
	} else {
		status = tracer_run(&options, NULL);
	}
	options_free(&options);
	return status;
}

/* clang-format off */
static const char classes_help[] =
	"  -r, --read FILE      classes of what 'bpfpath record' wrote; '-' is standard input\n"
	VIEW_HELP_CLASSES
	"  -f, --format NAME    text (the default) or json\n"
	"  -o, --output FILE    write the classes there instead of to standard output\n"
	OPTIONS_HELP_TRACE
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"Paths that take the same steps are one class; loops count once. Of each class it is\n"
	"shown how many paths it has, how they end, and how long they take, in all and from\n"
	"each step to the next. Quantiles are exact to 0.8 %.\n"
	"\n"
	"Exit status: 0 at least one path, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_classes = {
	.name = "classes",
	.arguments = "[OPTION...] [-r FILE] [FILTER] [-- COMMAND...]",
	.summary = "show which paths there are, how frequent and how long",
	.help = classes_help,
	.run = classes_run,
};
