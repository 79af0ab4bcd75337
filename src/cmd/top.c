// SPDX-License-Identifier: GPL-2.0-only
/* bpfpath top: what becomes of packets, on the whole screen, while it happens */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "cmd/command.h"
#include "cmd/options.h"
#include "cmd/player.h"
#include "cmd/tracer.h"
#include "cmd/watcher.h"
#include "render/classes.h"
#include "render/escape.h"
#include "top/control.h"
#include "top/grid.h"
#include "top/layout.h"
#include "top/model.h"
#include "top/screen.h"
#include "top/tail.h"

#define TOP_SECOND CLOCK_SECOND /* between two looks at the numbers */
#define TOP_READS  16 /* of what COMMAND prints, before others have their turn */

struct top {
	struct options options;
	struct model model;
	struct control control;
	struct grid grid;
	struct screen *screen;	/* NULL: it is not there, or not any more */
	struct tail tail;	/* what could not be printed over the screen */
	char what[1024];	/* is traced, or played */
	uint64_t began, looked; /* ns */
	int output[2];		/* a pipe for what COMMAND prints */
	int epoll;
};

/* ---- what is seen */

static void top_draw(struct top *top)
{
	struct control *control = &top->control;
	int width, height;

	screen_size(top->screen, &width, &height);
	if (width != control->width || height != control->height)
		control_resize(control, width, height);
	if (grid_resize(&top->grid, width, height))
		return;
	layout_draw(control, &top->grid);
	screen_draw(top->screen, &top->grid);
}

/* A line of log.h: in sight for now, and again after the screen. */
static void top_say(void *context, const char *line)
{
	struct top *top = context;

	tail_add(&top->tail, line, strlen(line));
	tail_add(&top->tail, "\n", 1);
	control_say(&top->control, line);
}

/* ---- the watcher */

static int top_watch(struct top *top, int fd)
{
	struct epoll_event event = { .events = EPOLLIN };

	return epoll_ctl(top->epoll, EPOLL_CTL_ADD, fd, &event) ? -errno : 0;
}

static void top_read_output(struct top *top)
{
	char buffer[4096];

	for (int i = 0; i < TOP_READS; i++) {
		ssize_t size = read(top->output[0], buffer, sizeof(buffer));

		if (size <= 0)
			break;
		tail_add(&top->tail, buffer, (size_t)size);
	}
}

static bool top_input(void *context)
{
	struct top *top = context;
	uint32_t key;

	top_read_output(top);
	while (!top->control.quit && (key = screen_key(top->screen)) != SCREEN_NOTHING) {
		if (key == SCREEN_OVER)
			top->control.quit = true;
		else if (key != SCREEN_CHANGED)
			control_key(&top->control, key);
	}
	top_draw(top);
	return !top->control.quit;
}

/* The tracer may have seen before us why it ends: a signal, or the terminal is gone. */
static void top_close(void *context)
{
	struct top *top = context;

	top_input(top);
	screen_close(top->screen);
	top->screen = NULL;
	log_set_sink(NULL, NULL);
	tail_print(&top->tail);
}

static int top_open(void *context, int *fd)
{
	struct top *top = context;
	int err = screen_open(&top->screen);

	if (err)
		return err;
	log_set_sink(top_say, top);
	top->began = top->looked = clock_now();
	err = top_watch(top, screen_fd(top->screen)) ?: top_watch(top, top->output[0]);
	if (err) {
		log_error("cannot wait for keys: %s", strerror(-err));
		top_close(top);
		return err;
	}
	top_draw(top);
	*fd = top->epoll;
	return 0;
}

static void top_tick(void *context, uint64_t now, const uint64_t account[ACCOUNT_SIZE])
{
	struct top *top = context;

	if (now - top->looked < TOP_SECOND)
		return;
	model_account(&top->model, account);
	model_read(&top->model, (double)(now - top->looked) / CLOCK_SECOND);
	top->looked = now;
	control_refresh(&top->control, (now - top->began) / CLOCK_SECOND);
	top_draw(top);
}

static void top_stay(void *context, const uint64_t account[ACCOUNT_SIZE])
{
	struct top *top = context;
	struct pollfd input = { .fd = top->epoll, .events = POLLIN };

	model_account(&top->model, account);
	control_end(&top->control);
	top_draw(top);
	do
		poll(&input, 1, -1);
	while (top_input(top));
}

/* What was to be seen when it ended by itself stays on the terminal. */
static void top_picture(void *context, const uint64_t account[ACCOUNT_SIZE])
{
	struct top *top = context;
	struct control *control = &top->control;

	if (control->quit)
		return;
	model_account(&top->model, account);
	control_picture(control);
	if (grid_resize(&top->grid, control->width, control->height))
		return;
	layout_draw(control, &top->grid);
	grid_print(&top->grid, stdout);
	fflush(stdout);
}

