// SPDX-License-Identifier: GPL-2.0-only
#include "render/fold.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "render/place.h"

/* A tracepoint in the function of its name is no second round. */
static bool fold_same(const struct step *a, const struct step *b)
{
	return a->kind == b->kind && !place_changed(a, b) &&
	       (a->func == b->func || !strcmp(a->func, b->func));
}

/* Do the last @length steps say what as many before them did? */
static bool fold_is_loop(const struct fold *fold, size_t length)
{
	const struct fold_step *last = fold->steps + fold->count - length;

	for (size_t i = length; i-- > 0;) {
		if (!fold_same(last[i].step, last[i - length].step))
			return false;
	}
	return true;
}

static void fold_loop(struct fold *fold, size_t length)
{
	struct fold_step *last = fold->steps + fold->count - length;
	struct fold_step *before = last - length;

	for (size_t i = 0; i < length; i++) {
		before[i].time += last[i].time;
		before[i].repeats += last[i].repeats;
	}
	fold->count -= length;
}

/* What was folded may be the end of another loop. */
static void fold_loops(struct fold *fold)
{
	size_t length = 1;

	while (length <= FOLD_LOOP && 2 * length <= fold->count) {
		if (!fold_is_loop(fold, length)) {
			length++;
			continue;
		}
		fold_loop(fold, length);
		length = 1;
	}
}

static int fold_reserve(struct fold *fold, size_t count)
{
	struct fold_step *steps;

	if (count <= fold->room)
		return 0;
	steps = reallocarray(fold->steps, count, sizeof(*steps));
	if (!steps)
		return -ENOMEM;
	fold->steps = steps;
	fold->room = count;
	return 0;
}

static uint64_t step_time(const struct path *path, size_t i)
{
	return i + 1 < path->count ? path_between(&path->steps[i], &path->steps[i + 1])
				   : 0;
}

int fold_path(struct fold *fold, const struct path *path)
{
	fold->count = 0;
	if (fold_reserve(fold, path->count))
		return -ENOMEM;
	for (size_t i = 0; i < path->count; i++) {
		fold->steps[fold->count++] = (struct fold_step){
			.step = &path->steps[i],
			.time = step_time(path, i),
			.repeats = 1,
		};
		fold_loops(fold);
	}
	return 0;
}

void fold_free(struct fold *fold)
{
	free(fold->steps);
	*fold = (struct fold){ 0 };
}
