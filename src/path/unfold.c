// SPDX-License-Identifier: GPL-2.0-only
#include "path/unfold.h"

#include "path/returns.h"
#include "path/step.h"
#include "path/trail.h"

static size_t unfold_step(struct path *path, const struct trail_entry *entry,
			  struct naming *naming)
{
	const struct step *step = &entry->step;
	size_t at = path->count;

	if (step_add(path, naming, step, step->headers ? &entry->headers : NULL, &at))
		path->complete = false;
	return at;
}

static size_t unfold_return(struct path *path, const struct step *end)
{
	size_t at = returns_find(path, end);

	if (at < path->count) {
		path->steps[at].returned = end->time;
		path->steps[at].result = end->result;
	}
	return at;
}

size_t path_unfold(struct path *path, struct trail *trail, struct naming *naming)
{
	struct trail_reader reader = { .at = 0 };
	struct trail_entry entry;
	size_t at = path->count;

	while (trail_next(trail, &reader, &entry)) {
		if (entry.step.kind == EVENT_RETURN)
			at = unfold_return(path, &entry.step);
		else
			at = unfold_step(path, &entry, naming);
	}
	trail_empty(trail);
	return at;
}
