/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * render.h - paths become text: one file per format, each ending in its ops
 */
#ifndef BPFPATH_RENDER_H
#define BPFPATH_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "path/path.h"

struct render;

/* What a format can be told. Only a format that takes it is to be. */
enum render_takes {
	RENDER_SHORT = 1 << 0,
	RENDER_LIVE = 1 << 1,
	RENDER_COLUMNS = 1 << 2,
	RENDER_WEIGHT = 1 << 3,
	RENDER_NODES = 1 << 4,
	RENDER_CLASSES = 1 << 5,
	RENDER_HIST = 1 << 6,
};

struct render_options {
	bool colour;	       /* escape sequences for colour may be written */
	bool brief;	       /* a line per path */
	bool live;	       /* each step as it comes */
	const char *columns;   /* NULL: as it is; otherwise columns_read() takes it */
	bool by_time;	       /* steps weigh what they take, not 1 */
	bool by_function;      /* nodes of a graph are functions, not stages */
	bool rare;	       /* the rarest classes first */
	unsigned int by;       /* what splits classes, of enum classes_by */
	const char *from, *to; /* steps that time is taken between; NULL: of stages */
};

struct render_ops {
	const char *name;   /* of the format, for -f */
	const char *help;   /* one line */
	unsigned int takes; /* of enum render_takes */
	bool at_end;	    /* nothing is written before render_finish() */
	/* Has it words for this path? NULL: for all. */
	bool (*wants)(const struct path *path);
	/* Write one path. 0 or a negative errno from writing. */
	int (*path)(struct render *render, const struct path *path);
	/*
	 * One more step, before it is known what becomes of the path; again when it has
	 * returned. Mostly NULL.
	 */
	int (*step)(struct render *render, const struct path *path, size_t i);
	/* Write what waits because of .patient. NULL: nothing does, ever. */
	int (*flush)(struct render *render);
	/* Everything that belongs after the last path. May be NULL. */
	int (*finish)(struct render *render);
	void (*free)(struct render *render);
	/* NULL without memory. */
	struct render *(*new)(FILE *out, const struct render_options *options);
};

/* First member of every renderer. */
struct render {
	const struct render_ops *ops;
	FILE *out;
	bool patient; /* a path may wait for render_flush(), if others are to come */
};

/* By name; NULL when there is none. */
const struct render_ops *render_find(const char *name);

/* All formats, ended by NULL; for help and messages. */
extern const struct render_ops *const render_formats[];

/*
 * Does @format take all of @options? False after one line to the user, in which an
 * option of the command line is to blame.
 */
bool render_takes(const struct render_ops *format, const struct render_options *options);

/* 0, or a negative errno: of an earlier path, too, where the renderer is patient. */
int render_path(struct render *render, const struct path *path);
int render_step(struct render *render, const struct path *path, size_t i);
int render_flush(struct render *render);
int render_finish(struct render *render);
void render_free(struct render *render); /* NULL is fine */

#endif
