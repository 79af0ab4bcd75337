/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * player.h - a recording is played to a viewer: what tracer.h is for one
 *
 * Needs no privilege and no BPF.
 */
#ifndef BPFPATH_PLAYER_H
#define BPFPATH_PLAYER_H

#include <stdint.h>

#include "cmd/view.h"

struct options;
struct path;
struct recording;
struct watcher;

struct player_options {
	const char *file; /* "-": standard input */
	uint64_t count;	  /* show so many packets; 0: all */
	struct view view; /* .format is NULL: nothing is shown */
	const char
		*output; /* of paths, or of a recording (.view.recording); NULL: stdout */
	const char *filter; /* expression; NULL: every path */
	const char *zoom;   /* NULL: all that was recorded */
	/* Is told of each path that is shown, before it is; NULL: nobody. */
	void (*path)(void *context, const struct path *path);
	/* Is told of the recording, when all was played that is; NULL: nobody. */
	void (*played)(void *context, const struct recording *recording);
	void *context;
	const struct watcher *watcher; /* NULL: nobody looks on */
};

/* A recording that is read as @options say. */
struct player_options player_options(const struct options *options);

/* Play all of it. Returns an enum command_status; everything was said. */
int player_run(const struct player_options *options);

#endif
