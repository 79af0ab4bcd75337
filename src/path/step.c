// SPDX-License-Identifier: GPL-2.0-only
#include "path/step.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "path/location.h"
#include "path/naming.h"
#include "path/path.h"
#include "path/trail.h"

/* .value names another packet, or a queue: lineage.c tells what it means. */
static bool event_is_link(const struct event *event)
{
	return event->kind == EVENT_COPY || event->kind == EVENT_MERGE ||
	       event->kind == EVENT_QUEUE;
}

int step_read(struct trail_step *step, const struct trail_step *before,
	      struct naming *naming, const struct event_snapshot *snapshot)
{
	const struct event *event = &snapshot->event;

	*step = (struct trail_step){
		.time = event->time,
		.func = naming_event(naming, event),
		.location = naming_location(naming, before->location, snapshot),
		.value = event_is_link(event) ? 0 : event->value,
		.pid = event->pid,
		.tid = event->tid,
		.len = event->len,
		.mark = event->mark,
		.cpu = event->cpu,
		.kind = event->kind,
		.id = event->id,
		.checksum = event->checksum,
		.called = event->flags & EVENT_CALL,
		.frame = event->frame,
		.headers = event->flags & EVENT_SNAPSHOT,
	};
	memcpy(step->comm, event->comm, sizeof(step->comm) - 1);
	if (step->headers) {
		step->captured = snapshot->captured;
		step->layer = snapshot->layer;
	}
	return step->location ? 0 : -ENOMEM;
}

static void step_fill(struct step *step, struct naming *naming,
		      const struct trail_step *from)
{
	const struct location *location = from->location;
	const struct naming_kind *kind = naming_kind(naming, from->func);

	*step = (struct step){
		.time = from->time,
		.func = from->func,
		.stage = kind->stage.name,
		.role = kind->stage.role,
		.queue = kind->queue,
		.netns = location->netns,
		.ifindex = location->ifindex,
		.netns_name = location->netns_name,
		.pid = from->pid,
		.tid = from->tid,
		.len = from->len,
		.mark = from->mark,
		.cpu = from->cpu,
		.kind = (uint8_t)from->kind,
		.id = from->id,
		.checksum = from->checksum,
		.value = from->value,
		.called = from->called,
		.frame = from->frame,
	};
	memcpy(step->comm, from->comm, sizeof(step->comm));
	memcpy(step->dev, location->dev, sizeof(step->dev));
}

/* Room for one more step. */
static int path_grow(struct path *path)
{
	size_t capacity = path->capacity ? path->capacity * 2 : 16;
	struct step *steps;

	if (path->count < path->capacity)
		return 0;
	steps = reallocarray(path->steps, capacity, sizeof(*steps));
	if (!steps)
		return -ENOMEM;
	path->steps = steps;
	path->capacity = capacity;
	return 0;
}

/*
 * Keep the headers of a step; their number. 0: there is no room for them. Nearly all
 * paths have few: room doubles from one on.
 */
static uint16_t path_add_headers(struct path *path, const struct headers *headers)
{
	size_t count = path->headers_count;
	struct headers *list = path->headers;

	if (count >= PATH_HEADERS_MAX)
		return 0;
	if (!(count & (count - 1))) {
		list = reallocarray(list, count ? 2 * count : 1, sizeof(*list));
		if (!list)
			return 0;
		path->headers = list;
	}
	list[count] = *headers;
	return (uint16_t)++path->headers_count;
}

/*
 * Of a TCP segment that has no IP header yet: until then its sk_buff keeps the room
 * behind it where the mark will be (reserved_tailroom, until kernel commit
 * f401da475f98, 5.16).
 */
static void step_forget_mark(struct step *step)
{
	step->mark = 0;
	step->checksum = EVENT_CHECKSUM_UNKNOWN;
}

/*
 * The headers as they are now, if they are some: of a packet that is not IP there is no
 * more to see than where they would be, before its device knows that it has a MAC header.
 */
static int step_add_headers(struct step *to, struct path *path,
			    const struct trail_step *step, const uint8_t *data)
{
	struct headers headers = { .captured = step->captured, .layer = step->layer };
	struct flow flow;

	memcpy(headers.data, data, headers.captured);
	to->headers = path_add_headers(path, &headers);
	headers_flow(&headers, step->len, &flow);
	if (!flow_is_decoded(&flow))
		return 0;
	to->flow = malloc(sizeof(*to->flow));
	if (!to->flow)
		return -ENOMEM;
	*to->flow = flow;
	if (flow.tuple)
		step_forget_mark(to);
	return 0;
}

/* Events come nearly in order: look for the place from the end. */
int step_add(struct path *path, struct naming *naming, const struct trail_step *step,
	     const uint8_t *data, size_t *at)
{
	struct step *to;

	if (path_grow(path))
		return -ENOMEM;
	*at = path->count;
	while (*at > 0 && path->steps[*at - 1].time > step->time)
		(*at)--;
	to = &path->steps[*at];
	if (*at < path->count)
		memmove(to + 1, to, (path->count - *at) * sizeof(*to));
	path->count++;
	step_fill(to, naming, step);
	return step->headers ? step_add_headers(to, path, step, data) : 0;
}
