// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/tracer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "bpf/event.h"
#include "cmd/child.h"
#include "cmd/command.h"
#include "cmd/cost.h"
#include "cmd/detached.h"
#include "cmd/losses.h"
#include "cmd/machine.h"
#include "cmd/options.h"
#include "cmd/progress.h"
#include "cmd/session_recorder.h"
#include "cmd/signals.h"
#include "cmd/viewer.h"
#include "cmd/watcher.h"
#include "hook/session.h"
#include "kernel/netns_watch.h"
#include "path/assembler.h"

#define MS 1000000ULL /* ns */

#define TRACER_TICK	(50 * MS)   /* how often it is looked for events */
#define TRACER_RESCAN	(1000 * MS) /* how often devices are, without a notice */
#define TRACER_QUIET	(100 * MS)  /* after the command: nothing open, nothing new */
#define TRACER_LOOK	100 /* times what a look at misses takes, to the next one, */
#define TRACER_LOOKS	(1000 * MS) /* ... or as long as that */
#define TRACER_STEPS	16384	    /* after so many it does not wait for the next tick */
#define TRACER_IDLE	(250 * MS)  /* ... where there was no step since the last one */
#define TRACER_PATIENCE (1000 * MS) /* at the end: packets still open */

/* What woke the loop. */
enum tracer_source {
	TRACER_RING,
	TRACER_TIMER,
	TRACER_SIGNAL,
	TRACER_CHILD,
	TRACER_OUTPUT,
	TRACER_NETNS,
	TRACER_WATCHER,
};

struct tracer {
	const struct options *options;
	struct tracer_guest guest;
	struct machine machine;
	struct session *session;
	struct session_recorder recording;
	struct viewer viewer;
	struct cost cost;
	struct child child;
	struct progress progress; /* of attaching, and of detaching */
	struct netns_watch *watch;
	int epoll, timer, signals;
	uint64_t deadline;    /* ns; 0: none */
	uint64_t child_ended; /* ns; 0: not yet, or no command */
	uint64_t last_event, last_scan;
	uint64_t looked;       /* ns, when it was asked what was missed, */
	uint64_t looked_steps; /* ... behind so many steps */
	uint64_t look_at;      /* ns, when it is asked again, at the earliest */
	uint64_t chosen_at; /* ns, when all that may be shown were chosen; 0: not yet */
	bool rescan, stop;
	bool watched; /* the watcher looks on */
};

static int tracer_event(void *context, const void *data, size_t size)
{
	struct tracer *tracer = context;
	const struct event *event = data;

	if (size >= sizeof(*event) && event->kind == EVENT_DEVICES) {
		tracer->rescan = true;
		return 0;
	}
	viewer_event(&tracer->viewer, event, size);
	if (!viewer_is_full(&tracer->viewer))
		return 0;
	tracer->stop = true;
	return 1;
}

static int tracer_watch(struct tracer *tracer, int fd, uint32_t events,
			enum tracer_source source)
{
	struct epoll_event event = { .events = events, .data.u32 = source };

	/* A regular file as output cannot be watched, and need not be. */
	if (epoll_ctl(tracer->epoll, EPOLL_CTL_ADD, fd, &event) && errno != EPERM)
		return -errno;
	return 0;
}

static int tracer_timer(struct tracer *tracer)
{
	const struct itimerspec tick = {
		.it_interval.tv_nsec = TRACER_TICK,
		.it_value.tv_nsec = TRACER_TICK,
	};

	tracer->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (tracer->timer < 0 || timerfd_settime(tracer->timer, 0, &tick, NULL))
		return -errno;
	return tracer_watch(tracer, tracer->timer, EPOLLIN, TRACER_TIMER);
}

static int tracer_signals(struct tracer *tracer)
{
	tracer->signals = signals_open();
	if (tracer->signals < 0)
		return tracer->signals;
	return tracer_watch(tracer, tracer->signals, EPOLLIN, TRACER_SIGNAL);
}

