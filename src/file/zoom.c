// SPDX-License-Identifier: GPL-2.0-only
#include "file/zoom.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/table.h"
#include "bpf/event.h"
#include "file/recording.h"
#include "path/assembler.h"

#define ZOOM_NAMES 1024 /* answers that are remembered, a power of two */

/* Where a packet was, and its headers there. */
struct sight {
	uint32_t netns, ifindex;
	struct event_snapshot snapshot; /* but for its event */
};

/* What the kernel side keeps of a packet from one look at it to the next. */
struct known {
	bool seen; /* at all */
	uint32_t netns, ifindex, len;
};

/* What of a packet's steps that were left out is still to be told. */
struct zoomed {
	struct table_node by_packet;
	struct zoomed *before, *next; /* in the order in which they began */
	struct known known;	      /* since the last step that stayed */
	bool behind;		      /* steps were left out since then */
	struct sight shown;	      /* by the last one that stayed and had headers */
	struct sight waits;
	bool waiting; /* .waits is to be shown */
	uint8_t flags;
	uint32_t lost; /* events before those steps */
};

struct zoom {
	struct names *names;
	zoom_wants *wants;
	void *context;
	struct {
		const char *name;
		bool wanted;
	} answers[ZOOM_NAMES];
	struct table packets;
	struct zoomed *oldest, *newest;
	size_t count;
	union {
		struct event event;
		struct event_snapshot snapshot;
		struct event_copy copy;
	} out;
};

struct zoom *zoom_new(struct names *names, zoom_wants *wants, void *context)
{
	struct zoom *zoom = calloc(1, sizeof(*zoom));

	if (!zoom)
		return NULL;
	zoom->names = names;
	zoom->wants = wants;
	zoom->context = context;
	return zoom;
}

/* ---- which functions */

/* A name stays where it is as long as those who know it. */
static bool zoom_has(struct zoom *zoom, const char *name)
{
	size_t slot = ((uintptr_t)name ^ (uintptr_t)name >> 10) & (ZOOM_NAMES - 1);

	if (zoom->answers[slot].name != name) {
		zoom->answers[slot].name = name;
		zoom->answers[slot].wanted = zoom->wants(zoom->context, name);
	}
	return zoom->answers[slot].wanted;
}

static bool event_is_of_function(const struct event *event)
{
	return event->kind == EVENT_FUNCTION || event->kind == EVENT_RETURN ||
	       event->kind == EVENT_CHAIN || event->kind == EVENT_ROUTE;
}

/* Only functions are a question of zoom; and the end of a packet always stays. */
static bool zoom_keeps(struct zoom *zoom, const struct event *event)
{
	const char *name;
	uint64_t offset;

	if (!event_is_of_function(event) || event->flags & EVENT_LAST)
		return true;
	name = zoom->names->ops->symbol(zoom->names, event->where, &offset);
	return name && zoom_has(zoom, name);
}

/* ---- packets */

static void zoom_end(struct zoom *zoom, struct zoomed *zoomed)
{
	table_remove(&zoom->packets, &zoomed->by_packet);
	*(zoomed->before ? &zoomed->before->next : &zoom->oldest) = zoomed->next;
	*(zoomed->next ? &zoomed->next->before : &zoom->newest) = zoomed->before;
	zoom->count--;
	free(zoomed);
}

void zoom_free(struct zoom *zoom)
{
	if (!zoom)
		return;
	while (zoom->oldest)
		zoom_end(zoom, zoom->oldest);
	free(zoom);
}

static struct zoomed *zoom_find(const struct zoom *zoom, uint64_t packet)
{
	struct table_node *node = table_find(&zoom->packets, packet);

	return node ? CONTAINER_OF(node, struct zoomed, by_packet) : NULL;
}

/* As many as the assembler would have open. NULL without memory. */
static struct zoomed *zoom_begin(struct zoom *zoom, uint64_t packet)
{
	struct zoomed *zoomed = calloc(1, sizeof(*zoomed));

	if (!zoomed)
		return NULL;
	if (zoom->count >= ASSEMBLER_OPEN)
		zoom_end(zoom, zoom->oldest);
	table_add(&zoom->packets, &zoomed->by_packet, packet);
	zoomed->before = zoom->newest;
	*(zoom->newest ? &zoom->newest->next : &zoom->oldest) = zoomed;
	zoom->newest = zoomed;
	zoom->count++;
	return zoomed;
}

/* ---- steps */

/* What a snapshot shows. False: @piece is none, or is damaged. */
static bool sight_read(struct sight *sight, const struct event *event,
		       const struct recording_piece *piece)
{
	const size_t head = offsetof(struct event_snapshot, data);
	struct event_snapshot *snapshot = &sight->snapshot;

	if (!(event->flags & EVENT_SNAPSHOT) || piece->size < head)
		return false;
	memset(sight, 0, sizeof(*sight));
	memcpy(snapshot, piece->event, head);
	if (snapshot->captured > EVENT_SNAP_LEN ||
	    snapshot->captured > piece->size - head)
		return false;
	memcpy(snapshot->data, (const uint8_t *)piece->event + head, snapshot->captured);
	memset(&snapshot->event, 0, sizeof(snapshot->event));
	sight->netns = event->netns;
	sight->ifindex = event->ifindex;
	return true;
}

