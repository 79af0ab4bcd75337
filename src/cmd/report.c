// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath report: show the paths of a recording; needs no privilege and no BPF */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/losses.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/viewer.h"
#include "file/recording.h"
#include "filter/filter.h"
#include "render/render.h"

struct report {
	const char *file;
	uint64_t count;
	struct view view;
	const char *output;
	char *expression; /* owned; NULL: every path */
	struct filter *filter;
	FILE *in;
	struct recording *recording;
	struct viewer viewer;
	bool help;
};

enum {
	REPORT_HELP = 256,
};

static const struct option report_options[] = {
	{ "count", required_argument, NULL, 'c' },
	VIEW_OPTIONS,
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "help", no_argument, NULL, REPORT_HELP },
	{ NULL, 0, NULL, 0 },
};

static int report_option(struct report *report, int option, char **argv)
{
	int err = view_option(&report->view, option, optarg);

	if (err <= 0)
		return err;
	switch (option) {
	case 'c':
		return options_count(optarg, &report->count);
	case 'o':
		report->output = optarg;
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
	while ((option = getopt_long(argc, argv, ":c:f:o:qv", report_options, NULL)) >=
	       0) {
		err = report_option(report, option, argv);
		if (err || report->help)
			return err;
	}
	err = view_check(&report->view);
	if (err)
		return err;
	if (optind == argc) {
		log_error("no file to report, see 'bpfpath report --help'");
		return -EINVAL;
	}
	report->file = argv[optind];
	if (optind + 1 == argc)
		return 0;
	report->expression = options_words(argc - optind - 1, argv + optind + 1);
	return report->expression ? machine_filter(report->expression, &report->filter)
				  : -ENOMEM;
}

/* ---- the file */

static int report_open(struct report *report)
{
	bool standard = !strcmp(report->file, "-");
	int err;

	report->in = standard ? stdin : fopen(report->file, "re");
	if (!report->in) {
		log_error("cannot read '%s': %s", report->file, strerror(errno));
		return -errno;
	}
	err = recording_open(report->in, &report->recording);
	if (err)
		log_error("'%s' %s", report->file,
			  err == -ENOMEM ? "needs more memory than there is"
					 : recording_problem(report->recording));
	return err;
}

static void report_close(struct report *report)
{
	viewer_close(&report->viewer);
	recording_free(report->recording);
	if (report->in && report->in != stdin)
		fclose(report->in);
	filter_free(report->filter);
	free(report->expression);
}

/* ---- what is said beside the paths */

static void report_heading(const struct report *report)
{
	const struct recording_run *run = recording_run(report->recording);

	log_info("recorded on %s with backend %s by bpfpath %s", run->release,
		 run->backend, run->version);
}

static void report_account(const struct report *report, bool whole)
{
	const struct recording *recording = report->recording;
	const struct viewer *viewer = &report->viewer;

	log_info("%" PRIu64 " of %" PRIu64 " path%s, %" PRIu64 " step%s", viewer->shown,
		 viewer->paths, viewer->paths == 1 ? "" : "s", viewer->steps,
		 viewer->steps == 1 ? "" : "s");
	if (whole && recording_cut(recording))
		log_warn("'%s' has no end: it was cut off, or is still being written",
			 report->file);
	if (recording_unknown(recording))
		log_warn("%" PRIu64 " steps left out: this version of bpfpath does not "
			 "know their kind",
			 recording_unknown(recording));
	if (viewer->undecided)
		log_warn("%" PRIu64 " paths left out: too little of their packets was "
			 "captured for the filter",
			 viewer->undecided);
	losses_say(recording_run(recording)->account);
}

/* ---- the paths */

static int report_viewer_open(struct report *report)
{
	const struct viewer_options options = {
		.names = recording_names(report->recording),
		.format = report->view.format,
		.view = report->view.options,
		.output = report->output,
		.filter = report->filter,
		.limit = recording_run(report->recording)->count,
		.count = report->count,
		.nest = recording_run(report->recording)->nested,
	};

	return viewer_open(&report->viewer, &options);
}

/* With a limit of its own the recording is soon at its end, which tells more. */
static bool report_is_done(const struct report *report)
{
	const struct viewer *viewer = &report->viewer;

	return viewer->error || chosen_done(&viewer->chosen);
}

/* Nobody waits who sees paths go by; not before the end there are none of these. */
static FILE *report_watcher(const struct report *report)
{
	bool paths_go_by = isatty(fileno(report->viewer.out)) &&
			   !report->view.format->at_end;

	return isatty(STDERR_FILENO) && !log_quiet() && !paths_go_by ? stderr : NULL;
}

static uint64_t report_size(const struct report *report)
{
	struct stat status;

	if (fstat(fileno(report->in), &status) || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

/* What recording_next() says at last: 0 or a negative errno; 1 before the end. */
static int report_play(struct report *report)
{
	struct recording_piece piece;
	struct progress progress;
	int ret = 1;

	progress_begin(&progress, report_watcher(report), report->file,
		       report_size(report));
	while (!report_is_done(report) &&
	       (ret = recording_next(report->recording, &piece)) > 0) {
		viewer_piece(&report->viewer, &piece);
		if (progress.out)
			progress_at(&progress, (uint64_t)ftello(report->in));
	}
	progress_end(&progress);
	return ret;
}

static int report_show(struct report *report)
{
	int ret, err;

	if (report_open(report))
		return COMMAND_FAILURE;
	report_heading(report);
	if (report_viewer_open(report))
		return COMMAND_FAILURE;
	ret = report_play(report);
	err = viewer_finish(&report->viewer, NULL);
	if (ret < 0)
		log_error("'%s' %s", report->file, recording_problem(report->recording));
	report_account(report, ret == 0);
	if (ret < 0 || (err && err != -EPIPE))
		return COMMAND_FAILURE;
	return report->viewer.shown ? COMMAND_OK : COMMAND_NOTHING;
}

static int report_run(int argc, char **argv)
{
	struct report report = { .view.format = render_find("text") };
	int status;

	if (report_parse(&report, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (report.help) {
		command_help(&command_report);
		status = COMMAND_OK;
	} else {
		signal(SIGPIPE, SIG_IGN);
		status = report_show(&report);
	}
	report_close(&report);
	return status;
}

/* clang-format off */
static const char report_help[] =
	"  -c, --count N        stop after N paths\n"
	VIEW_HELP
	"  -o, --output FILE    write the paths there instead of to standard output\n"
	OPTIONS_HELP_COMMON
	"\n"
	"FILE is what 'bpfpath record' wrote; '-' is standard input.\n"
	"FILTER is a pcap expression, see pcap-filter(7). It is run on the headers that were\n"
	"captured when the packet was seen first.\n"
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
