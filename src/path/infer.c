// SPDX-License-Identifier: GPL-2.0-only
#include "path/infer.h"

#include <string.h>

#include "path/direction.h"

static bool step_is_receive_side(const struct step *step)
{
	return step->kind == EVENT_TRACEPOINT && direction_of(step) == DIRECTION_IN;
}

/* It knows where it was by itself. */
static bool step_is_anchor(const struct step *step)
{
	return step->netns && !step->inferred;
}

static bool step_is_egress_gate(const struct step *step)
{
	return step->kind == EVENT_GATE && step->id == EVENT_GATE_EGRESS;
}

static void step_take_place(struct step *step, const struct step *from)
{
	step->netns = from->netns;
	step->netns_name = from->netns_name;
	step->ifindex = from->ifindex;
	memcpy(step->dev, from->dev, sizeof(step->dev));
	step->inferred = true;
}

static void infer_backward(struct path *path)
{
	const struct step *next = NULL;

	for (size_t i = path->count; i-- > 0;) {
		struct step *step = &path->steps[i];

		if (step_is_anchor(step))
			next = step_is_egress_gate(step) ? NULL : step;
		else if (next && step_is_receive_side(step))
			step_take_place(step, next);
	}
}

static void infer_forward(struct path *path)
{
	const struct step *before = NULL;

	for (size_t i = 0; i < path->count; i++) {
		struct step *step = &path->steps[i];

		if (step_is_anchor(step))
			before = step;
		else if (before && !step_is_receive_side(step))
			step_take_place(step, before);
	}
}

static bool step_lacks_task(const struct step *step)
{
	return step->kind == EVENT_GATE && !step->tid && !step->comm[0];
}

static void step_take_task(struct step *step, const struct step *from)
{
	if (step_lacks_task(from) || from->cpu != step->cpu)
		return;
	step->pid = from->pid;
	step->tid = from->tid;
	memcpy(step->comm, from->comm, sizeof(step->comm));
}

static void infer_tasks(struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		struct step *step = &path->steps[i];

		if (i > 0 && step_lacks_task(step))
			step_take_task(step, step - 1);
		if (i + 1 < path->count && step_lacks_task(step))
			step_take_task(step, step + 1);
	}
}

/* Where functions tell of packets, that is so. */
static bool path_is_told(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		if (!step_is_anchor(&path->steps[i]) || step_lacks_task(&path->steps[i]))
			return false;
	}
	return true;
}

void infer_places(struct path *path)
{
	if (path_is_told(path))
		return;
	infer_tasks(path);
	infer_backward(path);
	infer_forward(path);
}

size_t infer_owned(const struct path *path)
{
	size_t count = path->count;

	while (count > 0 && step_is_receive_side(&path->steps[count - 1]) &&
	       !step_is_anchor(&path->steps[count - 1]))
		count--;
	return count;
}