/* Quicker than the look once a second, but never needed. */
static void tracer_netns(struct tracer *tracer)
{
	if (netns_watch_open(&tracer->watch))
		return;
	tracer_watch(tracer, netns_watch_fd(tracer->watch), EPOLLIN, TRACER_NETNS);
}

static int tracer_loop_open(struct tracer *tracer)
{
	int err;

	tracer->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (tracer->epoll < 0)
		return -errno;
	err = tracer_signals(tracer);
	if (!err)
		err = tracer_timer(tracer);
	if (!err)
		err = tracer_watch(tracer, viewer_fd(&tracer->viewer), 0, TRACER_OUTPUT);
	if (err)
		log_error("cannot wait for events: %s", strerror(-err));
	return err;
}

static int tracer_viewer_open(struct tracer *tracer)
{
	const struct options *options = tracer->options;
	struct viewer_options viewer = {
		.names = tracer->machine.names,
		.format = options->view.format,
		.view = options->view.options,
		.output = options->output,
		.recording = options->recording,
		.bare = options->no_packets,
		.slow = options->view.slow,
		.count = options->count,
		.nest = options->graph,
		.hold = true,
		.path = tracer->guest.path,
		.context = tracer->guest.context,
	};
	int err;

	if (options->recording) {
		err = session_recorder_open(&tracer->recording, options,
					    &tracer->machine);
		if (err)
			return err;
		viewer.recorder = tracer->recording.recorder;
	}
	return viewer_open(&tracer->viewer, &viewer);
}

/* What is said with -v would come between. */
static void tracer_progress(struct tracer *tracer, const char *what, size_t done,
			    size_t total)
{
	struct progress *progress = &tracer->progress;
	bool watched = isatty(STDERR_FILENO) && !log_quiet() && !log_verbose();

	if (progress->what != what)
		progress_begin(progress, watched ? stderr : NULL, what, total);
	progress_at(progress, done);
	if (done == total)
		progress_end(progress);
}

static void tracer_attaching(void *context, size_t done, size_t total)
{
	tracer_progress(context, "attaching", done, total);
}

static void tracer_detaching(void *context, size_t done, size_t total)
{
	tracer_progress(context, "detaching", done, total);
}

static int tracer_session_open(struct tracer *tracer)
{
	const struct options *options = tracer->options;
	struct session_options session = {
		.kernel = tracer->machine.kernel,
		.symbols = tracer->machine.symbols,
		.netns = tracer->machine.netns,
		.filter = tracer->machine.filter,
		.backend = tracer->machine.backend,
		.probes = tracer->machine.probes,
		.dev = options->dev,
		.only_netns = tracer->machine.only_netns,
		.conversation = options->conversation,
		.graph = options->graph,
		.buffer = options->buffer,
		.follow = options->follow,
		.patience = (uint64_t)(options->forget * 1e9),
		.measure = options->cost,
		.event = tracer_event,
		.attaching = tracer_attaching,
		.detaching = tracer_detaching,
		.context = tracer,
	};
	int err = session_open(&session, &tracer->session);

	if (err)
		return err;
	session_recorder_attached(&tracer->recording, tracer->session);
	machine_report(&tracer->machine, tracer->session);
	tracer_netns(tracer);
	return tracer_watch(tracer, session_fd(tracer->session), EPOLLIN, TRACER_RING);
}

static int tracer_start_child(struct tracer *tracer)
{
	const struct tracer_guest *guest = &tracer->guest;
	const struct watcher *watcher = guest->watcher;
	bool taken = guest->prints || viewer_uses_stdout(&tracer->viewer);
	char **command = tracer->options->command;
	int err;

	if (guest->run)
		err = child_fork(&tracer->child, guest->run, guest->context);
	else if (watcher)
		err = child_start_apart(&tracer->child, command, watcher->output);
	else
		/* Standard output is for paths alone, so that it can be piped. */
		err = child_start(&tracer->child, command,
				  taken ? STDERR_FILENO : STDOUT_FILENO);
	return err ? err : tracer_watch(tracer, tracer->child.fd, EPOLLIN, TRACER_CHILD);
}

