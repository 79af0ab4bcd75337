// SPDX-License-Identifier: GPL-2.0-only
#include "path/hop.h"

#include <string.h>

#include "path/direction.h"
#include "path/path.h"

/* The protocols, which a packet reaches on its way in only. */
static bool stage_is_upper(const char *stage)
{
	return !strcmp(stage, "transport") || !strcmp(stage, "socket");
}

/* Was the path ended by a function that only packets come to that were received? */
static bool end_is_receive(const struct path *path)
{
	struct stage stage = stage_lookup(path_where(path));

	return path->end == PATH_DELIVERED || stage.role == STAGE_ROLE_RECEIVE ||
	       stage.role == STAGE_ROLE_DELIVER || stage_is_upper(stage.name);
}

/* Is a packet that came in still on its way in at this step? */
static bool step_is_receive(const struct path *path, const struct step *step)
{
	if (!step->ifindex || step->inferred)
		return false;
	if (step->role == STAGE_ROLE_RECEIVE || step->role == STAGE_ROLE_DELIVER)
		return true;
	return step->role == STAGE_ROLE_FREE && end_is_receive(path);
}

static bool same_device(const struct step *a, const struct step *b)
{
	return a->netns == b->netns && a->ifindex == b->ifindex;
}

static enum direction hop_direction(const struct path *path, const struct step *step,
				    const struct hop *before)
{
	enum direction direction = direction_of(step);

	if (direction == DIRECTION_NONE && before->step && !before->out &&
	    step_is_receive(path, step))
		return DIRECTION_IN;
	return direction;
}

static bool hop_is(const struct hop *hop, const struct step *step, bool out)
{
	return hop->step && hop->out == out && same_device(hop->step, step);
}

bool hop_next(const struct path *path, struct hop *hop)
{
	if (!hop->flow)
		hop->flow = &path->flow;
	for (size_t i = hop->next; i < path->count; i++) {
		const struct step *step = &path->steps[i];
		enum direction direction = hop_direction(path, step, hop);

		if (step->flow)
			hop->flow = step->flow;
		if (direction == DIRECTION_NONE ||
		    hop_is(hop, step, direction == DIRECTION_OUT))
			continue;
		hop->step = step;
		hop->out = direction == DIRECTION_OUT;
		hop->next = i + 1;
		return true;
	}
	return false;
}

size_t hop_end(const struct path *path, const struct hop *hop)
{
	struct hop next = *hop;
	size_t end;

	if (!hop_next(path, &next))
		return path->count;
	end = (size_t)(next.step - path->steps);
	while (end > hop->next && !same_device(&path->steps[end - 1], hop->step) &&
	       same_device(&path->steps[end - 1], next.step))
		end--;
	return end;
}
