// SPDX-License-Identifier: GPL-2.0-only
#include "path/assembler.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "path/again.h"
#include "path/content.h"
#include "path/conversation.h"
#include "path/copied.h"
#include "path/event_read.h"
#include "path/infer.h"
#include "path/location.h"
#include "path/naming.h"
#include "path/nest.h"
#include "path/retransmission.h"
#include "path/step.h"
#include "path/tracking.h"

struct assembler {
	assembler_fn fn;
	assembler_step_fn step_fn; /* NULL: nobody watches */
	void *context;
	struct naming naming;
	struct tracking tracking;
	struct segments segments;
	struct conversations conversations;
	struct contents contents;
	bool nests;  /* steps are put into the calls that they are in */
	bool bare;   /* what was altered is not looked for */
	bool holds;  /* paths that have ended wait for a tick */
	size_t held; /* events since the last one */
	struct {
		uint64_t from, to;
	} narrowed; /* when probes were taken away; 0: never */
	struct misses misses;
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
	segments_init(&assembler->segments);
	conversations_init(&assembler->conversations);
	contents_init(&assembler->contents);
	return assembler;
}

void assembler_free(struct assembler *assembler)
{
	if (!assembler)
		return;
	misses_clear(&assembler->misses);
	contents_clear(&assembler->contents);
	conversations_clear(&assembler->conversations);
	segments_clear(&assembler->segments);
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

void assembler_bare(struct assembler *assembler)
{
	assembler->bare = true;
}

void assembler_hold(struct assembler *assembler)
{
	assembler->holds = true;
}

/* ---- paths that have ended */

/* Until when there may have been steps. */
static uint64_t tracked_until(const struct tracked *tracked)
{
	const struct path *path = &tracked->path;

	return tracked->end.cause == END_FREED ? path->steps[path->count - 1].time
					       : UINT64_MAX;
}

static void tracked_narrowed(const struct assembler *assembler, struct tracked *tracked)
{
	struct path *path = &tracked->path;

	if (!path->count || path->steps[0].time >= assembler->narrowed.to ||
	    tracked_until(tracked) <= assembler->narrowed.from)
		return;
	path->narrowed = true;
	path->complete = false;
}

/* Since when there may have been steps: where it began may have been missed. */
static uint64_t tracked_since(const struct tracked *tracked)
{
	uint64_t first = tracked->path.steps[0].time;

	return first > ASSEMBLER_LATE ? first - ASSEMBLER_LATE : 0;
}

/* Of a packet that was seen to be freed it is known when its memory went. */
static void tracked_missed(const struct assembler *assembler, struct tracked *tracked)
{
	unsigned int kinds = (1u << MISSED_KINDS) - 1;
	struct path *path = &tracked->path;

	if (!path->count)
		return;
	if (tracked->end.cause == END_FREED)
		kinds &= ~(1u << MISSED_FREE);
	if (misses_between(&assembler->misses, tracked_since(tracked),
			   tracked_until(tracked), kinds, &path->missed) ||
	    path->missed.count)
		path->complete = false;
}

/*
 * A branch belongs to the conversation of the packet that it came of: what is a copy of a
 * packet in a tunnel has never had the addresses inside. It may be handed over first.
 */
static void assembler_converse(struct assembler *assembler, struct tracked *tracked)
{
	const struct path *root = lineage_root(tracked);
	uint64_t *conversation = lineage_conversation(tracked);

	if (root && (root == &tracked->path || !*conversation))
		*conversation = conversations_find(&assembler->conversations, root,
						   *conversation);
	tracked->path.conversation = *conversation;
}

static void assembler_hand_over_all(struct assembler *assembler)
{
	struct tracked *tracked;

	assembler->held = 0;
	while (tracking_waits(&assembler->tracking) &&
	       (tracked = tracking_next(&assembler->tracking))) {
		tracking_unfold(&assembler->tracking, tracked, &assembler->naming);
		tracked_narrowed(assembler, tracked);
		tracked_missed(assembler, tracked);
		infer_places(&tracked->path);
		if (assembler->nests)
			nest_steps(&tracked->path);
		if (!assembler->bare)
			changes_find(&tracked->path);
		end_decide(&tracked->path, &tracked->end, assembler->naming.names);
		assembler_converse(assembler, tracked);
		lineage_leave(tracked);
		assembler->fn(&tracked->path, assembler->context);
		tracking_forget(&assembler->tracking, tracked);
	}
}

static void assembler_hand_over(struct assembler *assembler)
{
	if (!assembler->holds || ++assembler->held >= ASSEMBLER_HELD)
		assembler_hand_over_all(assembler);
}

/* ---- events */

/*
 * Nothing more comes of this packet, and its last steps may not be its own. The event is
 * none of its own in any case.
 */
static int assembler_reused(struct assembler *assembler, const struct event *event)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);

	assembler->tracking.apart.foreign += event->kind < EVENT_STEP_KINDS;
	if (!tracked || !tracked_is(tracked, event) || !tracked_is_live(tracked))
		return 0;
	tracking_unfold(&assembler->tracking, tracked, &assembler->naming);
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
	return naming_kind(&assembler->naming,
			   naming_function(&assembler->naming, event->where))
		       ->stage.role == STAGE_ROLE_MESSAGE;
}

