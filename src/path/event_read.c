// SPDX-License-Identifier: GPL-2.0-only
#include "path/event_read.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "bpf/tracepoints.h"

/* How many values .id has for each kind of event; 0: it does not count. */
static const unsigned int id_limits[] = {
	[EVENT_FUNCTION] = 0,
	[EVENT_TRACEPOINT] = TRACEPOINT_SIZE,
	[EVENT_GATE] = EVENT_GATE_EGRESS + 1,
	[EVENT_FREE] = 0,
	[EVENT_COPY] = 0,
	[EVENT_MERGE] = 0,
	[EVENT_QUEUE] = 0,
	[EVENT_RETURN] = 0,
	[EVENT_REUSED] = 0,
	[EVENT_CHAIN] = EVENT_HOOKS,
	[EVENT_ROUTE] = 0,
	[EVENT_AGAIN] = 0,
};
static_assert(sizeof(id_limits) / sizeof(id_limits[0]) == EVENT_DEVICES,
	      "a limit per kind of event of a packet");

int event_read(struct event_snapshot *out, const void *data, size_t size)
{
	const size_t head = offsetof(struct event_snapshot, data);
	struct event *event = &out->event;

	if (size < sizeof(*event))
		return -EINVAL;
	memcpy(event, data, sizeof(*event));
	out->dev[0] = '\0';
	out->captured = 0;
	if (!event->packet || event->kind >= EVENT_DEVICES)
		return -EINVAL;
	if (id_limits[event->kind] && event->id >= id_limits[event->kind])
		return -EINVAL;
	if (!(event->flags & EVENT_SNAPSHOT))
		return 0;
	if (size < head)
		return -EINVAL;
	memcpy(out, data, head);
	if (out->captured > EVENT_SNAP_LEN || size - head < out->captured)
		return -EINVAL;
	memcpy(out->data, (const char *)data + head, out->captured);
	return 0;
}
