// SPDX-License-Identifier: GPL-2.0-only
#include "path/unfold.h"

#include <string.h>

#include "path/path.h"
#include "path/returns.h"
#include "path/step.h"
#include "path/trail.h"

static size_t unfold_step(struct path *path, const struct trail_step *step,
			  const uint8_t *data, struct naming *naming)
{
	size_t at = path->count;

	if (step_add(path, naming, step, data, &at)) {
		path->skipped++;
		path->complete = false;
	}
	return at;
}

static size_t unfold_return(struct path *path, const struct trail_step *end)
{
	size_t at = returns_find(path, end);

	if (at < path->count) {
		path->steps[at].returned = end->time;
		path->steps[at].result = (struct result){
			.numeric = end->numeric,
			.number = (int64_t)end->value,
			.word = end->word,
		};
	}
	return at;
}

/* Of the last step at the function, right before. */
static size_t unfold_detail(struct path *path, const struct trail_step *more,
			    const uint8_t *data)
{
	size_t at = path->count;

	while (at-- > 0) {
		struct step *step = &path->steps[at];

		if (strcmp(step->func, more->func))
			continue;
		if (step->detail || detail_read(more, data, &step->detail))
			break;
		return at;
	}
	return path->count;
}

size_t path_unfold(struct path *path, struct trail *trail, struct naming *naming)
{
	struct trail_reader reader = { .at = 0 };
	const struct trail_step *step;
	const uint8_t *data;
	size_t at = path->count;

	while ((step = trail_next(trail, &reader, &data))) {
		if (step->kind == EVENT_RETURN)
			at = unfold_return(path, step);
		else if (step->kind == EVENT_CHAIN || step->kind == EVENT_ROUTE)
			at = unfold_detail(path, step, data);
		else
			at = unfold_step(path, step, data, naming);
	}
	trail_empty(trail);
	return at;
}
