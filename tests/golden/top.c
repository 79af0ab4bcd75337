// SPDX-License-Identifier: GPL-2.0-only
/*
 * golden_top SCENE WIDTHxHEIGHT [WORD...] - what 'bpfpath top' shows of a scene on a
 * screen of that size. Words: "live", or keys that are typed one after the other:
 * "enter", "down", "tab", "escape", "right"; any other is typed letter by letter
 */
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/viewer.h"
#include "scenes.h"
#include "top/control.h"
#include "top/layout.h"
#include "top/model.h"

static const struct scene *scene_find(const char *name)
{
	const struct scene *scene = scenes;

	while (scene->name && strcmp(scene->name, name))
		scene++;
	return scene->name ? scene : NULL;
}

static void count_path(void *context, const struct path *path)
{
	model_path(context, path);
}

static void type(struct control *control, const char *word)
{
	static const struct {
		const char *name;
		uint32_t key;
	} keys[] = {
		{ "enter", CONTROL_ENTER },   { "down", CONTROL_DOWN },
		{ "tab", CONTROL_TAB },	      { "right", CONTROL_RIGHT },
		{ "escape", CONTROL_ESCAPE }, { "end", CONTROL_END },
	};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (!strcmp(keys[i].name, word)) {
			control_key(control, keys[i].key);
			return;
		}
	}
	while (*word)
		control_key(control, (uint32_t)*word++);
}

static int show(struct model *model, int width, int height, char **words)
{
	const struct control_options options = {
		.model = model,
		.what = "a scene",
		.live = *words && !strcmp(*words, "live"),
	};
	struct control control;
	struct grid grid = { 0 };

	control_open(&control, &options);
	control_resize(&control, width, height);
	model_read(model, 2);
	control_refresh(&control, 61);
	for (words += options.live; *words; words++)
		type(&control, *words);
	if (grid_resize(&grid, width, height))
		return EXIT_FAILURE;
	layout_draw(&control, &grid);
	grid_print(&grid, stdout);
	grid_free(&grid);
	control_close(&control);
	return EXIT_SUCCESS;
}

/* Names in paths last as long as the viewer. */
static int play(const struct scene *scene, struct model *model, int width, int height,
		char **words)
{
	const struct viewer_options options = {
		.names = stream_names(),
		.nest = scene->nested,
		.path = count_path,
		.context = model,
	};
	struct viewer viewer;
	struct stream stream = { .viewer = &viewer };
	int status = EXIT_FAILURE;

	if (!viewer_open(&viewer, &options)) {
		scene->play(&stream);
		if (!viewer_finish(&viewer, NULL))
			status = show(model, width, height, words);
	}
	viewer_close(&viewer);
	return status;
}

int main(int argc, char **argv)
{
	const struct scene *scene = argc > 2 ? scene_find(argv[1]) : NULL;
	struct model model;
	int width, height, status = EXIT_FAILURE;

	if (!scene || sscanf(argv[2], "%dx%d", &width, &height) != 2) {
		fprintf(stderr, "usage: golden_top SCENE WIDTHxHEIGHT [WORD...]\n");
		return 2;
	}
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return EXIT_FAILURE;
	if (!model_open(&model, CLASSES_BY_END))
		status = play(scene, &model, width, height, argv + 3);
	model_close(&model);
	return status;
}
