// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/player.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/extract.h"
#include "cmd/losses.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/rezoom.h"
#include "cmd/viewer.h"
#include "cmd/watcher.h"
#include "file/recording.h"
#include "filter/filter.h"
#include "path/assembler.h"

#define PLAYER_TICK   (CLOCK_SECOND / 20)
#define PLAYER_PIECES 256 /* between two looks at the clock */

struct player {
	const struct player_options *options;
	struct filter *filter;
	FILE *in;
	struct recording *recording;
	struct rezoom zoom;
	struct viewer viewer;
	struct extract *extract; /* NULL: none is made */
	bool watched;		 /* the watcher looks on */
	bool enough;		 /* and has said so */
	int watcher;		 /* its file */
	unsigned int pieces;
	uint64_t ticked; /* ns */
};

/* ---- the file */

static void player_close_file(struct player *player)
{
	if (player->in && player->in != stdin)
		fclose(player->in);
}

static int player_open_file(struct player *player)
{
	const char *file = player->options->file;
	FILE *again;

	player->in = strcmp(file, "-") != 0 ? fopen(file, "re") : stdin;
	again = player->in && player->extract ? extract_input(player->in) : player->in;
	if (!again) {
		log_error("cannot read '%s': %s", file, strerror(errno));
		return -errno;
	}
	if (again != player->in)
		player_close_file(player);
	player->in = again;
	return 0;
}

static int player_open(struct player *player)
{
	int err = player_open_file(player);

	if (err)
		return err;
	err = recording_open(player->in, &player->recording);
	if (err)
		log_error("'%s' %s", player->options->file,
			  err == -ENOMEM ? "needs more memory than there is"
					 : recording_problem(player->recording));
	return err;
}

static void player_close(struct player *player)
{
	viewer_close(&player->viewer);
	extract_free(player->extract);
	rezoom_close(&player->zoom);
	recording_free(player->recording);
	player_close_file(player);
	filter_free(player->filter);
}

/* ---- what is said beside the paths */

static void player_heading(const struct player *player)
{
	const struct recording_run *run = recording_run(player->recording);

	log_info("recorded on %s with backend %s by bpfpath %s", run->release,
		 run->backend, run->version);
}

static void player_account(const struct player *player, bool whole)
{
	const struct recording *recording = player->recording;
	const struct viewer *viewer = &player->viewer;
	const struct assembler_apart apart = viewer_apart(viewer);
	const uint64_t steps = viewer_steps(viewer);

	log_info("%" PRIu64 " of %" PRIu64 " path%s, %" PRIu64 " step%s", viewer->shown,
		 viewer->paths, viewer->paths == 1 ? "" : "s", steps,
		 steps == 1 ? "" : "s");
	if (whole && recording_cut(recording))
		log_warn("'%s' has no end: it was cut off, or is still being written",
			 player->options->file);
	if (recording_unknown(recording))
		log_warn("%" PRIu64 " steps left out: this version of bpfpath does not "
			 "know their kind",
			 recording_unknown(recording));
	if (viewer->undecided)
		log_warn("%" PRIu64 " paths left out: too little of their packets was "
			 "captured for the filter",
			 viewer->undecided);
	losses_say_apart(&apart);
	losses_say(recording_run(recording)->account);
	losses_say_missed(&viewer->misses);
}

/* ---- the paths */

static int player_viewer_open(struct player *player)
{
	const struct player_options *options = player->options;
	const struct recording_run *run = recording_run(player->recording);
	const struct viewer_options viewer = {
		.names = recording_names(player->recording),
		.format = options->view.format,
		.view = options->view.options,
		.output = options->output,
		.filter = player->filter,
		.slow = options->view.slow,
		.limit = run->count,
		.count = options->count,
		.nest = run->nested,
		.hold = run->held,
		.path = options->path,
		.looked = player->extract ? extract_looked : NULL,
		.context = player->extract ?: options->context,
	};

	return viewer_open(&player->viewer, &viewer);
}

/* With a limit of its own the recording is soon at its end, which tells more. */
static bool player_is_done(const struct player *player)
{
	const struct viewer *viewer = &player->viewer;

	return viewer->error || player->enough || chosen_done(&viewer->chosen);
}

/* Nobody waits who sees paths go by; not before the end there are none of these. */
static FILE *player_progress(const struct player *player)
{
	const struct render_ops *format = player->options->view.format;
	bool paths_go_by = format && !format->at_end &&
			   isatty(fileno(player->viewer.out));

	return isatty(STDERR_FILENO) && !log_quiet() && !paths_go_by && !player->watched
		       ? stderr
		       : NULL;
}

