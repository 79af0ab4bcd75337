// SPDX-License-Identifier: GPL-2.0-only
#include "path/tracking.h"

#include <errno.h>
#include <stdlib.h>

#include "base/container.h"
#include "path/unfold.h"

#define TRACKING_SPARE	     1024 /* steps */
#define TRACKING_SPARE_TRAIL 4096 /* bytes */

void tracking_init(struct tracking *tracking)
{
	tracking->lineage.packets = &tracking->by_packet;
	order_init(&tracking->order);
	returns_init(&tracking->returns);
}

/* A path that is unfolded takes the room that another one has left. */
static void spare_take(struct tracking *tracking, struct path *path)
{
	path->steps = tracking->spare.steps;
	path->capacity = tracking->spare.capacity;
	tracking->spare.steps = NULL;
	tracking->spare.capacity = 0;
}

/* The same with what was packed; a trail is not kept longer than what most paths need. */
static void spare_take_trail(struct tracking *tracking, struct trail *trail)
{
	trail->data = tracking->spare.trail;
	trail->size = tracking->spare.trail_size;
	tracking->spare.trail = NULL;
	tracking->spare.trail_size = 0;
}

static void spare_give_trail(struct tracking *tracking, struct trail *trail)
{
	if (trail->size <= tracking->spare.trail_size ||
	    trail->size > TRACKING_SPARE_TRAIL)
		return;
	free(tracking->spare.trail);
	tracking->spare.trail = trail->data;
	tracking->spare.trail_size = trail->size;
	trail->data = NULL;
}

/* Of two the larger one is kept, unless it is one of the few that are very large. */
static void spare_give(struct tracking *tracking, struct path *path)
{
	if (path->capacity <= tracking->spare.capacity || path->capacity > TRACKING_SPARE)
		return;
	path_truncate(path, 0);
	free(tracking->spare.steps);
	tracking->spare.steps = path->steps;
	tracking->spare.capacity = path->capacity;
	path->steps = NULL;
}

static void formers_free(struct tracking *tracking, struct tracked *tracked)
{
	struct former *former;

	while ((former = tracked->formers)) {
		tracked->formers = former->next;
		table_remove(&tracking->by_former, &former->by_packet);
		free(former);
	}
}

static void tracked_free(struct tracking *tracking, struct tracked *tracked)
{
	formers_free(tracking, tracked);
	tracking->steps -= tracked->steps;
	lineage_leave(tracked);
	returns_forget(tracked);
	spare_give_trail(tracking, &tracked->trail);
	trail_free(&tracked->trail);
	spare_give(tracking, &tracked->path);
	path_free(&tracked->path);
	free(tracked);
}

void tracking_clear(struct tracking *tracking)
{
	struct table_node *node;
	size_t bucket = 0;

	while ((node = table_take(&tracking->by_packet, &bucket)))
		tracked_free(tracking, CONTAINER_OF(node, struct tracked, by_packet));
	free(tracking->spare.steps);
	free(tracking->spare.trail);
}

/* ---- which there are */

struct tracked *tracking_look(const struct tracking *tracking, uint64_t packet)
{
	struct table_node *node = table_find(&tracking->by_packet, packet);

	if (node)
		return CONTAINER_OF(node, struct tracked, by_packet);
	node = table_find(&tracking->by_former, packet);
	return node ? CONTAINER_OF(node, struct former, by_packet)->tracked : NULL;
}

struct tracked *tracking_begin(struct tracking *tracking, const struct event *event)
{
	struct tracked *tracked;

	if (tracking->open >= ASSEMBLER_OPEN)
		tracking_end_oldest(tracking, END_REPLACED);
	tracked = calloc(1, sizeof(*tracked));
	if (!tracked)
		return NULL;
	tracked->path.id = ++tracking->last_id;
	tracked->path.packet = event->packet;
	tracked->path.flow.proto = "unknown";
	tracked->path.netns = event->netns;
	tracked->path.complete = (event->flags & (EVENT_FIRST | EVENT_LATE)) ==
				 EVENT_FIRST;
	if (lineage_begin(tracked)) {
		free(tracked);
		return NULL;
	}
	spare_take_trail(tracking, &tracked->trail);
	table_add(&tracking->by_packet, &tracked->by_packet, event->packet);
	order_begin(&tracking->order, tracked);
	tracking->open++;
	return tracked;
}

/* ---- what they did */

int tracking_step(struct tracking *tracking, struct tracked *tracked,
		  const struct trail_step *step, const uint8_t *data)
{
	int error = trail_add(&tracked->trail, step, data);

	if (error)
		return error;
	tracked->steps++;
	tracking->steps++;
	return step->called ? returns_call(tracked, step) : 0;
}

size_t tracking_unfold(struct tracking *tracking, struct tracked *tracked,
		       struct naming *naming)
{
	if (!tracked->path.steps)
		spare_take(tracking, &tracked->path);
	return path_unfold(&tracked->path, &tracked->trail, naming);
}

