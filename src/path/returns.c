// SPDX-License-Identifier: GPL-2.0-only
#include "path/returns.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* A call that was seen to begin. */
struct call {
	const char *function;
	uint64_t time;
	uint32_t frame;
};

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

/* The name of a function is mostly at one address. */
static bool name_is(const char *a, const char *b)
{
	return a == b || !strcmp(a, b);
}

int returns_call(struct tracked *tracked, const struct trail_step *step)
{
	size_t count = tracked->calls.count, capacity = tracked->calls.capacity;

	if (count == capacity) {
		struct call *list = tracked->calls.list;

		capacity = capacity ? 2 * capacity : 4;
		list = reallocarray(list, capacity, sizeof(*list));
		if (!list)
			return -ENOMEM;
		tracked->calls.list = list;
		tracked->calls.capacity = capacity;
	}
	tracked->calls.list[count] = (struct call){ step->func, step->time, step->frame };
	tracked->calls.count++;
	tracked->calls.open++;
	return 0;
}

/* And those before it in the same frame: their return was lost. */
static void calls_remove(struct tracked *tracked, size_t last)
{
	struct call *list = tracked->calls.list, gone = list[last];
	size_t kept = 0;

	for (size_t i = 0; i < tracked->calls.count; i++) {
		if (i > last || list[i].frame != gone.frame ||
		    !name_is(list[i].function, gone.function))
			list[kept++] = list[i];
	}
	tracked->calls.count = kept;
}

bool returns_pair(struct tracked *tracked, const char *function,
		  const struct event *event)
{
	for (size_t i = tracked->calls.count; i-- > 0;) {
		const struct call *call = &tracked->calls.list[i];

		if (call->frame != event->frame || call->time > event->time ||
		    !name_is(call->function, function))
			continue;
		calls_remove(tracked, i);
		tracked->calls.open--;
		return true;
	}
	return false;
}

size_t returns_find(const struct path *path, const struct trail_step *end)
{
	for (size_t i = path->count; i-- > 0;) {
		const struct step *step = &path->steps[i];

		if (step->called && step->frame == end->frame &&
		    step->time <= end->time && name_is(step->func, end->func))
			return i;
	}
	return path->count;
}

void returns_forget(struct tracked *tracked)
{
	free(tracked->calls.list);
}
