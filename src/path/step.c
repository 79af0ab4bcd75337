// SPDX-License-Identifier: GPL-2.0-only
#include "path/step.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "path/assembler.h"
#include "path/event_read.h"
#include "path/naming.h"
#include "path/path.h"

/* .value names another packet, or a queue: lineage.c tells what it means. */
static bool event_is_link(const struct event *event)
{
	return event->kind == EVENT_COPY || event->kind == EVENT_MERGE ||
	       event->kind == EVENT_QUEUE;
}

static void step_set_device(struct step *step, struct naming *naming,
			    const struct event_snapshot *snapshot)
{
	const char *name;

	if (!step->ifindex)
		return;
	if (snapshot->dev[0]) {
		memcpy(step->dev, snapshot->dev, sizeof(step->dev) - 1);
		naming_set_device(naming, step->netns, step->ifindex, step->dev);
		return;
	}
	name = naming_device(naming, step->netns, step->ifindex);
	if (name)
		memcpy(step->dev, name, strnlen(name, sizeof(step->dev) - 1));
}

/* Most steps are where the one @before was, whose names are known; NULL: none was. */
static void step_set_place(struct step *step, const struct step *before,
			   struct naming *naming, const struct event_snapshot *snapshot)
{
	bool same = before && before->netns == step->netns;

	if (same && before->netns_name)
		step->netns_name = before->netns_name;
	else if (step->netns)
		step->netns_name = naming_netns(naming, step->netns);
	if (same && before->ifindex == step->ifindex && before->dev[0] &&
	    !snapshot->dev[0])
		memcpy(step->dev, before->dev, sizeof(step->dev));
	else
		step_set_device(step, naming, snapshot);
}

static void step_fill(struct step *step, const struct step *before, struct naming *naming,
		      const struct event_snapshot *snapshot)
{
	const struct event *event = &snapshot->event;
	struct stage stage;

	*step = (struct step){
		.time = event->time,
		.func = naming_event(naming, event),
		.netns = event->netns,
		.ifindex = event->flags & EVENT_NODEV ? 0 : event->ifindex,
		.pid = event->pid,
		.tid = event->tid,
		.len = event->len,
		.mark = event->mark,
		.cpu = event->cpu,
		.kind = event->kind,
		.id = event->id,
		.checksum = event->checksum,
		.value = event_is_link(event) ? 0 : event->value,
		.called = event->flags & EVENT_CALL,
		.frame = event->frame,
	};
	stage = naming_stage(naming, step->func);
	step->stage = stage.name;
	step->role = stage.role;
	memcpy(step->comm, event->comm, sizeof(step->comm) - 1);
	step_set_place(step, before, naming, snapshot);
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
static int step_add_flow(struct step *step, const struct event_snapshot *snapshot)
{
	struct flow flow;

	if (!(snapshot->event.flags & EVENT_SNAPSHOT))
		return 0;
	event_flow(snapshot, &flow);
	if (!flow_is_known(&flow))
		return 0;
	step->flow = malloc(sizeof(*step->flow));
	if (!step->flow)
		return -ENOMEM;
	*step->flow = flow;
	if (flow.tuple)
		step_forget_mark(step);
	return 0;
}

/* Room for one more step. -E2BIG: there is none by decision, not by fate. */
static int path_grow(struct path *path, size_t total)
{
	size_t capacity = path->capacity ? path->capacity * 2 : 16;
	struct step *steps;

	if (path->count >= ASSEMBLER_PATH_STEPS || total >= ASSEMBLER_STEPS)
		return -E2BIG;
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
 * Keep the headers of a snapshot; their number. 0: there are none, or there is no
 * room for them. Nearly all paths have few: room doubles from one on.
 */
static uint16_t path_add_headers(struct path *path, const struct event_snapshot *snapshot)
{
	size_t count = path->headers_count;
	struct headers *headers = path->headers;

	if (!(snapshot->event.flags & EVENT_SNAPSHOT) || count >= PATH_HEADERS_MAX)
		return 0;
	if (!(count & (count - 1))) {
		headers = reallocarray(headers, count ? 2 * count : 1, sizeof(*headers));
		if (!headers)
			return 0;
		path->headers = headers;
	}
	headers[count].captured = snapshot->captured;
	headers[count].layer = snapshot->layer;
	memcpy(headers[count].data, snapshot->data, sizeof(headers->data));
	return (uint16_t)++path->headers_count;
}

/* Events come nearly in order: look for the place from the end. */
int step_add(struct path *path, struct naming *naming,
	     const struct event_snapshot *snapshot, size_t *total, size_t *at)
{
	int error = path_grow(path, *total);

	if (error == -E2BIG) {
		path->skipped++;
		path->complete = false;
		return 0;
	}
	if (error)
		return error;
	*at = path->count;
	while (*at > 0 && path->steps[*at - 1].time > snapshot->event.time)
		(*at)--;
	memmove(&path->steps[*at + 1], &path->steps[*at],
		(path->count - *at) * sizeof(*path->steps));
	step_fill(&path->steps[*at], *at ? &path->steps[*at - 1] : NULL, naming,
		  snapshot);
	path->steps[*at].headers = path_add_headers(path, snapshot);
	path->count++;
	(*total)++;
	return step_add_flow(&path->steps[*at], snapshot);
}
