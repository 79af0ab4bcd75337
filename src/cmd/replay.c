// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/replay.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/command.h"
#include "cmd/losses.h"
#include "cmd/machine.h"
#include "cmd/progress.h"
#include "cmd/viewer.h"
#include "file/recording.h"
#include "filter/filter.h"

struct replay {
	const struct replay_options *options;
	struct filter *filter;
	FILE *in;
	struct recording *recording;
	struct viewer viewer;
};

/* ---- the file */

static int replay_open(struct replay *replay)
{
	bool standard = !strcmp(replay->options->file, "-");
	int err;

	replay->in = standard ? stdin : fopen(replay->options->file, "re");
	if (!replay->in) {
		log_error("cannot read '%s': %s", replay->options->file, strerror(errno));
		return -errno;
	}
	err = recording_open(replay->in, &replay->recording);
	if (err)
		log_error("'%s' %s", replay->options->file,
			  err == -ENOMEM ? "needs more memory than there is"
					 : recording_problem(replay->recording));
	return err;
}

static void replay_close(struct replay *replay)
{
	viewer_close(&replay->viewer);
	recording_free(replay->recording);
	if (replay->in && replay->in != stdin)
		fclose(replay->in);
	filter_free(replay->filter);
}

/* ---- what is said beside the paths */

static void replay_heading(const struct replay *replay)
{
	const struct recording_run *run = recording_run(replay->recording);

	log_info("recorded on %s with backend %s by bpfpath %s", run->release,
		 run->backend, run->version);
}

static void replay_account(const struct replay *replay, bool whole)
{
	const struct recording *recording = replay->recording;
	const struct viewer *viewer = &replay->viewer;

	log_info("%" PRIu64 " of %" PRIu64 " path%s, %" PRIu64 " step%s", viewer->shown,
		 viewer->paths, viewer->paths == 1 ? "" : "s", viewer->steps,
		 viewer->steps == 1 ? "" : "s");
	if (whole && recording_cut(recording))
		log_warn("'%s' has no end: it was cut off, or is still being written",
			 replay->options->file);
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

static int replay_viewer_open(struct replay *replay)
{
	const struct viewer_options options = {
		.names = recording_names(replay->recording),
		.format = replay->options->view.format,
		.view = replay->options->view.options,
		.output = replay->options->output,
		.filter = replay->filter,
		.slow = replay->options->view.slow,
		.limit = recording_run(replay->recording)->count,
		.count = replay->options->count,
		.nest = recording_run(replay->recording)->nested,
	};

	return viewer_open(&replay->viewer, &options);
}

/* With a limit of its own the recording is soon at its end, which tells more. */
static bool replay_is_done(const struct replay *replay)
{
	const struct viewer *viewer = &replay->viewer;

	return viewer->error || chosen_done(&viewer->chosen);
}

/* Nobody waits who sees paths go by; not before the end there are none of these. */
static FILE *replay_watcher(const struct replay *replay)
{
	bool paths_go_by = isatty(fileno(replay->viewer.out)) &&
			   !replay->options->view.format->at_end;

	return isatty(STDERR_FILENO) && !log_quiet() && !paths_go_by ? stderr : NULL;
}

static uint64_t replay_size(const struct replay *replay)
{
	struct stat status;

	if (fstat(fileno(replay->in), &status) || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

/* What recording_next() says at last: 0 or a negative errno; 1 before the end. */
static int replay_play(struct replay *replay)
{
	struct recording_piece piece;
	struct progress progress;
	int ret = 1;

	progress_begin(&progress, replay_watcher(replay), replay->options->file,
		       replay_size(replay));
	while (!replay_is_done(replay) &&
	       (ret = recording_next(replay->recording, &piece)) > 0) {
		viewer_piece(&replay->viewer, &piece);
		if (progress.out)
			progress_at(&progress, (uint64_t)ftello(replay->in));
	}
	progress_end(&progress);
	return ret;
}

static int replay_show(struct replay *replay)
{
	int ret, err;

	if (replay_open(replay))
		return COMMAND_FAILURE;
	replay_heading(replay);
	if (replay_viewer_open(replay))
		return COMMAND_FAILURE;
	ret = replay_play(replay);
	err = viewer_finish(&replay->viewer, NULL);
	if (ret < 0)
		log_error("'%s' %s", replay->options->file,
			  recording_problem(replay->recording));
	replay_account(replay, ret == 0);
	if (ret < 0 || (err && err != -EPIPE))
		return COMMAND_FAILURE;
	return replay->viewer.shown ? COMMAND_OK : COMMAND_NOTHING;
}

int replay_run(const struct replay_options *options)
{
	struct replay replay = { .options = options };
	const char *filter = options->filter;
	int status;

	signal(SIGPIPE, SIG_IGN);
	if (filter && *filter && machine_filter(filter, &replay.filter))
		status = COMMAND_USAGE;
	else
		status = replay_show(&replay);
	replay_close(&replay);
	return status;
}
