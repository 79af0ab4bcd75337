// SPDX-License-Identifier: GPL-2.0-only
/*
 * golden_diff GOOD text|object BAD [WIDTH] - what is said of two scenes; GOOD and BAD
 * are SCENE or SCENE#PACKET
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diff/diff.h"
#include "scenes.h"

struct side {
	struct diff *diff;
	enum diff_which which;
	uint64_t packet; /* 0: all */
	int err;
};

static void side_path(const struct path *path, void *context)
{
	struct side *side = context;

	if (!side->err && (!side->packet || side->packet == path->id))
		side->err = diff_path(side->diff, side->which, path);
}

static const struct scene *scene_find(const char *name)
{
	const struct scene *scene = scenes;
	size_t length = strcspn(name, "#");

	while (scene->name &&
	       (strlen(scene->name) != length || strncmp(scene->name, name, length) != 0))
		scene++;
	return scene->name ? scene : NULL;
}

static int side_play(struct diff *diff, enum diff_which which, const char *name)
{
	const struct scene *scene = scene_find(name);
	struct side side = { .diff = diff, .which = which };
	struct stream stream = { .assembler = assembler_new(stream_names(), side_path,
							    &side) };

	if (!scene || !stream.assembler)
		return -1;
	if (strchr(name, '#'))
		side.packet = strtoull(strchr(name, '#') + 1, NULL, 10);
	diff->sides[which].operand = name;
	scene->play(&stream);
	assembler_finish(stream.assembler);
	assembler_free(stream.assembler);
	return side.err;
}

int main(int argc, char **argv)
{
	const struct diff_view view = { .width = argc > 4 ? (size_t)atoi(argv[4]) : 80,
					.context = 3 };
	struct diff diff;
	int err;

	if (argc < 4)
		return 2;
	err = diff_open(&diff, 0, false) || side_play(&diff, DIFF_GOOD, argv[1]) ||
	      side_play(&diff, DIFF_BAD, argv[3]) || diff_finish(&diff);
	if (!err && !strcmp(argv[2], "text"))
		diff_text(stdout, &diff, &view);
	else if (!err)
		err = diff_json(stdout, &diff);
	diff_close(&diff);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}
