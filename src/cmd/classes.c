// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath classes: which paths there are, how frequent, and where their time goes */
#include "cmd/analysis.h"
#include "cmd/command.h"

static int classes_run(int argc, char **argv)
{
	return analysis_run(&command_classes, OPTIONS_CLASSES, argc, argv);
}

/* clang-format off */
static const char classes_help[] =
	"  -r, --read FILE      classes of what 'bpfpath record' wrote; '-' is standard input\n"
	VIEW_HELP_CLASSES
	VIEW_HELP_SLOW
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