static int tracer_open_watcher(struct tracer *tracer)
{
	const struct watcher *watcher = tracer->guest.watcher;
	int fd, err;

	if (!watcher)
		return 0;
	err = watcher->open(watcher->context, &fd);
	if (err)
		return err;
	tracer->watched = true;
	return tracer_watch(tracer, fd, EPOLLIN, TRACER_WATCHER);
}

/* What is said from now on is to be read. */
static void tracer_close_watcher(struct tracer *tracer)
{
	const struct watcher *watcher = tracer->guest.watcher;

	if (tracer->watched)
		watcher->close(watcher->context);
	tracer->watched = false;
}

static void tracer_missed(void *context, const struct missed_span *span)
{
	struct tracer *tracer = context;

	viewer_missed(&tracer->viewer, span);
}

/* Paths that were under way since the last look are told what was missed meanwhile. */
static void tracer_look(struct tracer *tracer)
{
	uint64_t now = clock_now(), end, pause;

	session_missed(tracer->session, tracer->looked, tracer_missed, tracer);
	tracer->looked = now;
	tracer->looked_steps = tracer->viewer.steps;
	end = clock_now();
	pause = TRACER_LOOK * (end - now);
	tracer->look_at = end + (pause < TRACER_LOOKS ? pause : TRACER_LOOKS);
}

static int tracer_start(struct tracer *tracer)
{
	const struct options *options = tracer->options;
	uint64_t now = clock_now();

	if (options->seconds > 0)
		tracer->deadline = now + (uint64_t)(options->seconds * 1e9);
	tracer->last_event = tracer->last_scan = now;
	tracer_look(tracer);
	cost_start(&tracer->cost, tracer->session, options->cost, now);
	return options->command || tracer->guest.run ? tracer_start_child(tracer) : 0;
}

static int tracer_open(struct tracer *tracer)
{
	int err = tracer_viewer_open(tracer);

	if (!err)
		err = tracer_loop_open(tracer);
	if (!err)
		err = tracer_session_open(tracer);
	if (!err && tracer->options->detach)
		err = detached_ready(tracer->options->detach, tracer->options->recording);
	if (!err)
		err = tracer_open_watcher(tracer);
	if (!err)
		err = tracer_start(tracer);
	return err;
}

static void tracer_rescan(struct tracer *tracer, uint64_t now)
{
	tracer->rescan = false;
	tracer->last_scan = now;
	if (session_rescan(tracer->session))
		log_warn("cannot look for new devices, packets on them may be missed");
	tracer->machine.names->version++;
}

/* Is any packet under way? Who makes no paths of them asks the kernel side. */
static bool tracer_follows(const struct tracer *tracer)
{
	const struct assembler *assembler = tracer->viewer.assembler;

	return assembler ? assembler_open(assembler) : session_follows(tracer->session);
}

/* After the command has ended: have the packets that are followed, too? */
static bool tracer_settled(const struct tracer *tracer, uint64_t now)
{
	if (now - tracer->child_ended > TRACER_PATIENCE)
		return true;
	return !tracer_follows(tracer) && now - tracer->child_ended > TRACER_QUIET &&
	       now - tracer->last_event > TRACER_QUIET;
}

/* What is left of the packets that are shown may lie somewhere for ever. */
static bool tracer_chosen(const struct tracer *tracer, uint64_t now)
{
	return tracer->chosen_at && now - tracer->chosen_at > TRACER_PATIENCE;
}

/* What is missed from now on is of no path any more. */
static void tracer_detach(struct tracer *tracer)
{
	cost_stop(&tracer->cost, clock_now());
	session_stop(tracer->session);
	tracer_look(tracer);
	session_detach(tracer->session);
}

/* Nothing is attached any more; who runs a command may still want to see its end. */
static void tracer_give_up(struct tracer *tracer)
{
	tracer_detach(tracer);
	tracer->stop = !tracer->options->command;
}

