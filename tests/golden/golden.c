// SPDX-License-Identifier: GPL-2.0-only
/*
 * golden SCENE FORMAT [WORD...] - what a renderer makes of a scene. Words: what is in
 * the table below, "recorded": which was written to a file first, and read from it,
 * and "copied": the same without packets, of which another recording was made then
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/view.h"
#include "recorded.h"
#include "render/classes.h"
#include "scenes.h"

static const struct scene *scene_find(const char *name)
{
	const struct scene *scene = scenes;

	while (scene->name && strcmp(scene->name, name))
		scene++;
	return scene->name ? scene : NULL;
}

static int show_scene(const struct scene *scene, const struct view *view)
{
	const struct viewer_options options = {
		.names = stream_names(),
		.format = view->format,
		.view = view->options,
		.nest = scene->nested,
	};
	struct viewer viewer;
	struct stream stream = { .viewer = &viewer };
	int err = viewer_open(&viewer, &options);

	if (!err) {
		scene->play(&stream);
		err = viewer_finish(&viewer, NULL);
	}
	viewer_close(&viewer);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int record(const struct scene *scene, const char *path, bool bare)
{
	const struct recorder_options options = { .path = path,
						  .run.nested = scene->nested };
	struct recorded recorded;
	int err = bare ? recorded_open_bare(&recorded, &options)
		       : recorded_open(&recorded, &options);

	if (err)
		return err;
	scene->play(&recorded.stream);
	return recorded_close(&recorded);
}

static int show_recording(const char *path, const struct view *view)
{
	FILE *in = fopen(path, "re");
	struct recording *recording;
	int err;

	if (!in)
		return EXIT_FAILURE;
	err = recorded_play(in, view, NULL, &recording);
	fclose(in);
	if (err || recording_cut(recording))
		return EXIT_FAILURE;
	recording_free(recording);
	return EXIT_SUCCESS;
}

/* The file gives way to a recording of all that is in it. */
static int copy(const char *path)
{
	FILE *in = fopen(path, "re");
	int err;

	if (!in)
		return -errno;
	unlink(path);
	err = recorded_extract(in, NULL, path);
	fclose(in);
	return err;
}

static int show_recorded(const struct scene *scene, const struct view *view, bool copied)
{
	char path[] = "/tmp/bpfpath-golden-XXXXXX";
	int status = EXIT_FAILURE, fd = mkstemp(path);

	if (fd < 0)
		return EXIT_FAILURE;
	close(fd);
	if (!record(scene, path, copied) && (!copied || !copy(path)))
		status = show_recording(path, view);
	unlink(path);
	return status;
}

/* False: there is no such word. */
static bool view_word(struct view *view, const char *word)
{
	if (!strcmp(word, "colour"))
		view->options.colour = true;
	else if (!strncmp(word, "columns=", 8))
		view->options.columns = word + 8;
	else if (!strcmp(word, "short"))
		view->options.brief = true;
	else if (!strcmp(word, "time"))
		view->options.by_time = true;
	else if (!strcmp(word, "function"))
		view->options.by_function = true;
	else if (!strcmp(word, "rare"))
		view->options.rare = true;
	else if (!strncmp(word, "from=", 5))
		view->options.from = word + 5;
	else if (!strncmp(word, "to=", 3))
		view->options.to = word + 3;
	else if (!strncmp(word, "by=", 3))
		return classes_by_read(word + 3, &view->options.by);
	else if (!strcmp(word, "live"))
		view->options.live = true;
	else
		return false;
	return true;
}

int main(int argc, char **argv)
{
	const struct scene *scene = argc > 2 ? scene_find(argv[1]) : NULL;
	struct view view = { .format = argc > 2 ? render_find(argv[2]) : NULL };
	bool good = scene && view.format, recorded = false, copied = false;

	for (int i = 3; good && i < argc; i++) {
		if (!strcmp(argv[i], "recorded"))
			recorded = true;
		else if (!strcmp(argv[i], "copied"))
			recorded = copied = true;
		else
			good = view_word(&view, argv[i]);
	}
	if (!good || !render_takes(view.format, &view.options)) {
		fprintf(stderr, "usage: golden SCENE FORMAT [WORD...]\n");
		return 2;
	}
	return recorded ? show_recorded(scene, &view, copied) : show_scene(scene, &view);
}