/* Who watches wants to see the last step as soon as it is there, or has returned. */
static void assembler_show(struct assembler *assembler, struct tracked *tracked)
{
	struct path *path = &tracked->path;
	size_t at;

	if (!assembler->step_fn)
		return;
	at = tracking_unfold(&assembler->tracking, tracked, &assembler->naming);
	if (at == path->count)
		return;
	if (!path->steps[at].returned)
		changes_find_at(path, at);
	assembler->step_fn(path, at, assembler->context);
}

/* What differs from the step before is kept: the rest is as it was there. */
static int assembler_end_call(struct assembler *assembler, struct tracked *tracked,
			      const char *function, const struct event *event)
{
	struct trail_step end = tracked->trail.before;
	struct result result = { 0 };

	naming_result(&assembler->naming, function, event->value, &result);
	end.kind = EVENT_RETURN;
	end.time = event->time;
	end.func = function;
	end.frame = event->frame;
	end.numeric = result.numeric;
	end.value = (uint64_t)result.number;
	end.word = result.word;
	end.headers = false;
	return trail_add(&tracked->trail, &end, NULL);
}

/* Whose path was handed over long ago, or never begun, needs no return. */
static int assembler_returned(struct assembler *assembler, const struct event *event)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);
	const char *function;
	int error = 0;

	if (!tracked)
		return 0;
	function = naming_function(&assembler->naming, event->where);
	if (returns_pair(tracked, function, event)) {
		error = assembler_end_call(assembler, tracked, function, event);
		assembler_show(assembler, tracked);
	}
	tracking_returned(&assembler->tracking, tracked);
	assembler_hand_over(assembler);
	return error;
}

/* What the function of a step knows beside the packet, right behind it. */
static int assembler_add_detail(struct assembler *assembler, struct tracked *tracked,
				const struct event *event, const void *data)
{
	struct trail_step more = tracked->trail.before;

	more.kind = event->kind;
	more.id = event->id;
	more.time = event->time;
	more.func = naming_function(&assembler->naming, event->where);
	more.headers = true;
	more.captured = (uint16_t)detail_size(event->kind);
	return trail_add(&tracked->trail, &more, (const uint8_t *)data + sizeof(*event));
}

/* If events were lost before it, its step may be one of them. */
static int assembler_detail(struct assembler *assembler, const struct event *event,
			    const void *data, size_t size)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);
	int error;

	if (size < sizeof(*event) + detail_size(event->kind))
		return -EINVAL;
	if (!tracked)
		return 0;
	tracked_lost(tracked, event->lost);
	if (event->lost)
		return 0;
	error = assembler_add_detail(assembler, tracked, event, data);
	assembler_show(assembler, tracked);
	return error;
}

