/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * viewer.h - from events to the paths that are shown, or recorded
 *
 * The one way from events to a picture: live and from a recording, so that both
 * are the same. Knows nothing of the running system.
 */
#ifndef BPFPATH_VIEWER_H
#define BPFPATH_VIEWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bpf/event.h"
#include "cmd/chosen.h"
#include "path/missed.h"
#include "render/render.h"

struct assembler;
struct census;
struct filter;
struct names;
struct path;
struct recorder;
struct recording_piece;

/* Everything here must outlive the viewer. */
struct viewer_options {
	struct names *names;
	const struct render_ops *format; /* NULL: nothing is shown */
	struct render_options view;	 /* .colour: also where it is no terminal */
	const char *output;		 /* NULL: standard output */
	struct recorder *recorder;	 /* NULL: nothing is recorded */
	const char *recording;		 /* its name, for messages */
	bool bare;			 /* ... only events, no packets for others */
	const struct filter *filter;	 /* of paths; NULL: all */
	uint64_t slow;			 /* ns: only paths that take as long; 0: all */
	uint64_t limit;			 /* look at so many packets; 0: all */
	uint64_t count;			 /* show so many of them; 0: all */
	bool nest;			 /* tell what was called inside of what */
	bool hold;			 /* paths wait for a tick: assembler_hold() */
	/* Is told of each path that is shown or recorded, before it is; NULL: nobody. */
	void (*path)(void *context, const struct path *path);
	/* The same of every path; is it one of those that are shown? */
	void (*looked)(void *context, const struct path *path, bool shown);
	void *context;
};

/* To be read by everybody, and changed by viewer.c alone. */
struct viewer {
	struct viewer_options options;
	struct assembler *assembler; /* NULL: events are recorded, and no more, ... */
	struct census *census;	     /* ... for which this is good enough */
	struct render *render;
	FILE *out;		      /* NULL: nothing is shown */
	uint64_t steps;		      /* events that came, and are steps */
	struct chosen looked, chosen; /* which packets .limit and .count leave */
	uint64_t paths;		      /* looked at */
	uint64_t shown;		      /* and shown, or recorded */
	struct misses misses;	      /* all that was told of */
	uint64_t undecided; /* too little of these was captured for the filter */
	int error;	    /* negative errno: no memory, or it could not be written */
	bool full;	    /* that, or all that was asked for is there */
};

/* 0, or a negative errno after one line to the user. viewer_close() is for both. */
int viewer_open(struct viewer *viewer, const struct viewer_options *options);
void viewer_close(struct viewer *viewer);

/* Nothing more can be shown, or is to be. Asked at each event. */
static inline bool viewer_is_full(const struct viewer *viewer)
{
	return viewer->full;
}

/* Every packet that is shown has begun; what comes now may be its copies. */
bool viewer_has_chosen(const struct viewer *viewer);

/* assembler_apart(); who does not make paths of steps does not know. */
struct assembler_apart viewer_apart(const struct viewer *viewer);

/* Steps that came, but for these. */
uint64_t viewer_steps(const struct viewer *viewer);

/* assembler_moves(), whoever counts. */
uint64_t viewer_moves(const struct viewer *viewer);

/*
 * What assembler.h says; nothing happens once the viewer is full. @size: of the event
 * with what is behind it.
 */
void viewer_event(struct viewer *viewer, const struct event *event, size_t size);
void viewer_lost(struct viewer *viewer, uint64_t lost);
void viewer_tick(struct viewer *viewer, uint64_t now);
void viewer_narrowed(struct viewer *viewer, uint64_t from, uint64_t to);

/* The same, but for what is noted of it when the viewer is full. */
void viewer_missed(struct viewer *viewer, const struct missed_span *span);

/* One of these, as a recording has it. */
void viewer_piece(struct viewer *viewer, const struct recording_piece *piece);

/*
 * The last event was there; @account may be NULL. 0, or a negative errno: after one
 * line to the user, but for -EPIPE, when nobody wants to read the paths any more.
 */
int viewer_finish(struct viewer *viewer, const uint64_t account[ACCOUNT_SIZE]);

/*
 * Where it is seen that nobody reads any more; standard output, if nothing is shown or
 * recorded.
 */
int viewer_fd(const struct viewer *viewer);

/* Is standard output taken? */
bool viewer_uses_stdout(const struct viewer *viewer);

#endif
