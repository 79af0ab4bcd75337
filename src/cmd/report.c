// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath report: show the paths of a recording; needs no privilege and no BPF */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/player.h"
#include "cmd/value.h"
#include "render/render.h"

struct report {
	struct player_options options;
	char *filter; /* owned; NULL: every path */
	bool help;
};

enum {
	REPORT_HELP = 256,
};

static const struct option report_options[] = {
	{ "count", required_argument, NULL, 'c' },
	{ "probe", required_argument, NULL, 'p' },
	VIEW_OPTIONS,
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, REPORT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int report_option(struct report *report, int option, char **argv)
{
	int err = view_option(&report->options.view, option, optarg);

	if (err <= 0)
		return err;
	switch (option) {
	case 'c':
		return value_count(optarg, &report->options.count);
	case 'p':
		report->options.zoom = optarg;
		return 0;
	case 'o':
		report->options.output = optarg;
		return 0;
	case REPORT_HELP:
		report->help = true;
		return 0;
	}
	return options_other(option, argv, "bpfpath report");
}

static int report_parse(struct report *report, int argc, char **argv)
{
	int option, err;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":c:p:f:o:qv", report_options, NULL)) >=
	       0) {
		err = report_option(report, option, argv);
		if (err || report->help)
			return err;
	}
	err = view_check(&report->options.view);
	if (!err && report->options.view.recording && !report->options.output)
		err = view_check_terminal();
	if (err)
		return err;
	if (optind == argc) {
		log_error("no file to report, see 'bpfpath report --help'");
		return -EINVAL;
	}
	report->options.file = argv[optind];
	if (optind + 1 == argc)
		return 0;
	report->filter = options_words(argc - optind - 1, argv + optind + 1);
	report->options.filter = report->filter;
	return report->filter ? 0 : -ENOMEM;
}

static int report_run(int argc, char **argv)
{
	struct report report = { .options.view.format = render_find("text") };
	int status;

	if (report_parse(&report, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (report.help) {
		status = command_help(&command_report);
	} else {
		status = player_run(&report.options);
	}
	free(report.filter);
	return status;
}

/* clang-format off */
static const char report_help[] =
	"  -c, --count N        stop after N paths\n"
	"  -p, --probe ZOOM     as if no more had been probed: hops, stages, all, or a file of\n"
	"                       function names; without it everything that was recorded\n"
	VIEW_HELP
	"  -o, --output FILE    write the paths there instead of to standard output\n"
	OPTIONS_HELP_COMMON
	"\n"
	"FILE is what 'bpfpath record' wrote; '-' is standard input.\n"
	"FILTER is a pcap expression, see pcap-filter(7). It is run on the headers that were\n"
	"captured when the packet was seen first.\n"
	"-f pcapng makes a smaller recording of a large one; what comes of a packet goes with it.\n"
	"\n"
	"Exit status: 0 at least one path shown, 1 failure, 2 bad option or filter, 3 nothing\n"
	"matched.\n";
/* clang-format on */

const struct command command_report = {
	.name = "report",
	.arguments = "[OPTION...] FILE [FILTER]",
	.summary = "show the paths of a recording",
	.help = report_help,
	.run = report_run,
};