/* What was told of its packet belongs to no step. */
static void assembler_again(struct assembler *assembler, const struct event *event,
			    const void *data, size_t size)
{
	struct tracked *tracked = tracking_find(&assembler->tracking, event->packet);
	struct making making;

	if (!tracked)
		return;
	tracked_lost(tracked, event->lost);
	making = again_read(&assembler->naming, data, size);
	lineage_resent(tracked, &making);
}

/* A packet that goes on as a copy of itself. NULL: this event does not say so. */
static struct tracked *assembler_moved(struct assembler *assembler, struct event *event,
				       const struct copied *copied)
{
	struct tracking *tracking = &assembler->tracking;
	struct tracked *tracked;

	if (!copied->making.moves)
		return NULL;
	tracked = tracking_find(tracking, event->value);
	if (!tracked || !tracked_is_live(tracked) ||
	    tracking_move(tracking, tracked, event->packet))
		return NULL;
	event->where = copied->where;
	return tracked;
}

/* Of a packet that was not seen to be made: is it a copy all the same? */
static int assembler_recognise(struct assembler *assembler, struct tracked *tracked,
			       const struct event_snapshot *snapshot)
{
	uint64_t like = contents_note(&assembler->contents, snapshot);

	if (!like || tracked->steps)
		return 0;
	return lineage_recognise(&assembler->tracking.lineage, tracked, like,
				 snapshot->event.time);
}

static int assembler_relate(struct assembler *assembler, struct tracked *tracked,
			    struct event *event, const struct copied *copied)
{
	struct lineage_index *lineage = &assembler->tracking.lineage;

	if (copied->begins && !tracked->steps) {
		event->where = copied->where;
		return lineage_branch(lineage, tracked, event, &copied->making);
	}
	if (!lineage_wants(tracked, event))
		return 0;
	return lineage_step(lineage, tracked, event,
			    naming_event(&assembler->naming, event));
}

/* Its headers are known now: has TCP sent it before? */
static int assembler_sent(struct assembler *assembler, struct tracked *tracked,
			  const struct event *event)
{
	struct retransmission retransmission = retransmissions_note(&assembler->segments,
								    tracked);

	if (!retransmission.number)
		return 0;
	return lineage_resend(&assembler->tracking.lineage, tracked, &retransmission,
			      event->time);
}

/*
 * Of a packet that began at its socket the first header adds the details, unless it
 * has been changed by then (NAT, a tunnel).
 */
static void tracked_add_flow(struct tracked *tracked,
			     const struct event_snapshot *snapshot)
{
	struct headers headers = { .captured = snapshot->captured,
				   .layer = snapshot->layer };
	struct flow flow;

	memcpy(headers.data, snapshot->data, headers.captured);
	headers_flow(&headers, snapshot->event.len, &flow);
	if (!tracked->path.flow.tuple || flow_same_tuple(&tracked->path.flow, &flow))
		tracked->path.flow = flow;
	tracked->flow_known = !flow.tuple && flow_is_decoded(&flow);
}

static void tracked_began(struct tracked *tracked, const struct trail_step *step)
{
	tracked->began.func = step->func;
	tracked->began.time = step->time;
	if (!step->location)
		return;
	tracked->began.netns = step->location->netns;
	tracked->began.ifindex = step->location->ifindex;
}

static int assembler_take(struct assembler *assembler, struct tracked *tracked,
			  const struct event_snapshot *snapshot)
{
	struct trail_step step;
	int error;

	if (tracking_is_full(&assembler->tracking, tracked)) {
		tracked->path.skipped++;
		tracked->path.complete = false;
		return 0;
	}
	error = step_read(&step, &tracked->trail.before, &assembler->naming, snapshot);
	if (!step.called && !assembler->nests)
		step.frame = 0; /* nobody will ask */
	if (!tracked->steps)
		tracked_began(tracked, &step);
	if (!error)
		error = tracking_step(&assembler->tracking, tracked, &step,
				      snapshot->data);
	return error;
}

