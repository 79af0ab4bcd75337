// SPDX-License-Identifier: GPL-2.0-only
#include "render/stacks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "path/path.h"
#include "render/place.h"

#define PLACE_FRAMES 2 /* namespace, device */

/* Frames from the outside in, and the calls that they stand for. */
struct stack {
	struct frame *frames[STACKS_DEPTH + PLACE_FRAMES];
	const struct step *calls[STACKS_DEPTH + PLACE_FRAMES]; /* NULL: none */
	size_t count;
};

int stacks_open(struct stacks *stacks, bool by_time)
{
	*stacks = (struct stacks){ .names = strings_new(), .by_time = by_time };
	return stacks->names ? 0 : -ENOMEM;
}

static void frames_free(struct frame *frame)
{
	while (frame) {
		struct frame *next = frame->next;

		frames_free(frame->below);
		free(frame);
		frame = next;
	}
}

void stacks_close(struct stacks *stacks)
{
	frames_free(stacks->all.below);
	strings_free(stacks->names);
	*stacks = (struct stacks){ .names = NULL };
}

/* The frame below @frame with this name, which may be new. NULL without memory. */
static struct frame *frame_below(struct stacks *stacks, struct frame *frame,
				 const char *name)
{
	const char *own = strings_intern(stacks->names, name);
	struct frame *below = frame->below;

	while (own && below && below->name != own)
		below = below->next;
	if (!own || below)
		return own ? below : NULL;
	below = calloc(1, sizeof(*below));
	if (!below)
		return NULL;
	below->name = own;
	below->next = frame->below;
	frame->below = below;
	return below;
}

static int stack_push(struct stacks *stacks, struct stack *stack, const char *name,
		      const struct step *call)
{
	struct frame *above = stack->count ? stack->frames[stack->count - 1]
					   : &stacks->all;
	struct frame *frame;

	if (stack->count == STACKS_DEPTH + PLACE_FRAMES)
		return 0;
	frame = frame_below(stacks, above, name);
	if (!frame)
		return -ENOMEM;
	stack->frames[stack->count] = frame;
	stack->calls[stack->count++] = call;
	if (stack->count > stacks->depth)
		stacks->depth = stack->count;
	return 0;
}

/* The last step before @i that is less deep: the call that it was in. */
static const struct step *step_call(const struct path *path, const struct step *step)
{
	const struct step *call = step;

	while (call > path->steps && call->depth >= step->depth)
		call--;
	return call->depth < step->depth ? call : NULL;
}

static int stack_calls(struct stacks *stacks, struct stack *stack,
		       const struct path *path, const struct step *step)
{
	const struct step *calls[STACKS_DEPTH];
	size_t count = 0;
	int error = 0;

	for (; step && count < STACKS_DEPTH; step = step_call(path, step))
		calls[count++] = step;
	while (!error && count-- > 0)
		error = stack_push(stacks, stack, calls[count]->func, calls[count]);
	return error;
}

static int stack_build(struct stacks *stacks, struct stack *stack,
		       const struct path *path, const struct step *step)
{
	char name[PLACE_NAME];
	int error;

	stack->count = 0;
	error = stack_push(stacks, stack, place_netns(name, step), NULL);
	if (!error)
		error = stack_push(stacks, stack, place_device(name, step), NULL);
	if (error)
		return error;
	if (path->nested)
		return stack_calls(stacks, stack, path, step);
	error = stack_push(stacks, stack, step->stage, NULL);
	return error ? error : stack_push(stacks, stack, step->func, NULL);
}

/* From the step until @end, part by part to the innermost call that goes on. */
static void stack_weigh_time(const struct stack *stack, uint64_t from, uint64_t end)
{
	for (size_t i = stack->count; i-- > 0 && from < end;) {
		const struct step *call = stack->calls[i];
		uint64_t until = end;

		if (call && call->returned && call->returned < end)
			until = call->returned;
		if (until <= from)
			continue;
		stack->frames[i]->self += until - from;
		from = until;
	}
}

int stacks_add(struct stacks *stacks, const struct path *path)
{
	struct stack stack;

	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];
		int error = stack_build(stacks, &stack, path, step);

		if (error)
			return error;
		if (!stacks->by_time)
			stack.frames[stack.count - 1]->self++;
		else if (i + 1 < path->count)
			stack_weigh_time(&stack, step->time, step[1].time);
	}
	stacks->paths++;
	return 0;
}

/* ---- the end */

static int frame_compare(const void *a, const void *b)
{
	const struct frame *const *left = a, *const *right = b;

	return strcmp((*left)->name, (*right)->name);
}

/* By name. Without memory they stay as they are. */
static void frame_sort(struct frame *frame)
{
	struct frame **list, **to = &frame->below;
	size_t count = 0, i = 0;

	for (struct frame *below = frame->below; below; below = below->next)
		count++;
	list = count > 1 ? calloc(count, sizeof(struct frame *)) : NULL;
	if (!list)
		return;
	for (struct frame *below = frame->below; below; below = below->next)
		list[i++] = below;
	qsort(list, count, sizeof(struct frame *), frame_compare);
	for (i = 0; i < count; i++, to = &(*to)->next)
		*to = list[i];
	*to = NULL;
	free(list);
}

static void frame_finish(struct frame *frame)
{
	frame_sort(frame);
	frame->total = frame->self;
	for (struct frame *below = frame->below; below; below = below->next) {
		frame_finish(below);
		frame->total += below->total;
	}
}

void stacks_finish(struct stacks *stacks)
{
	frame_finish(&stacks->all);
}
