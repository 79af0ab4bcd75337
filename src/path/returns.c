// SPDX-License-Identifier: GPL-2.0-only
#include "path/returns.h"

#include <string.h>

void returns_init(struct returns *returns)
{
	TAILQ_INIT(&returns->waiting);
}

void returns_wait(struct returns *returns, struct tracked *tracked, uint64_t now)
{
	tracked->waiting = true;
	tracked->ended_at = now;
	TAILQ_INSERT_TAIL(&returns->waiting, tracked, by_end);
}

void returns_leave(struct returns *returns, struct tracked *tracked)
{
	if (!tracked->waiting)
		return;
	tracked->waiting = false;
	TAILQ_REMOVE(&returns->waiting, tracked, by_end);
}

struct tracked *returns_overdue(const struct returns *returns, uint64_t now)
{
	struct tracked *longest = TAILQ_FIRST(&returns->waiting);

	return longest && now - longest->ended_at >= RETURNS_PATIENCE ? longest : NULL;
}

static struct step *step_called(const struct path *path, const char *function,
				const struct event *event)
{
	for (size_t i = path->count; i-- > 0;) {
		struct step *step = &path->steps[i];

		if (step->called && step->frame == event->frame &&
		    step->time <= event->time && !strcmp(step->func, function))
			return step->returned ? NULL : step;
	}
	return NULL;
}

const struct step *returns_pair(struct tracked *tracked, const char *function,
				const struct event *event, struct names *names)
{
	struct step *step = step_called(&tracked->path, function, event);

	if (!step)
		return NULL;
	step->returned = event->time;
	result_read(function, event->value, names, &step->result);
	tracked->calls--;
	return step;
}