/* ---- the packets */

static void top_path(void *context, const struct path *path)
{
	model_path(&((struct top *)context)->model, path);
}

static int top_play(struct top *top, const struct watcher *watcher)
{
	struct player_options player = player_options(&top->options);

	player.path = top_path;
	player.context = top;
	player.watcher = watcher;
	return player_run(&player);
}

static int top_trace(struct top *top, const struct watcher *watcher)
{
	const struct tracer_guest guest = {
		.path = top_path,
		.context = top,
		.watcher = watcher,
	};

	return tracer_run(&top->options, &guest);
}

static int top_show(struct top *top)
{
	const struct watcher watcher = {
		.open = top_open,
		.input = top_input,
		.tick = top_tick,
		.stay = top_stay,
		.close = top_close,
		.end = top_picture,
		.output = top->output[1],
		.context = top,
	};

	return top->options.read ? top_play(top, &watcher) : top_trace(top, &watcher);
}

/* ---- before and after */

static void top_what(struct top *top)
{
	const struct options *options = &top->options;
	const char *file = options->read ?: "", *filter = options->filter;
	char text[sizeof(top->what) / 4];

	if (!strcmp(file, "-"))
		file = "standard input";
	snprintf(text, sizeof(text), "%s%s%s", file, *file && *filter ? ": " : "",
		 *file || *filter ? filter : "every packet");
	escape_terminal(top->what, sizeof(top->what), text);
}

static int top_begin(struct top *top)
{
	const struct control_options control = {
		.model = &top->model,
		.what = top->what,
		.live = !top->options.read,
		.rare = top->options.view.options.rare,
	};

	top_what(top);
	top->options.view.format = NULL; /* nothing is written */
	control_open(&top->control, &control);
	if (model_open(&top->model, top->options.view.options.by ?: CLASSES_BY_END)) {
		log_error("out of memory");
		return -ENOMEM;
	}
	top->epoll = epoll_create1(EPOLL_CLOEXEC);
	/* COMMAND may have to wait for us, but we do not wait for it. */
	if (top->epoll >= 0 && !pipe2(top->output, O_CLOEXEC) &&
	    !fcntl(top->output[0], F_SETFL, O_NONBLOCK))
		return 0;
	log_error("cannot open what the screen needs: %s", strerror(errno));
	return -EIO;
}

static void top_end(struct top *top)
{
	control_close(&top->control);
	model_close(&top->model);
	grid_free(&top->grid);
	cleanup_fd(&top->output[0]);
	cleanup_fd(&top->output[1]);
	cleanup_fd(&top->epoll);
	options_free(&top->options);
}

static int top_run(int argc, char **argv)
{
	struct top top = { .output = { -1, -1 }, .epoll = -1 };
	int status;

	if (options_parse(&top.options, OPTIONS_TOP, argc, argv)) {
		status = COMMAND_USAGE;
	} else if (top.options.help) {
		status = command_help(&command_top);
	} else if (screen_check()) {
		status = COMMAND_USAGE;
	} else {
		status = top_begin(&top) ? COMMAND_FAILURE : top_show(&top);
	}
	top_end(&top);
	return status;
}

/* clang-format off */
static const char top_help[] =
	"  -r, --read FILE      show what 'bpfpath record' wrote; '-' is standard input\n"
	"      --by LIST        what tells classes apart beside their steps: flow, end, dev\n"
	"                       (end)\n"
	"      --rare           the rarest classes first\n"
	VIEW_HELP_SLOW
	OPTIONS_HELP_TRACE
	OPTIONS_HELP_COMMON
	"\n"
	OPTIONS_HELP_FILTER
	"The views are: classes of paths, drops by place, slowest stages, devices, losses, and\n"
	"the latest packets. Tab or 1 to 6 changes the view, Enter opens the path of a packet, /\n"
	"shows only rows with a text, s sorts, f freezes, z begins anew, ? is help, q quits.\n"
	"What COMMAND prints is printed when the screen is gone; it ends when COMMAND does. A\n"
	"recording stays.\n"
	"\n"
	"Exit status: 0 at least one path, 1 failure, 2 bad option or filter, or no terminal, 3\n"
	"nothing matched.\n";
/* clang-format on */

const struct command command_top = {
	.name = "top",
	.arguments = "[OPTION...] [-r FILE] [FILTER] [-- COMMAND...]",
	.summary = "show what becomes of packets, on the whole screen",
	.help = top_help,
	.run = top_run,
};
