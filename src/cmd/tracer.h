/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracer.h - the loop of a tracing command: events, time, signals, the command
 */
#ifndef BPFPATH_TRACER_H
#define BPFPATH_TRACER_H

#include <stdbool.h>

struct options;
struct path;
struct watcher;

/* What a command of bpfpath's own does with a trace. */
struct tracer_guest {
	/* Runs in place of COMMAND, see child_fork(). */
	int (*run)(void *context);
	/* Is told of each path that is shown, before it is. */
	void (*path)(void *context, const struct path *path);
	bool prints; /* to standard output, when it is over: COMMAND must not */
	const struct watcher *watcher; /* NULL: nobody looks on */
	void *context;
};

/*
 * Trace as @options say, until their end, a signal, or the end of the output; @guest
 * may be NULL. Returns an enum command_status; everything was said.
 */
int tracer_run(const struct options *options, const struct tracer_guest *guest);

#endif
