// SPDX-License-Identifier: GPL-2.0-only
/* golden SCENE FORMAT [colour] - what a renderer makes of a scene */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/render.h"
#include "scenes.h"

static void show(const struct path *path, void *context)
{
	if (render_path(context, path))
		exit(EXIT_FAILURE);
}

static const struct scene *scene_find(const char *name)
{
	const struct scene *scene = scenes;

	while (scene->name && strcmp(scene->name, name))
		scene++;
	return scene->name ? scene : NULL;
}

int main(int argc, char **argv)
{
	const struct scene *scene = argc > 2 ? scene_find(argv[1]) : NULL;
	const struct render_ops *ops = argc > 2 ? render_find(argv[2]) : NULL;
	struct render_options options = { .colour = argc > 3 };
	struct stream stream = { 0 };
	struct render *render;

	if (!scene || !ops) {
		fprintf(stderr, "usage: golden SCENE FORMAT [colour]\n");
		return 2;
	}
	render = ops->new (stdout, &options);
	stream.assembler = render ? assembler_new(stream_names(), show, render) : NULL;
	if (!stream.assembler)
		return EXIT_FAILURE;
	scene->play(&stream);
	assembler_finish(stream.assembler);
	assembler_free(stream.assembler);
	if (render_finish(render))
		return EXIT_FAILURE;
	render_free(render);
	return EXIT_SUCCESS;
}
