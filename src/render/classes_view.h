/* SPDX-License-Identifier: GPL-2.0-only */
/* classes_view.h - what both formats of classes have in common */
#ifndef BPFPATH_CLASSES_VIEW_H
#define BPFPATH_CLASSES_VIEW_H

#include "render/classes.h"
#include "render/render.h"

struct classes_view {
	struct render render;
	struct classes classes;
	bool rare;
};

/* For their ops. */
int classes_view_path(struct render *render, const struct path *path);
void classes_view_free(struct render *render);
struct render *classes_view_new(FILE *out, const struct render_options *options,
				const struct render_ops *ops);

/* The classes, in order; NULL without memory. */
const struct classes *classes_view_finish(struct render *render);

/* Of a thousand. */
#define CLASSES_QUANTILES 3
extern const unsigned int classes_quantiles[CLASSES_QUANTILES];

#endif
