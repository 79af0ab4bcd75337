// SPDX-License-Identifier: GPL-2.0-only
#include "path/hop.h"

#include "path/direction.h"
#include "path/path.h"

static bool hop_is(const struct hop *hop, const struct step *step, bool out)
{
	return hop->step && hop->out == out && hop->step->netns == step->netns &&
	       hop->step->ifindex == step->ifindex;
}

bool hop_next(const struct path *path, struct hop *hop)
{
	if (!hop->flow)
		hop->flow = &path->flow;
	for (size_t i = hop->next; i < path->count; i++) {
		const struct step *step = &path->steps[i];
		enum direction direction = direction_of(step);

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
