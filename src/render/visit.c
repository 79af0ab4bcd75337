// SPDX-License-Identifier: GPL-2.0-only
#include "render/visit.h"

#include <string.h>

#include "render/place.h"

bool visit_next(const struct path *path, struct visit *visit)
{
	visit->first = visit->end;
	if (visit->first >= path->count)
		return false;
	do
		visit->end++;
	while (visit->end < path->count &&
	       !place_changed(&path->steps[visit->end], &path->steps[visit->first]));
	return true;
}

bool visit_stage(const struct path *path, const struct visit *visit, struct visit *stage)
{
	const struct step *steps = path->steps;

	stage->first = stage->end ? stage->end : visit->first;
	if (stage->first >= visit->end)
		return false;
	stage->end = stage->first + 1;
	while (stage->end < visit->end &&
	       !strcmp(steps[stage->end].stage, steps[stage->first].stage))
		stage->end++;
	return true;
}

uint64_t visit_begin(const struct path *path, const struct visit *visit)
{
	return path->steps[visit->first].time;
}

uint64_t visit_end(const struct path *path, const struct visit *visit)
{
	return path->steps[visit->end < path->count ? visit->end : visit->end - 1].time;
}