static uint64_t player_size(const struct player *player)
{
	struct stat status;

	if (fstat(fileno(player->in), &status) || !S_ISREG(status.st_mode))
		return 0;
	return (uint64_t)status.st_size;
}

/* ---- the watcher */

static int player_open_watcher(struct player *player)
{
	const struct watcher *watcher = player->options->watcher;
	int err = watcher ? watcher->open(watcher->context, &player->watcher) : 0;

	player->watched = watcher && !err;
	return err;
}

static void player_close_watcher(struct player *player)
{
	const struct watcher *watcher = player->options->watcher;

	if (player->watched)
		watcher->close(watcher->context);
	player->watched = false;
}

/* Before each piece; the time is looked at before some of them only. */
static void player_tick_watcher(struct player *player)
{
	const struct watcher *watcher = player->options->watcher;
	const uint64_t *account = recording_run(player->recording)->account;
	struct pollfd input = { .fd = player->watcher, .events = POLLIN };
	uint64_t now;

	if (!player->watched || ++player->pieces % PLAYER_PIECES)
		return;
	now = clock_now();
	if (now - player->ticked < PLAYER_TICK)
		return;
	player->ticked = now;
	if (poll(&input, 1, 0) > 0 && !watcher->input(watcher->context))
		player->enough = true;
	watcher->tick(watcher->context, now, account);
}

static void player_stay(struct player *player)
{
	const struct watcher *watcher = player->options->watcher;

	if (player->watched && !player->enough)
		watcher->stay(watcher->context,
			      recording_run(player->recording)->account);
}

/* ---- all of it */

/* What recording_next() says at last: 0 or a negative errno; 1 before the end. */
static int player_play(struct player *player)
{
	struct recording_piece piece;
	struct progress progress;
	int ret = 1;

	progress_begin(&progress, player_progress(player), player->options->file,
		       player_size(player));
	while (!player_is_done(player) &&
	       (ret = recording_next(player->recording, &piece)) > 0) {
		player_tick_watcher(player);
		if (rezoom_piece(&player->zoom, &piece))
			viewer_piece(&player->viewer, &piece);
		if (progress.out)
			progress_at(&progress, (uint64_t)ftello(player->in));
	}
	progress_end(&progress);
	return ret;
}

/* What was chosen in the first reading goes into another recording. */
static int player_extract(struct player *player)
{
	struct extract_options extract = {
		.in = player->in,
		.output = player->options->output ?: "-",
		.filter = player->options->filter,
		.watcher = player_progress(player),
		.size = player_size(player),
	};
	int err = rezoom_extract(&player->zoom, &extract);

	return err ? err : extract_write(player->extract, &extract);
}

static int player_begin(struct player *player)
{
	int err = player_open(player);

	if (err)
		return err;
	player_heading(player);
	err = rezoom_begin(&player->zoom, player->recording);
	if (err)
		return err;
	rezoom_report(&player->zoom);
	return player_viewer_open(player);
}

static int player_play_all(struct player *player)
{
	int ret, err;

	if (player_begin(player) || player_open_watcher(player))
		return COMMAND_FAILURE;
	ret = player_play(player);
	err = viewer_finish(&player->viewer, NULL);
	if (!err && player->extract)
		err = player_extract(player);
	if (ret < 0)
		log_error("'%s' %s", player->options->file,
			  recording_problem(player->recording));
	player_stay(player);
	player_close_watcher(player);
	player_account(player, ret == 0);
	if (player->options->played)
		player->options->played(player->options->context, player->recording);
	if (ret < 0 || (err && err != -EPIPE))
		return COMMAND_FAILURE;
	return player->viewer.shown ? COMMAND_OK : COMMAND_NOTHING;
}

/* What the options alone decide. 0, or a negative errno after one line to the user. */
static int player_prepare(struct player *player)
{
	const struct player_options *options = player->options;
	int err = 0;

	if (options->filter)
		err = machine_filter(options->filter, &player->filter);
	if (!err && options->zoom)
		err = rezoom_load(&player->zoom, options->zoom);
	if (!err && options->view.recording) {
		player->extract = extract_new();
		err = player->extract ? 0 : -ENOMEM;
	}
	return err;
}

struct player_options player_options(const struct options *options)
{
	return (struct player_options){
		.file = options->read,
		.filter = *options->filter ? options->filter : NULL,
		.zoom = options->zoom,
		.count = options->count,
		.view = options->view,
		.output = options->output,
	};
}

int player_run(const struct player_options *options)
{
	struct player player = { .options = options };
	int status;

	if (player_prepare(&player)) {
		status = COMMAND_USAGE;
	} else {
		signal(SIGPIPE, SIG_IGN);
		status = player_play_all(&player);
	}
	player_close(&player);
	return status;
}
