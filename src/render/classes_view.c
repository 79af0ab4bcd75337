// SPDX-License-Identifier: GPL-2.0-only
#include "render/classes_view.h"

#include <stdlib.h>

const unsigned int classes_quantiles[CLASSES_QUANTILES] = { 500, 900, 990 };

int classes_view_path(struct render *render, const struct path *path)
{
	return classes_add(&((struct classes_view *)render)->classes, path);
}

const struct classes *classes_view_finish(struct render *render)
{
	struct classes_view *view = (struct classes_view *)render;

	return classes_finish(&view->classes, view->rare) ? NULL : &view->classes;
}

void classes_view_free(struct render *render)
{
	classes_close(&((struct classes_view *)render)->classes);
	free(render);
}

struct render *classes_view_new(FILE *out, const struct render_options *options,
				const struct render_ops *ops)
{
	struct classes_view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->render = (struct render){ .ops = ops, .out = out };
	view->rare = options->rare;
	if (!classes_open(&view->classes, options->by))
		return &view->render;
	classes_view_free(&view->render);
	return NULL;
}
