// SPDX-License-Identifier: GPL-2.0-only
#include "render/hist.h"

#include <errno.h>
#include <string.h>

/* NULL: there is no room, which cannot be, as stages are few. */
static struct hist_row *hist_row(struct hist *hist, const char *name)
{
	for (size_t i = 0; i < hist->count; i++) {
		if (!strcmp(hist->rows[i].name, name))
			return &hist->rows[i];
	}
	if (hist->count == HIST_ROWS)
		return NULL;
	hist->rows[hist->count].name = name;
	return &hist->rows[hist->count++];
}

/* A compiler's suffix (".isra.0") does not count. */
static bool step_is(const struct step *step, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(step->func, name, length) &&
	       (!step->func[length] || step->func[length] == '.');
}

/* The first step called @name from @i on; .count: there is none. */
static size_t step_find(const struct path *path, size_t i, const char *name)
{
	while (i < path->count && !step_is(&path->steps[i], name))
		i++;
	return i;
}

static int hist_add_between(struct hist *hist, const struct path *path)
{
	size_t from = hist->from ? step_find(path, 0, hist->from) : 0;
	size_t to = hist->to ? step_find(path, from + 1, hist->to) : path->count - 1;
	struct hist_row *row = hist_row(hist, "");

	if (from >= path->count || to >= path->count)
		return 0;
	return sketch_add(&row->time, path_between(&path->steps[from], &path->steps[to]));
}

/* What it spent in the stage of its step @first, if it was not there before. */
static int hist_add_stage(struct hist *hist, const struct path *path, size_t first)
{
	const char *stage = path->steps[first].stage;
	struct hist_row *row;
	uint64_t time = 0;

	for (size_t i = 0; i < first; i++) {
		if (!strcmp(path->steps[i].stage, stage))
			return 0;
	}
	for (size_t i = first; i + 1 < path->count; i++) {
		if (!strcmp(path->steps[i].stage, stage))
			time += path_between(&path->steps[i], &path->steps[i + 1]);
	}
	row = hist_row(hist, stage);
	return row ? sketch_add(&row->time, time) : 0;
}

int hist_add(struct hist *hist, const struct path *path)
{
	int error = 0;

	hist->paths++;
	if (!path->count)
		return 0;
	if (hist->from || hist->to)
		return hist_add_between(hist, path);
	for (size_t i = 0; !error && i + 1 < path->count; i++)
		error = hist_add_stage(hist, path, i);
	return error;
}

void hist_close(struct hist *hist)
{
	for (size_t i = 0; i < hist->count; i++)
		sketch_free(&hist->rows[i].time);
	hist->count = 0;
}
