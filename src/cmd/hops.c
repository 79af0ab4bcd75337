// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath hops: the devices that matching packets cross, an mtr for layer 2 */
#include <stddef.h>

#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/tracer.h"

static int hops_run(int argc, char **argv)
{
	struct options options;
	int status;

	if (options_parse(&options, OPTIONS_HOPS, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (options.help) {
		status = command_help(&command_hops);
	} else {
		status = tracer_run(&options, NULL);
	}
	options_free(&options);
	return status;
}

/* clang-format off */
static const char hops_help[] =
	OPTIONS_HELP_TRACE
	"      --tracepkt       echoes only, in the columns of tracepkt\n"
	"  -f, --format NAME    hops (the default), tracepkt, or another one of bpfpath trace\n"
	VIEW_HELP_MORE
	VIEW_HELP_SLOW
	"  -o, --output FILE    write the lines there instead of to standard output\n"
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"Each line is a device of a namespace that a packet crosses, with what was decided about\n"
	"the packet there: what the chains of netfilter said, and the next hop, as far as\n"
	"functions can be probed. With -p hops it is devices alone, at a fraction of the cost.\n"
	"\n"
	"Exit status: 0 at least one path shown, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_hops = {
	.name = "hops",
	.arguments = "[OPTION...] [FILTER] [-- COMMAND...]",
	.summary = "show the devices that matching packets cross",
	.help = hops_help,
	.run = hops_run,
};
