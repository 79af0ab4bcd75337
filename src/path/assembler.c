// SPDX-License-Identifier: GPL-2.0-only
#include "path/assembler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "path/event_read.h"
#include "path/infer.h"
#include "path/naming.h"
#include "path/nest.h"
#include "path/step.h"
#include "path/tracking.h"

struct assembler {
	assembler_fn fn;
	assembler_step_fn step_fn; /* NULL: nobody watches */
	void *context;
	struct naming naming;
	struct tracking tracking;
	bool nests; /* steps are put into the calls that they are in */
	struct {
		uint64_t from, to;
	} narrowed; /* when probes were taken away; 0: never */
};

struct assembler *assembler_new(struct names *names, assembler_fn fn, void *context)
{
	struct assembler *assembler = calloc(1, sizeof(*assembler));

	if (!assembler)
		return NULL;
	assembler->fn = fn;
	assembler->context = context;
	assembler->naming.names = names;
	tracking_init(&assembler->tracking);
	return assembler;
}

void assembler_free(struct assembler *assembler)
{
	if (!assembler)
		return;
	tracking_clear(&assembler->tracking);
	naming_clear(&assembler->naming);
	free(assembler);
}

void assembler_watch(struct assembler *assembler, assembler_step_fn fn)
{
	assembler->step_fn = fn;
}

void assembler_nest(struct assembler *assembler)
{
	assembler->nests = true;
}

/* ---- paths that have ended */

static void tracked_narrowed(const struct assembler *assembler, struct tracked *tracked)
{
	struct path *path = &tracked->path;

	if (!path->count || path->steps[0].time >= assembler->narrowed.to)
		return;
	if (tracked->end.cause == END_FREED &&
	    path->steps[path->count - 1].time <= assembler->narrowed.from)
		return;
	path->narrowed = true;
	path->complete = false;
}

static void assembler_hand_over(struct assembler *assembler)
{
	struct tracked *tracked;

	while ((tracked = tracking_next(&assembler->tracking))) {
		tracked_narrowed(assembler, tracked);
		infer_places(&tracked->path);
		if (assembler->nests)
			nest_steps(&tracked->path);
		changes_find(&tracked->path);
		end_decide(&tracked->path, &tracked->end, assembler->naming.names);
		lineage_leave(tracked);
		assembler->fn(&tracked->path, assembler->context);
		tracking_forget(&assembler->tracking, tracked);
	}
}

/* ---- events */

/* Nothing more comes of this packet, and its last steps may not be its own. */
static int assembler_reused(struct assembler *assembler, const struct event *event)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);

	if (!tracked || !tracked_is_live(tracked))
		return 0;
	tracking_truncate(&assembler->tracking, tracked, infer_owned(&tracked->path));
	tracking_end(&assembler->tracking, tracked, END_REPLACED, NULL, NULL);
	assembler_hand_over(assembler);
	return 0;
}

/*
 * Is the event one of a message between processes, which has the memory of a packet that
 * was freed unseen? So a confined kernel tells, where gates cannot look.
 */
static bool assembler_is_message(struct assembler *assembler, const struct event *event)
{
	if (event->kind != EVENT_TRACEPOINT || !(event->flags & EVENT_LAST) ||
	    !event->where)
		return false;
	return naming_stage(&assembler->naming,
			    naming_function(&assembler->naming, event->where))
		       .role == STAGE_ROLE_MESSAGE;
}

/* Whose path was handed over long ago, or never begun, needs no return. */
static int assembler_returned(struct assembler *assembler, const struct event *event)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);
	const struct step *step;

	if (!tracked)
		return 0;
	step = returns_pair(tracked, naming_function(&assembler->naming, event->where),
			    event, assembler->naming.names);
	if (step && assembler->step_fn)
		assembler->step_fn(&tracked->path, (size_t)(step - tracked->path.steps),
				   assembler->context);
	tracking_returned(&assembler->tracking, tracked);
	assembler_hand_over(assembler);
	return 0;
}

/* The last step at @function, which an event right behind it tells more of. */
static struct step *step_told(const struct path *path, const char *function)
{
	for (size_t i = path->count; i-- > 0;) {
		struct step *step = &path->steps[i];

		if (!strcmp(step->func, function))
			return step->detail ? NULL : step;
	}
	return NULL;
}

/* What the function of a step knows beside the packet; if that step was not lost. */
static int assembler_detail(struct assembler *assembler, const struct event *event,
			    const void *data, size_t size)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);
	struct step *step = NULL;
	int error;

	if (tracked)
		tracked_lost(tracked, event->lost);
	if (tracked && !event->lost)
		step = step_told(&tracked->path,
				 naming_function(&assembler->naming, event->where));
	if (!step)
		return 0;
	error = detail_read(data, size, &step->detail);
	if (!error && assembler->step_fn)
		assembler->step_fn(&tracked->path, (size_t)(step - tracked->path.steps),
				   assembler->context);
	return error;
}

