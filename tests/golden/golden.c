// SPDX-License-Identifier: GPL-2.0-only
/*
 * golden SCENE FORMAT [colour|recorded] - what a renderer makes of a scene; "recorded":
 * which was written to a file first, and read from it
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "recorded.h"
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

static int show_scene(const struct scene *scene, const struct render_ops *ops,
		      bool colour)
{
	const struct render_options options = { .colour = colour };
	struct render *render = ops->new (stdout, &options);
	struct stream stream = { 0 };

	stream.assembler = render ? assembler_new(stream_names(), show, render) : NULL;
	if (!stream.assembler)
		return EXIT_FAILURE;
	if (scene->nested)
		assembler_nest(stream.assembler);
	scene->play(&stream);
	assembler_finish(stream.assembler);
	assembler_free(stream.assembler);
	if (render_finish(render))
		return EXIT_FAILURE;
	render_free(render);
	return EXIT_SUCCESS;
}

static int record(const struct scene *scene, const char *path)
{
	const struct recorder_options options = { .path = path,
						  .run.nested = scene->nested };
	struct recorded recorded;
	int err = recorded_open(&recorded, &options);

	if (err)
		return err;
	scene->play(&recorded.stream);
	return recorded_close(&recorded);
}

static int show_recording(const char *path, const struct render_ops *ops)
{
	FILE *in = fopen(path, "re");
	struct recording *recording;
	int err;

	if (!in)
		return EXIT_FAILURE;
	err = recorded_play(in, ops, NULL, &recording);
	fclose(in);
	if (err || recording_cut(recording))
		return EXIT_FAILURE;
	recording_free(recording);
	return EXIT_SUCCESS;
}

static int show_recorded(const struct scene *scene, const struct render_ops *ops)
{
	char path[] = "/tmp/bpfpath-golden-XXXXXX";
	int status = EXIT_FAILURE, fd = mkstemp(path);

	if (fd < 0)
		return EXIT_FAILURE;
	close(fd);
	if (!record(scene, path))
		status = show_recording(path, ops);
	unlink(path);
	return status;
}

int main(int argc, char **argv)
{
	const struct scene *scene = argc > 2 ? scene_find(argv[1]) : NULL;
	const struct render_ops *ops = argc > 2 ? render_find(argv[2]) : NULL;

	if (!scene || !ops) {
		fprintf(stderr, "usage: golden SCENE FORMAT [colour|recorded]\n");
		return 2;
	}
	if (argc > 3 && !strcmp(argv[3], "recorded"))
		return show_recorded(scene, ops);
	return show_scene(scene, ops, argc > 3);
}
