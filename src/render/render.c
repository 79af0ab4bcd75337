// SPDX-License-Identifier: GPL-2.0-only
#include "render/render.h"

#include <errno.h>
#include <string.h>

#include "render/formats.h"

const struct render_ops *const render_formats[] = {
	&render_text_ops, &render_json_ops, &render_hops_ops, &render_tracepkt_ops, NULL,
};

const struct render_ops *render_find(const char *name)
{
	for (size_t i = 0; render_formats[i]; i++) {
		if (!strcmp(render_formats[i]->name, name))
			return render_formats[i];
	}
	return NULL;
}

/* Out at once: the reader waits for it, and an error belongs to this path. */
static int render_flush(struct render *render)
{
	if (!fflush(render->out) && !ferror(render->out))
		return 0;
	return errno ? -errno : -EIO;
}

int render_path(struct render *render, const struct path *path)
{
	int error;

	errno = 0;
	error = render->ops->path(render, path);
	return error ? error : render_flush(render);
}

int render_finish(struct render *render)
{
	int error;

	errno = 0;
	error = render->ops->finish ? render->ops->finish(render) : 0;
	return error ? error : render_flush(render);
}

void render_free(struct render *render)
{
	if (render)
		render->ops->free(render);
}
