// SPDX-License-Identifier: GPL-2.0-only
#include "path/naming.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "path/tracepoint_names.h"

static const char *const gate_names[] = {
	[EVENT_GATE_INGRESS] = "tc ingress",
	[EVENT_GATE_EGRESS] = "tc egress",
};

void naming_clear(struct naming *naming)
{
	memo_clear(&naming->devices);
	memo_clear(&naming->functions);
	locations_clear(&naming->locations);
}

static const char *naming_symbol(struct naming *naming, uint64_t address)
{
	size_t slot = (address >> 4 ^ address >> 14) & (NAMING_SYMBOLS - 1);
	struct names *names = naming->names;
	uint64_t offset;

	if (naming->symbols[slot].address != address ||
	    naming->symbols[slot].version != names->version) {
		naming->symbols[slot].address = address;
		naming->symbols[slot].version = names->version;
		naming->symbols[slot].name = names->ops->symbol(names, address, &offset);
	}
	return naming->symbols[slot].name;
}

const char *naming_function(struct naming *naming, uint64_t address)
{
	const char *name = naming_symbol(naming, address);
	char text[MEMO_TEXT];

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
	case EVENT_AGAIN:
	case EVENT_DEVICES:
		break;
	}
	return naming_function(naming, event->where);
}

const struct naming_kind *naming_kind(struct naming *naming, const char *function)
{
	size_t slot = (uintptr_t)function ^ (uintptr_t)function >> 10;
	struct naming_kind *kind;

	for (size_t try = 0; try < NAMING_TRIES; try++) {
		kind = &naming->kinds[(slot + try) & (NAMING_KINDS - 1)];
		if (kind->func == function)
			return kind;
		if (!kind->func)
			break;
	}
	*kind = (struct naming_kind){
		.func = function,
		.stage = stage_lookup(function),
		.queue = queue_ways(function),
		.meaning = result_meaning(function),
	};
	return kind;
}

void naming_result(struct naming *naming, const char *function, uint64_t value,
		   struct result *out)
{
	const struct meaning *meaning = naming_kind(naming, function)->meaning;

	if (meaning)
		result_mean(meaning, value, naming->names, out);
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

static void location_set_device(struct location *location, struct naming *naming,
				const struct event_snapshot *snapshot)
{
	const size_t most = sizeof(location->dev) - 1;
	const char *name;

	if (!location->ifindex)
		return;
	if (snapshot->dev[0]) {
		memcpy(location->dev, snapshot->dev, strnlen(snapshot->dev, most));
		naming_set_device(naming, location->netns, location->ifindex,
				  location->dev);
		return;
	}
	name = naming_device(naming, location->netns, location->ifindex);
	if (name)
		memcpy(location->dev, name, strnlen(name, most));
}

/* A name that was known stays, as long as the packet does. */
static void location_set_names(struct location *location, const struct location *before,
			       struct naming *naming,
			       const struct event_snapshot *snapshot)
{
	bool same = before && before->netns == location->netns;

	if (same && before->netns_name)
		location->netns_name = before->netns_name;
	else if (location->netns)
		location->netns_name = naming_netns(naming, location->netns);
	if (same && before->ifindex == location->ifindex && before->dev[0] &&
	    !snapshot->dev[0])
		memcpy(location->dev, before->dev, sizeof(location->dev));
	else
		location_set_device(location, naming, snapshot);
}

/* Most events are where the one before was, and tell no names. */
static bool location_stays(const struct location *before, uint32_t netns,
			   uint32_t ifindex, const struct event_snapshot *snapshot)
{
	return before && before->netns == netns && before->ifindex == ifindex &&
	       !snapshot->dev[0] && (before->netns_name || !netns) &&
	       (before->dev[0] || !ifindex);
}

const struct location *naming_location(struct naming *naming,
				       const struct location *before,
				       const struct event_snapshot *snapshot)
{
	const struct event *event = &snapshot->event;
	const uint32_t netns = event->netns, ifindex = event_device(event);
	struct location location;

	if (location_stays(before, netns, ifindex, snapshot))
		return before;
	location = (struct location){ .netns = netns, .ifindex = ifindex };
	location_set_names(&location, before, naming, snapshot);
	return locations_get(&naming->locations, &location);
}
