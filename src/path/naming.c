// SPDX-License-Identifier: GPL-2.0-only
#include "path/naming.h"

#include <stdio.h>

#include "path/tracepoint_names.h"

static const char *const gate_names[] = {
	[EVENT_GATE_INGRESS] = "tc ingress",
	[EVENT_GATE_EGRESS] = "tc egress",
};

void naming_clear(struct naming *naming)
{
	memo_clear(&naming->devices);
	memo_clear(&naming->functions);
}

const char *naming_function(struct naming *naming, uint64_t address)
{
	struct names *names = naming->names;
	char text[MEMO_TEXT];
	uint64_t offset;
	const char *name = names->ops->symbol(names, address, &offset);

	if (!name)
		name = memo_get(&naming->functions, address);
	if (name)
		return name;
	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
	name = memo_set(&naming->functions, address, text);
	return name ? name : "unknown function";
}

const char *naming_event(struct naming *naming, const struct event *event)
{
	switch ((enum event_kind)event->kind) {
	case EVENT_TRACEPOINT:
		return tracepoint_names[event->id];
	case EVENT_GATE:
		return gate_names[event->id];
	case EVENT_FREE:
		return "free"; /* .where is its caller, which end.c tells */
	case EVENT_FUNCTION:
	case EVENT_COPY:
	case EVENT_MERGE:
	case EVENT_QUEUE:
	case EVENT_RETURN:
	case EVENT_REUSED:
	case EVENT_CHAIN:
	case EVENT_ROUTE:
	case EVENT_DEVICES:
		break;
	}
	return naming_function(naming, event->where);
}

struct stage naming_stage(struct naming *naming, const char *function)
{
	size_t slot = ((uintptr_t)function ^ (uintptr_t)function >> 10) &
		      (NAMING_STAGES - 1);

	if (naming->stages[slot].func != function) {
		naming->stages[slot].func = function;
		naming->stages[slot].stage = stage_lookup(function);
	}
	return naming->stages[slot].stage;
}

const char *naming_netns(struct naming *naming, uint32_t inode)
{
	return naming->names->ops->netns(naming->names, inode);
}

static uint64_t device_key(uint32_t netns, uint32_t ifindex)
{
	return (uint64_t)netns << 32 | ifindex;
}

const char *naming_device(struct naming *naming, uint32_t netns, uint32_t ifindex)
{
	struct names *names = naming->names;
	const char *name = memo_get(&naming->devices, device_key(netns, ifindex));

	return name ? name : names->ops->device(names, netns, ifindex);
}

void naming_set_device(struct naming *naming, uint32_t netns, uint32_t ifindex,
		       const char *name)
{
	memo_set(&naming->devices, device_key(netns, ifindex), name);
}