/* A branch begins. Who made it is told by the calls that led there: its first step. */
static int assembler_branch(struct assembler *assembler, struct tracked *tracked,
			    struct event *event, const void *data, size_t size)
{
	const char *functions[EVENT_CALLERS];
	struct event_copy copy = { 0 };
	struct making making;
	size_t count = 0;

	if (size >= sizeof(copy))
		memcpy(&copy, data, sizeof(copy));
	if (!copy.callers[0])
		copy.callers[0] = event->where;
	for (; count < EVENT_CALLERS && copy.callers[count]; count++)
		functions[count] = naming_function(&assembler->naming,
						   copy.callers[count]);
	making = relation_read(functions, count);
	event->where = copy.callers[making.maker];
	return lineage_branch(&assembler->tracking.lineage, tracked, event, &making,
			      count ? functions[making.maker] : NULL);
}

static int assembler_relate(struct assembler *assembler, struct tracked *tracked,
			    struct event *event, const void *data, size_t size)
{
	if (event->kind == EVENT_COPY && event->flags & EVENT_FIRST)
		return assembler_branch(assembler, tracked, event, data, size);
	if (!lineage_wants(tracked, event))
		return 0;
	return lineage_step(&assembler->tracking.lineage, tracked, event,
			    naming_event(&assembler->naming, event));
}

/*
 * Of a packet that began at its socket the first header adds the details, unless it
 * has been changed by then (NAT, a tunnel).
 */
static void tracked_add_flow(struct tracked *tracked,
			     const struct event_snapshot *snapshot)
{
	struct flow flow;

	if (tracked->flow_known || !(snapshot->event.flags & EVENT_SNAPSHOT))
		return;
	event_flow(snapshot, &flow);
	if (!tracked->path.flow.tuple || flow_same_tuple(&tracked->path.flow, &flow))
		tracked->path.flow = flow;
	tracked->flow_known = !flow.tuple && flow_is_known(&flow);
}

/* @tracked gets one more step. 0 or -ENOMEM. */
static int assembler_step(struct assembler *assembler, struct tracked *tracked,
			  struct event_snapshot *snapshot, const void *data, size_t size)
{
	struct path *path = &tracked->path;
	size_t steps = path->count, at = 0;
	int error = assembler_relate(assembler, tracked, &snapshot->event, data, size);

	if (!error)
		error = step_add(path, &assembler->naming, snapshot,
				 &assembler->tracking.steps, &at);
	if (error)
		path->complete = false;
	else if (snapshot->event.flags & EVENT_CALL && path->count > steps)
		tracked->calls++;
	tracked_add_flow(tracked, snapshot);
	if (assembler->step_fn && path->count > steps) {
		changes_find_at(path, at);
		assembler->step_fn(path, at, assembler->context);
	}
	return error;
}

/* Its memory is freed; without a word about why by the function that did. */
static void assembler_freed(struct assembler *assembler, struct tracked *tracked,
			    const struct event *event)
{
	const char *freed_by = NULL;

	if (event->kind == EVENT_FREE)
		freed_by = naming_function(&assembler->naming, event->where);
	tracking_end(&assembler->tracking, tracked, END_FREED, event, freed_by);
}

int assembler_add(struct assembler *assembler, const void *data, size_t size)
{
	struct tracking *tracking = &assembler->tracking;
	struct event_snapshot snapshot;
	const struct event *event = &snapshot.event;
	struct tracked *tracked;
	int error = event_read(&snapshot, data, size);

	if (error)
		return error;
	tracking_time(tracking, event->time);
	tracking->placed += event->lost;
	if (event->kind == EVENT_REUSED || assembler_is_message(assembler, event))
		return assembler_reused(assembler, event);
	if (event->kind == EVENT_RETURN)
		return assembler_returned(assembler, event);
	if (event->kind == EVENT_CHAIN || event->kind == EVENT_ROUTE)
		return assembler_detail(assembler, event, data, size);
	tracked = tracking_find(tracking, event->packet);
	if (!tracked)
		tracked = tracking_begin(tracking, event);
	if (!tracked)
		return -ENOMEM;
	tracked_lost(tracked, event->lost);
	tracking_settle(tracking, tracked, event->skb);
	error = assembler_step(assembler, tracked, &snapshot, data, size);
	if (event->flags & EVENT_LAST && tracked_is_live(tracked))
		assembler_freed(assembler, tracked, event);
	assembler_hand_over(assembler);
	return error;
}

/* ---- what else it is told */

void assembler_lost(struct assembler *assembler, uint64_t lost)
{
	if (lost > assembler->tracking.lost)
		assembler->tracking.lost = lost;
}

void assembler_narrowed(struct assembler *assembler, uint64_t from, uint64_t to)
{
	assembler->narrowed.from = from;
	assembler->narrowed.to = to;
}

void assembler_tick(struct assembler *assembler, uint64_t now)
{
	tracking_time(&assembler->tracking, now);
	assembler_hand_over(assembler);
}

size_t assembler_open(const struct assembler *assembler)
{
	return assembler->tracking.open;
}

void assembler_finish(struct assembler *assembler)
{
	while (tracking_end_oldest(&assembler->tracking, END_NONE))
		assembler_hand_over(assembler);
}
