// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath record: trace into a file, for bpfpath report and for Wireshark */
#include <stddef.h>

#include "cmd/command.h"
#include "cmd/detached.h"
#include "cmd/options.h"
#include "cmd/tracer.h"

static int record_run(int argc, char **argv)
{
	struct options options;
	int status;

	if (options_parse(&options, OPTIONS_RECORD, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (options.help) {
		status = command_help(&command_record);
	} else if (options.detach && detached_start(options.detach)) {
		status = COMMAND_FAILURE;
	} else {
		status = tracer_run(&options, NULL);
	}
	options_free(&options);
	return status;
}

/* clang-format off */
static const char record_help[] =
	"  -o, --output FILE    record there; '-' is standard output\n"
	"      --rotate SIZE    begin another file at this size, like 64M; the older one is\n"
	"                       FILE.1, the one before it FILE.2\n"
	"      --keep N         keep N older files, 1 if not said otherwise\n"
	"      --compress       all but the packets, by zstd\n"
	"      --no-packets     only what 'bpfpath report' reads, which costs far less;\n"
	"                       its -f pcapng makes the packets for Wireshark later\n"
	"      --detach NAME    go on without the terminal; see 'bpfpath sessions'\n"
	OPTIONS_HELP_TRACE
	VIEW_HELP_FORMATS "\n"
	VIEW_HELP_MORE
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"COMMAND is run once everything is attached; recording stops when it has ended and the\n"
	"packets that are followed have come to an end.\n"
	"\n"
	"The file is read by 'bpfpath report', and, unless it has no packets, by Wireshark,\n"
	"tshark and tcpdump.\n"
	"\n"
	"Exit status: 0 at least one path recorded, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_record = {
	.name = "record",
	.arguments = "-o FILE [OPTION...] [FILTER] [-- COMMAND...]",
	.summary = "record the paths of matching packets to a file",
	.help = record_help,
	.run = record_run,
};
