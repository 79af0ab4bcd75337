// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath hist: how long paths are in each stage, or between two steps */
#include "cmd/analysis.h"
#include "cmd/command.h"

static int hist_run(int argc, char **argv)
{
	return analysis_run(&command_hist, OPTIONS_HIST, argc, argv);
}

/* clang-format off */
static const char hist_help[] =
	"  -r, --read FILE      of what 'bpfpath record' wrote; '-' is standard input\n"
	VIEW_HELP_HIST
	VIEW_HELP_SLOW
	"  -f, --format NAME    text (the default) or json\n"
	"  -o, --output FILE    write the histograms there instead of to standard output\n"
	OPTIONS_HELP_TRACE
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"Without --from and --to there is a histogram for each stage of the network stack: of\n"
	"the time that paths spent there. Quantiles are exact to 0.8 %.\n"
	"\n"
	"Exit status: 0 at least one path, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_hist = {
	.name = "hist",
	.arguments = "[OPTION...] [-r FILE] [FILTER] [-- COMMAND...]",
	.summary = "show how long paths are in each stage, or between two steps",
	.help = hist_help,
	.run = hist_run,
};
