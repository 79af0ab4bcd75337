// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath trace: the paths of matching packets, the default command */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/standard.h"
#include "cmd/tracer.h"
#include "filter/filter.h"

static int trace_dump_filter(const struct options *options)
{
	struct filter *filter;

	if (machine_filter(options->filter, &filter))
		return COMMAND_USAGE;
	filter_dump(filter, stdout);
	filter_free(filter);
	return standard_finish() ? COMMAND_FAILURE : COMMAND_OK;
}

static int trace_run(int argc, char **argv)
{
	struct options options;
	int status;

	if (options_parse(&options, OPTIONS_TRACE, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (options.help) {
		status = command_help(&command_trace);
	} else if (options.dump_filter) {
		status = trace_dump_filter(&options);
	} else {
		status = tracer_run(&options, NULL);
	}
	options_free(&options);
	return status;
}

/* clang-format off */
static const char trace_help[] =
	OPTIONS_HELP_TRACE
	VIEW_HELP
	"  -o, --output FILE    write the paths there instead of to standard output\n"
	"      --dump-filter    print what the filter compiles to, and end\n"
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"COMMAND is run once everything is attached; tracing stops when it has ended and the\n"
	"packets that are followed have come to an end. What it prints goes to standard error,\n"
	"so that standard output holds nothing but paths; with -o it stays as it is.\n"
	"\n"
	"Exit status: 0 at least one path shown, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_trace = {
	.name = "trace",
	.arguments = "[OPTION...] [FILTER] [-- COMMAND...]",
	.summary = "show the paths of matching packets",
	.help = trace_help,
	.run = trace_run,
};