void tracking_truncate(struct tracking *tracking, struct tracked *tracked, size_t count)
{
	tracking->apart.foreign += tracked->steps - count;
	tracking->steps -= tracked->steps - count;
	tracked->steps = count;
	path_truncate(&tracked->path, count);
}

int tracking_move(struct tracking *tracking, struct tracked *tracked, uint64_t packet)
{
	struct former *former = malloc(sizeof(*former));

	if (!former)
		return -ENOMEM;
	former->tracked = tracked;
	former->next = tracked->formers;
	tracked->formers = former;
	table_add(&tracking->by_former, &former->by_packet, tracked->path.packet);
	table_remove(&tracking->by_packet, &tracked->by_packet);
	table_add(&tracking->by_packet, &tracked->by_packet, packet);
	tracked->path.packet = packet;
	tracking->moves++;
	return 0;
}

/* ---- where they are */

static struct tracked *tracking_at(const struct tracking *tracking, uint64_t skb)
{
	struct table_node *node = table_find(&tracking->by_skb, skb);

	return node ? CONTAINER_OF(node, struct tracked, by_skb) : NULL;
}

void tracking_resettle(struct tracking *tracking, struct tracked *tracked, uint64_t skb)
{
	struct tracked *before;

	if (!tracked_is_live(tracked))
		return;
	table_remove(&tracking->by_skb, &tracked->by_skb);
	before = skb ? tracking_at(tracking, skb) : NULL;
	if (before)
		tracking_end(tracking, before, END_REPLACED, NULL, NULL);
	if (skb)
		table_add(&tracking->by_skb, &tracked->by_skb, skb);
	else
		tracked->by_skb.key = 0;
}

/* ---- how they end */

/*
 * A path that was not seen to end may have ended in an event that was lost: in
 * one of those that no later event of the same packet has told of. Of an XDP frame
 * functions alone tell, and the kernel may have skipped the one that ended it.
 */
static void tracked_doubt(const struct tracking *tracking, struct tracked *tracked)
{
	if (tracking->lost > tracking->placed)
		tracked_lost(tracked, tracking->lost - tracking->placed);
	if (tracked->frame)
		tracked->path.complete = false;
}

static void tracked_close(struct tracking *tracking, struct tracked *tracked)
{
	returns_leave(&tracking->returns, tracked);
	tracked->ended_at = tracking->now;
	tracking->open--;
	order_end(&tracking->order, tracked);
}

void tracking_end(struct tracking *tracking, struct tracked *tracked,
		  enum end_cause cause, const struct event *event, const char *freed_by)
{
	if (cause != END_FREED)
		tracked_doubt(tracking, tracked);
	if (lineage_end(&tracking->lineage, tracked, cause, freed_by))
		tracked->path.complete = false;
	table_remove(&tracking->by_skb, &tracked->by_skb);
	tracked->end.cause = cause;
	if (event) {
		tracked->end.kind = event->kind;
		tracked->end.id = event->id;
		tracked->end.where = event->where;
		tracked->end.value = event->value;
	}
	if (cause == END_FREED && tracked->calls.open)
		returns_wait(&tracking->returns, tracked, tracking->now);
	else
		tracked_close(tracking, tracked);
}

void tracking_returned(struct tracking *tracking, struct tracked *tracked)
{
	if (tracked->waiting && !tracked->calls.open)
		tracked_close(tracking, tracked);
}

bool tracking_end_oldest(struct tracking *tracking, enum end_cause cause)
{
	struct tracked *tracked = order_oldest(&tracking->order);

	if (!tracked)
		return false;
	if (tracked->waiting) {
		tracked_close(tracking, tracked);
	} else {
		tracked->given_up = true;
		tracking_end(tracking, tracked, cause, NULL, NULL);
	}
	return true;
}

/* ---- whose turn it is */

struct tracked *tracking_next(struct tracking *tracking)
{
	struct tracked *tracked;

	while ((tracked = returns_overdue(&tracking->returns, tracking->now)))
		tracked_close(tracking, tracked);
	return order_next(&tracking->order, tracking->now);
}

/* By each id that its packet has had. */
static void tracked_note(struct tracking *tracking, const struct tracked *tracked)
{
	if (tracked->given_up)
		return;
	handed_note(&tracking->handed, tracked->path.packet);
	for (struct former *former = tracked->formers; former; former = former->next)
		handed_note(&tracking->handed, former->by_packet.key);
}

void tracking_forget(struct tracking *tracking, struct tracked *tracked)
{
	tracked_note(tracking, tracked);
	if (tracking->latest == tracked)
		tracking->latest = NULL;
	table_remove(&tracking->by_packet, &tracked->by_packet);
	tracked_free(tracking, tracked);
}