/*
 * Packets that begin no more would still be tested, so that refusing them saves next
 * to nothing: probes have to go, first those that only make steps, then all.
 */
static void tracer_budget(struct tracer *tracer, uint64_t now)
{
	double percent, limit = tracer->options->max_overhead;

	if (!limit || !cost_second(&tracer->cost, now, &percent) || percent <= limit)
		return;
	if (session_narrow(tracer->session)) {
		log_warn("own cost was %.2f %% of one CPU, --max-overhead is %g: tracing "
			 "ends",
			 percent, limit);
		tracer_give_up(tracer);
		return;
	}
	viewer_narrowed(&tracer->viewer, now, clock_now());
	cost_forget(&tracer->cost, clock_now());
	log_warn("own cost was %.2f %% of one CPU, --max-overhead is %g: functions are "
		 "no longer probed, tracepoints still are",
		 percent, limit);
}

static void tracer_tick_watcher(struct tracer *tracer, uint64_t now)
{
	const struct watcher *watcher = tracer->guest.watcher;
	uint64_t account[ACCOUNT_SIZE];

	if (!tracer->watched)
		return;
	session_account(tracer->session, account);
	watcher->tick(watcher->context, now, account);
}

/* Was there no step since the last look? */
static bool tracer_idles(const struct tracer *tracer, uint64_t now)
{
	return tracer->viewer.steps == tracer->looked_steps &&
	       now - tracer->looked < TRACER_IDLE;
}

/*
 * Paths are handed over with the time, so that it goes on when it is known what was
 * missed until they ended.
 */
static void tracer_show(struct tracer *tracer, uint64_t now)
{
	bool idles = tracer_idles(tracer, now);

	if (!idles && now < tracer->look_at)
		return;
	if (!idles)
		tracer_look(tracer);
	viewer_tick(&tracer->viewer, now);
}

static void tracer_tick(struct tracer *tracer)
{
	uint64_t now = clock_now(), ticks;

	if (read(tracer->timer, &ticks, sizeof(ticks)) < 0)
		return;
	session_age(tracer->session, now);
	viewer_lost(&tracer->viewer, session_lost(tracer->session));
	tracer_show(tracer, now);
	tracer->stop |= viewer_is_full(&tracer->viewer);
	tracer_budget(tracer, now);
	if (now - tracer->last_scan > TRACER_RESCAN)
		tracer->rescan = true;
	if (tracer->deadline && now >= tracer->deadline)
		tracer->stop = true;
	if (tracer->child_ended && tracer_settled(tracer, now))
		tracer->stop = true;
	if (viewer_has_chosen(&tracer->viewer) && !tracer->chosen_at)
		tracer->chosen_at = now;
	if (tracer_chosen(tracer, now))
		tracer->stop = true;
	tracer_tick_watcher(tracer, now);
}

/*
 * The clock is read once for all events that were there. Of many packets the paths that
 * have ended would take as much memory as those that go on, where paths are made.
 */
static bool tracer_read(struct tracer *tracer)
{
	uint64_t steps = tracer->viewer.steps;
	bool more = session_read(tracer->session);

	if (tracer->viewer.steps == steps)
		return more;
	tracer->last_event = clock_now();
	if (tracer->viewer.assembler &&
	    tracer->viewer.steps - tracer->looked_steps >= TRACER_STEPS)
		tracer_show(tracer, tracer->last_event);
	return more;
}

