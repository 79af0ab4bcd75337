// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath trace: the paths of matching packets, the default command */
#include <stdio.h>

#include "cmd/command.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/tracer.h"
#include "filter/filter.h"

static int trace_dump_filter(const struct options *options)
{
	struct filter *filter;

	if (machine_filter(options->filter, &filter))
		return COMMAND_USAGE;
	filter_dump(filter, stdout);
	filter_free(filter);
	return fflush(stdout) ? COMMAND_FAILURE : COMMAND_OK;
}

static int trace_run(int argc, char **argv)
{
	struct options options;
	int status;

	if (options_parse(&options, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (options.help) {
		command_help(&command_trace);
		status = COMMAND_OK;
	} else if (options.dump_filter) {
		status = trace_dump_filter(&options);
	} else {
		status = tracer_run(&options);
	}
	options_free(&options);
	return status;
}

const struct command command_trace = {
	.name = "trace",
	.arguments = "[OPTION...] [FILTER] [-- COMMAND...]",
	.summary = "show the paths of matching packets",
	.help = options_help,
	.run = trace_run,
};
