// SPDX-License-Identifier: GPL-2.0-only
#include "path/step.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* Most steps are where the one @before was, whose names are known. */
static void step_set_place(struct step *step, const struct step *before,
			   struct naming *naming, const struct event_snapshot *snapshot)
{
	bool same = before->netns == step->netns;

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

void step_read(struct step *step, const struct step *before, struct naming *naming,
	       const struct event_snapshot *snapshot)
{
	const struct event *event = &snapshot->event;

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
		.headers = event->flags & EVENT_SNAPSHOT ? 1 : 0,
		.checksum = event->checksum,
		.value = event_is_link(event) ? 0 : event->value,
		.called = event->flags & EVENT_CALL,
		.frame = event->frame,
	};
	memcpy(step->comm, event->comm, sizeof(step->comm) - 1);
	step_set_place(step, before, naming, snapshot);
}

/* The headers as they are now. */
static int step_add_flow(struct step *step, const struct headers *headers)
{
	if (!headers)
		return 0;
	step->flow = malloc(sizeof(*step->flow));
	if (!step->flow)
		return -ENOMEM;
	headers_flow(headers, step->len, step->flow);
	return 0;
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
 * Keep the headers of a step; their number. 0: there are none, or there is no room for
 * them. Nearly all paths have few: room doubles from one on.
 */
static uint16_t path_add_headers(struct path *path, const struct headers *headers)
{
	size_t count = path->headers_count;
	struct headers *list = path->headers;

	if (!headers || count >= PATH_HEADERS_MAX)
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

/* Events come nearly in order: look for the place from the end. */
int step_add(struct path *path, struct naming *naming, const struct step *step,
	     const struct headers *headers, size_t *at)
{
	const struct stage stage = naming_stage(naming, step->func);
	struct step *to;

	if (path_grow(path))
		return -ENOMEM;
	*at = path->count;
	while (*at > 0 && path->steps[*at - 1].time > step->time)
		(*at)--;
	to = &path->steps[*at];
	memmove(to + 1, to, (path->count - *at) * sizeof(*to));
	*to = *step;
	to->stage = stage.name;
	to->role = stage.role;
	to->headers = path_add_headers(path, headers);
	path->count++;
	return step_add_flow(to, headers);
}