/* @tracked gets one more step. 0 or -ENOMEM. */
static int assembler_step(struct assembler *assembler, struct tracked *tracked,
			  struct event_snapshot *snapshot, const struct copied *copied)
{
	int error = assembler_relate(assembler, tracked, &snapshot->event, copied);

	if (!error)
		error = assembler_recognise(assembler, tracked, snapshot);
	if (!error)
		error = assembler_take(assembler, tracked, snapshot);
	if (snapshot->event.flags & EVENT_SNAPSHOT && !tracked->flow_known) {
		tracked_add_flow(tracked, snapshot);
		if (tracked->flow_known && !error)
			error = assembler_sent(assembler, tracked, &snapshot->event);
	}
	if (error)
		tracked->path.complete = false;
	assembler_show(assembler, tracked);
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

/* Functions before or behind this tracepoint were not seen. */
static void tracked_blind(struct tracked *tracked, const struct event *event)
{
	if (!(event->flags & EVENT_BLIND))
		return;
	tracked->path.blind++;
	tracked->path.complete = false;
}

/*
 * Behind the end of a path that was handed over: it found the packet in the table before
 * another CPU ended it. A path of its own would have neither beginning nor end, and end
 * that of whoever has the memory now.
 */
static bool assembler_is_late(struct assembler *assembler, const struct event *event)
{
	struct tracking *tracking = &assembler->tracking;

	if (event->flags & EVENT_FIRST || !tracking_is_over(tracking, event->packet))
		return false;
	tracking->apart.late++;
	return true;
}

int assembler_add(struct assembler *assembler, const void *data, size_t size)
{
	struct tracking *tracking = &assembler->tracking;
	struct event_snapshot snapshot;
	struct event *event = &snapshot.event;
	struct tracked *tracked;
	struct copied copied;
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
	if (event->kind == EVENT_AGAIN) {
		assembler_again(assembler, event, data, size);
		return 0;
	}
	copied = copied_read(&assembler->naming, event, data, size);
	tracked = tracking_find(tracking, event->packet);
	if (!tracked)
		tracked = assembler_moved(assembler, event, &copied);
	if (!tracked && assembler_is_late(assembler, event))
		return 0;
	if (!tracked)
		tracked = tracking_begin(tracking, event);
	if (!tracked)
		return -ENOMEM;
	tracked_lost(tracked, event->lost);
	tracked_blind(tracked, event);
	if (tracked_is(tracked, event)) {
		tracking_settle(tracking, tracked, event->skb);
		tracked->frame = event->flags & EVENT_FRAME;
	}
	error = assembler_step(assembler, tracked, &snapshot, &copied);
	if (event->flags & EVENT_LAST && tracked_is(tracked, event) &&
	    tracked_is_live(tracked))
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

int assembler_missed(struct assembler *assembler, const struct missed_span *span)
{
	return misses_add(&assembler->misses, span);
}

void assembler_tick(struct assembler *assembler, uint64_t now)
{
	tracking_time(&assembler->tracking, now);
	assembler_hand_over_all(assembler);
}

size_t assembler_open(const struct assembler *assembler)
{
	return assembler->tracking.open;
}

uint64_t assembler_moves(const struct assembler *assembler)
{
	return assembler->tracking.moves;
}

struct assembler_apart assembler_apart(const struct assembler *assembler)
{
	return assembler->tracking.apart;
}

void assembler_finish(struct assembler *assembler)
{
	assembler_hand_over_all(assembler);
	while (tracking_end_oldest(&assembler->tracking, END_NONE))
		assembler_hand_over_all(assembler);
}
