// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/viewer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "path/assembler.h"
#include "render/render.h"

static void viewer_path(const struct path *path, void *context)
{
	struct viewer *viewer = context;

	if (viewer_is_full(viewer))
		return;
	viewer->error = render_path(viewer->render, path);
	if (!viewer->error)
		viewer->shown++;
}

static int viewer_open_output(struct viewer *viewer)
{
	const char *output = viewer->options.output;
	struct render_options render = { 0 };

	viewer->out = output ? fopen(output, "we") : stdout;
	if (!viewer->out) {
		log_error("cannot write '%s': %s", output, strerror(errno));
		return -errno;
	}
	render.colour = isatty(fileno(viewer->out)) && !getenv("NO_COLOR");
	viewer->render = viewer->options.format->new (viewer->out, &render);
	return viewer->render ? 0 : -ENOMEM;
}

int viewer_open(struct viewer *viewer, const struct viewer_options *options)
{
	int err;

	*viewer = (struct viewer){ .options = *options };
	err = viewer_open_output(viewer);
	if (err)
		return err;
	viewer->assembler = assembler_new(options->names, viewer_path, viewer);
	return viewer->assembler ? 0 : -ENOMEM;
}

void viewer_close(struct viewer *viewer)
{
	assembler_free(viewer->assembler);
	render_free(viewer->render);
	if (viewer->out && viewer->out != stdout)
		fclose(viewer->out);
}

bool viewer_is_full(const struct viewer *viewer)
{
	return viewer->error ||
	       (viewer->options.count && viewer->shown >= viewer->options.count);
}

void viewer_event(struct viewer *viewer, const void *data, size_t size)
{
	if (viewer_is_full(viewer))
		return;
	viewer->steps++;
	if (assembler_add(viewer->assembler, data, size) == -ENOMEM) {
		log_error("out of memory");
		viewer->error = -ENOMEM;
	}
}

void viewer_lost(struct viewer *viewer, uint64_t lost)
{
	if (!viewer_is_full(viewer))
		assembler_lost(viewer->assembler, lost);
}

void viewer_tick(struct viewer *viewer, uint64_t now)
{
	if (!viewer_is_full(viewer))
		assembler_tick(viewer->assembler, now);
}

int viewer_finish(struct viewer *viewer)
{
	assembler_finish(viewer->assembler);
	if (viewer->error == -ENOMEM)
		return viewer->error;
	if (!viewer->error)
		viewer->error = render_finish(viewer->render);
	if (viewer->error && viewer->error != -EPIPE)
		log_error("cannot write '%s': %s",
			  viewer->options.output ?: "standard output",
			  strerror(-viewer->error));
	return viewer->error;
}
