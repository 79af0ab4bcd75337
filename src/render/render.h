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

struct render_options {
	bool colour; /* escape sequences for colour may be written */
};

struct render_ops {
	const char *name; /* of the format, for -f */
	const char *help; /* one line */
	/* Write one path. 0 or a negative errno from writing. */
	int (*path)(struct render *render, const struct path *path);
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
};

/* By name; NULL when there is none. */
const struct render_ops *render_find(const char *name);

/* All formats, ended by NULL; for help and messages. */
extern const struct render_ops *const render_formats[];

int render_path(struct render *render, const struct path *path);
int render_finish(struct render *render);
void render_free(struct render *render); /* NULL is fine */

#endif