static void tracer_wake(struct tracer *tracer, const struct epoll_event *event)
{
	const struct watcher *watcher = tracer->guest.watcher;

	switch ((enum tracer_source)event->data.u32) {
	case TRACER_RING:
		break;
	case TRACER_TIMER:
		tracer_tick(tracer);
		break;
	case TRACER_SIGNAL:
		tracer->stop = true;
		break;
	case TRACER_CHILD:
		epoll_ctl(tracer->epoll, EPOLL_CTL_DEL, tracer->child.fd, NULL);
		child_collect(&tracer->child);
		tracer->child_ended = clock_now();
		break;
	case TRACER_NETNS:
		tracer->rescan |= netns_watch_drain(tracer->watch);
		break;
	case TRACER_WATCHER:
		if (!watcher->input(watcher->context))
			tracer->stop = true;
		break;
	case TRACER_OUTPUT:
		if (event->events & (EPOLLERR | EPOLLHUP))
			tracer->stop = true;
		break;
	}
}

static int tracer_loop(struct tracer *tracer)
{
	struct epoll_event events[8];
	bool more = false;

	while (!tracer->stop) {
		int count = epoll_wait(tracer->epoll, events, 8, more ? 0 : -1);

		if (count < 0 && errno != EINTR)
			return -errno;
		more = tracer_read(tracer);
		for (int i = 0; i < count; i++)
			tracer_wake(tracer, &events[i]);
		if (tracer->rescan)
			tracer_rescan(tracer, clock_now());
	}
	return 0;
}

/* Losses of every kind are said; silence means that there were none. */
static void tracer_account(const struct tracer *tracer,
			   const uint64_t account[ACCOUNT_SIZE])
{
	const uint64_t packets = account[ACCOUNT_PACKETS] - viewer_moves(&tracer->viewer);
	const uint64_t steps = viewer_steps(&tracer->viewer);
	const struct assembler_apart apart = viewer_apart(&tracer->viewer);

	log_info("%" PRIu64 " packet%s, %" PRIu64 " step%s", packets,
		 packets == 1 ? "" : "s", steps, steps == 1 ? "" : "s");
	log_debug("steps that fired: %" PRIu64, account[ACCOUNT_STEPS]);
	losses_say_apart(&apart);
	losses_say(account);
	losses_say_missed(&tracer->viewer.misses);
	cost_report(&tracer->cost);
}

static int tracer_finish(struct tracer *tracer)
{
	const struct watcher *watcher = tracer->guest.watcher;
	uint64_t account[ACCOUNT_SIZE];
	int err;

	tracer_close_watcher(tracer);
	tracer_detach(tracer);
	while (!viewer_is_full(&tracer->viewer) && session_read(tracer->session))
		;
	viewer_lost(&tracer->viewer, session_lost(tracer->session));
	session_account(tracer->session, account);
	err = viewer_finish(&tracer->viewer, account);
	if (watcher)
		watcher->end(watcher->context, account);
	tracer_account(tracer, account);
	return err;
}

static void tracer_close(struct tracer *tracer)
{
	tracer_close_watcher(tracer);
	child_stop(&tracer->child);
	netns_watch_close(tracer->watch);
	session_close(tracer->session);
	viewer_close(&tracer->viewer);
	session_recorder_close(&tracer->recording);
	cleanup_fd(&tracer->epoll);
	cleanup_fd(&tracer->timer);
	cleanup_fd(&tracer->signals);
	machine_close(&tracer->machine);
}

static int tracer_trace(struct tracer *tracer)
{
	int err;

	if (tracer_open(tracer) || tracer_loop(tracer))
		return COMMAND_FAILURE;
	err = tracer_finish(tracer);
	if (err && err != -EPIPE)
		return COMMAND_FAILURE;
	return tracer->viewer.shown ? COMMAND_OK : COMMAND_NOTHING;
}

int tracer_run(const struct options *options, const struct tracer_guest *guest)
{
	struct tracer tracer = {
		.options = options,
		.guest = guest ? *guest : (struct tracer_guest){ 0 },
		.child.fd = -1,
		.epoll = -1,
		.timer = -1,
		.signals = -1,
	};
	int status, err = machine_open(&tracer.machine, options);

	if (err)
		status = err == -EINVAL ? COMMAND_USAGE : COMMAND_FAILURE;
	else
		status = tracer_trace(&tracer);
	tracer_close(&tracer);
	return status;
}
