// SPDX-License-Identifier: GPL-2.0-only
#include "path/nest.h"

#include <string.h>

/* More calls within one another than a stack has room for. */
#define NEST_CALLS 128

/* The calls that may not have ended, from the outside in on each stack. */
struct nest {
	const struct step *calls[NEST_CALLS];
	size_t count;
};

/* The stack of a task goes with it; that of interrupts, and of idling, with the CPU. */
static bool stack_is_same(const struct step *a, const struct step *b)
{
	if ((a->frame ^ b->frame) & EVENT_FRAME_TASK)
		return false;
	if (a->frame & EVENT_FRAME_TASK && a->tid)
		return a->tid == b->tid;
	return a->tid == b->tid && a->cpu == b->cpu;
}

static bool call_is_over(const struct step *call, const struct step *step)
{
	if (call->returned)
		return call->returned < step->time;
	/* Its return was not seen, but somebody else is where its frame was. */
	return step->frame && stack_is_same(call, step) && step->frame >= call->frame;
}

static bool call_holds(const struct step *call, const struct step *step)
{
	return step->frame && stack_is_same(call, step) && step->frame < call->frame;
}

static void nest_sweep(struct nest *nest, const struct step *step)
{
	size_t kept = 0;

	for (size_t i = 0; i < nest->count; i++) {
		if (!call_is_over(nest->calls[i], step))
			nest->calls[kept++] = nest->calls[i];
	}
	nest->count = kept;
}

static const struct step *nest_parent(const struct nest *nest, const struct step *step)
{
	for (size_t i = nest->count; i-- > 0;) {
		if (call_holds(nest->calls[i], step))
			return nest->calls[i];
	}
	return NULL;
}

static void nest_add(struct nest *nest, const struct step *call)
{
	if (nest->count == NEST_CALLS) {
		nest->count--;
		memmove(nest->calls, nest->calls + 1,
			nest->count * sizeof(nest->calls[0]));
	}
	nest->calls[nest->count++] = call;
}

void nest_steps(struct path *path)
{
	struct nest nest = { .count = 0 };

	path->nested = true;
	for (size_t i = 0; i < path->count; i++) {
		struct step *step = &path->steps[i];
		const struct step *parent;

		nest_sweep(&nest, step);
		parent = nest_parent(&nest, step);
		step->depth = parent ? parent->depth + 1 : 0;
		if (step->kind == EVENT_FUNCTION && step->frame)
			nest_add(&nest, step);
	}
}
