// SPDX-License-Identifier: GPL-2.0-only
#include "render/render.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "render/formats.h"

const struct render_ops *const render_formats[] = {
	&render_text_ops,	  &render_tree_ops,
	&render_json_ops,	  &render_hops_ops,
	&render_tracepkt_ops,	  &render_folded_ops,
	&render_flame_ops,	  &render_perfetto_ops,
	&render_dot_ops,	  &render_svg_ops,
	&render_html_ops,	  &render_classes_ops,
	&render_classes_json_ops, &render_hist_ops,
	&render_hist_json_ops,	  NULL,
};

const struct render_ops *render_find(const char *name)
{
	for (size_t i = 0; render_formats[i]; i++) {
		if (!strcmp(render_formats[i]->name, name))
			return render_formats[i];
	}
	return NULL;
}

bool render_takes(const struct render_ops *format, const struct render_options *options)
{
	const struct {
		const char *name;
		bool given;
		enum render_takes takes;
	} all[] = {
		{ "--short", options->brief, RENDER_SHORT },
		{ "--live", options->live, RENDER_LIVE },
		{ "--columns", options->columns, RENDER_COLUMNS },
		{ "--weight time", options->by_time, RENDER_WEIGHT },
		{ "--nodes function", options->by_function, RENDER_NODES },
		{ "--rare", options->rare, RENDER_CLASSES },
		{ "--by", options->by, RENDER_CLASSES },
		{ "--from", options->from, RENDER_HIST },
		{ "--to", options->to, RENDER_HIST },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (!all[i].given || format->takes & all[i].takes)
			continue;
		log_error("%s: the format %s has no such choice", all[i].name,
			  format->name);
		return false;
	}
	if (options->brief && (options->live || options->columns)) {
		log_error("--short: a line per packet has no %s, use one of them",
			  options->live ? "steps for --live" : "--columns");
		return false;
	}
	return true;
}

static int render_error(const struct render *render)
{
	if (!ferror(render->out))
		return 0;
	return errno ? -errno : -EIO;
}

static int render_out(struct render *render)
{
	int error = render->ops->flush ? render->ops->flush(render) : 0;

	fflush(render->out); /* if it fails there is an error to be seen */
	return error ? error : render_error(render);
}

/* Out at once if a reader waits for it; then an error belongs to this path. */
static int render_written(struct render *render)
{
	return render->patient ? render_error(render) : render_out(render);
}

int render_flush(struct render *render)
{
	errno = 0;
	return render_out(render);
}

int render_path(struct render *render, const struct path *path)
{
	int error;

	errno = 0;
	error = render->ops->path(render, path);
	return error ? error : render_written(render);
}

int render_step(struct render *render, const struct path *path, size_t i)
{
	int error;

	errno = 0;
	error = render->ops->step ? render->ops->step(render, path, i) : 0;
	return error ? error : render_out(render);
}

int render_finish(struct render *render)
{
	int error;

	errno = 0;
	error = render->ops->finish ? render->ops->finish(render) : 0;
	return error ? error : render_out(render);
}

void render_free(struct render *render)
{
	if (render)
		render->ops->free(render);
}