static void zoomed_leave_out(struct zoomed *zoomed, const struct event *event,
			     const struct recording_piece *piece)
{
	struct sight sight;

	zoomed->flags |= event->flags & (EVENT_FIRST | EVENT_LATE);
	zoomed->lost += event->lost;
	zoomed->behind = true;
	if (!sight_read(&sight, event, piece))
		return;
	zoomed->waiting = memcmp(&sight, &zoomed->shown, sizeof(sight)) != 0;
	zoomed->waits = sight;
}

/* It has no headers of its own: those that wait are still the same. */
static void zoomed_show(struct zoomed *zoomed, struct event_snapshot *out,
			struct recording_piece *piece)
{
	struct event event = out->event;

	*out = zoomed->waits.snapshot;
	out->event = event;
	out->event.flags |= EVENT_SNAPSHOT;
	zoomed->shown = zoomed->waits;
	zoomed->waiting = false;
	piece->size = sizeof(*out);
}

static void known_learn(struct known *known, const struct event *event)
{
	*known = (struct known){ true, event->netns, event->ifindex, event->len };
}

/* What is not looked at is as it was at the last step that stayed. */
static void zoomed_tell_known(const struct zoomed *zoomed, struct event *event)
{
	const struct known *known = &zoomed->known;

	if (!zoomed->behind || !known->seen)
		return;
	event->netns = known->netns;
	event->ifindex = known->ifindex;
	event->len = known->len;
}

/* A step that stays has looked at the packet: what it does not bring has not changed. */
static void zoomed_look(struct zoom *zoom, struct zoomed *zoomed,
			struct recording_piece *piece)
{
	known_learn(&zoomed->known, &zoom->out.event);
	zoomed->behind = false;
	if (sight_read(&zoomed->shown, &zoom->out.event, piece))
		zoomed->waiting = false;
	else if (zoomed->waiting)
		zoomed_show(zoomed, &zoom->out.snapshot, piece);
}

static void zoomed_tell(struct zoom *zoom, struct zoomed *zoomed,
			struct recording_piece *piece)
{
	struct event *event = &zoom->out.event;
	uint32_t lost = event->lost + zoomed->lost;

	event->lost = lost < UINT16_MAX ? (uint16_t)lost : UINT16_MAX;
	event->flags |= zoomed->flags;
	zoomed->lost = zoomed->flags = 0;
	if (event->kind == EVENT_FREE)
		zoomed_tell_known(zoomed, event);
	else
		zoomed_look(zoom, zoomed, piece);
}

/* A copy begins with what is known of the other packet, and looks at nothing. */
static void zoomed_begin_copy(struct zoom *zoom, struct zoomed *zoomed)
{
	const struct zoomed *parent = zoom_find(zoom, zoom->out.event.value);

	if (parent)
		zoomed_tell_known(parent, &zoom->out.event);
	known_learn(&zoomed->known, &zoom->out.event);
}

/* @piece stays, with what is still to be told. */
static void zoom_tell(struct zoom *zoom, struct zoomed *zoomed,
		      struct recording_piece *piece)
{
	size_t size = piece->size < sizeof(zoom->out) ? piece->size : sizeof(zoom->out);

	memset(&zoom->out, 0, sizeof(zoom->out));
	memcpy(&zoom->out, piece->event, size);
	piece->size = size;
	if (zoom->out.event.kind == EVENT_COPY)
		zoomed_begin_copy(zoom, zoomed);
	else
		zoomed_tell(zoom, zoomed, piece);
	piece->event = &zoom->out.event;
}

bool zoom_piece(struct zoom *zoom, struct recording_piece *piece)
{
	struct zoomed *zoomed;
	struct event event;
	bool kept;

	if (piece->what == RECORDING_MISSED)
		return piece->missed.missed.kind != MISSED_FUNCTION ||
		       zoom_has(zoom, piece->missed.missed.name);
	if (piece->what != RECORDING_EVENT)
		return true;
	memcpy(&event, piece->event, sizeof(event));
	kept = zoom_keeps(zoom, &event);
	if (event.kind >= EVENT_STEP_KINDS && (kept || !event.lost))
		return kept;
	zoomed = zoom_find(zoom, event.packet) ?: zoom_begin(zoom, event.packet);
	if (!zoomed)
		return kept;
	if (kept)
		zoom_tell(zoom, zoomed, piece);
	else
		zoomed_leave_out(zoomed, &event, piece);
	if (event.flags & EVENT_LAST)
		zoom_end(zoom, zoomed);
	return kept;
}
