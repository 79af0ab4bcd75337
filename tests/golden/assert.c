// SPDX-License-Identifier: GPL-2.0-only
/* golden_assert SCENE text|junit EXPECT... - what is said of a scene's packets */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assert/judge.h"
#include "assert/report.h"
#include "scenes.h"

static void judge(const struct path *path, void *context)
{
	judge_path(context, path);
}

static int judge_scene(const struct scene *scene, struct judge *judged)
{
	struct stream stream = { .assembler = assembler_new(stream_names(), judge,
							    judged) };
	enum judgement judgement;

	if (!stream.assembler)
		return EXIT_FAILURE;
	scene->play(&stream);
	assembler_finish(stream.assembler);
	assembler_free(stream.assembler);
	return judge_finish(judged, &judgement) ? EXIT_FAILURE : EXIT_SUCCESS;
}

static const struct scene *scene_find(const char *name)
{
	const struct scene *scene = scenes;

	while (scene->name && strcmp(scene->name, name))
		scene++;
	return scene->name ? scene : NULL;
}

static int report_scene(const struct scene *scene, const char *format,
			const struct expect *expects, size_t count)
{
	struct judge *judged = judge_new(expects, count);
	int status = judged ? judge_scene(scene, judged) : EXIT_FAILURE;

	if (!status)
		(strcmp(format, "junit") ? report_text : report_junit)(stdout, judged);
	judge_free(judged);
	return status;
}

int main(int argc, char **argv)
{
	const struct scene *scene = argc > 3 ? scene_find(argv[1]) : NULL;
	size_t count = 0;
	struct expect *expects = calloc((size_t)argc, sizeof(*expects));
	struct expect_error error;
	int status = EXIT_FAILURE;

	if (!scene || !expects)
		return 2;
	while (argv[3 + count] && !expect_parse(argv[3 + count], &expects[count], &error))
		count++;
	if (!argv[3 + count])
		status = report_scene(scene, argv[2], expects, count);
	while (count)
		expect_free(&expects[--count]);
	free(expects);
	return status;
}
