/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * count.bpf.h - a packet is counted in its group
 *
 * The map of the present interval is the one inside of "current_groups". The user side
 * puts another one there: its system call returns when no program uses the old one any
 * more (1ae80cf31938), which can then be read and emptied with nothing lost.
 */
#ifndef BPFPATH_COUNT_BPF_H
#define BPFPATH_COUNT_BPF_H

#include "bpf/config.bpf.h"
#include "bpf/count.h"
#include "bpf/flow.bpf.h"
#include "bpf/nest.bpf.h"
#include "bpf/slot.bpf.h"

/* What packets are grouped by: enum count_by */
const volatile __u32 config_count_by;

/* The bytes of a packet decide, by the filter or its group. */
const volatile bool config_count_bytes;

/* Its device or namespace do. */
const volatile bool config_count_place;

/*
 * What a map of groups is like. The user side makes them: how much there is of a key
 * depends on what is grouped by, and inner maps may have any room (134fede4eecf, 5.10).
 */
struct count_groups {
	__uint(type, BPF_MAP_TYPE_PERCPU_HASH);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(union count_key));
	__uint(value_size, sizeof(struct count_value));
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, __u32);
	__array(values, struct count_groups);
} current_groups SEC(".maps");

/* Packets whose group had no room, since the beginning. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct count_value);
} other_groups SEC(".maps");

__u32 counting; /* set by the user side when everything is attached */

/* What is known of a packet, whatever is in it. */
struct count_seen {
	struct count_place place;
	struct count_end end;
};

static __always_inline struct count_value *count_group(const union count_key *key)
{
	const struct count_value none = {};
	const __u32 first = 0;
	void *groups = bpf_map_lookup_elem(&current_groups, &first);
	struct count_value *value = NULL;

	if (groups)
		value = bpf_map_lookup_elem(groups, key);
	if (groups && !value) {
		bpf_map_update_elem(groups, key, &none, BPF_NOEXIST);
		value = bpf_map_lookup_elem(groups, key);
	}
	return value ?: bpf_map_lookup_elem(&other_groups, &first);
}

static __always_inline void count_add(const union count_key *key, __u32 bytes)
{
	struct count_value *value = count_group(key);

	if (!value)
		return;
	__sync_fetch_and_add(&value->packets, 1); /* against interrupts */
	__sync_fetch_and_add(&value->bytes, bytes);
}

static __always_inline void
count_take_address(union count_key *key, const struct count_flow *flow, const __u8 *bytes)
{
	if (!(flow->flags & COUNT_FLOW_ADDRESSES))
		return;
	key->address.ethertype = flow->ethertype == COUNT_IPV6 ? COUNT_IPV6 : COUNT_IPV4;
	__builtin_memcpy(key->address.bytes, bytes, sizeof(key->address.bytes));
}

static __always_inline void count_take_packet(union count_key *key,
					      const struct packet *packet)
{
	struct count_flow flow = {};

	flow_read(&flow, packet);
	if (config_count_by == COUNT_BY_FLOW)
		key->flow = flow;
	else if (config_count_by == COUNT_BY_SRC)
		count_take_address(key, &flow, flow.src);
	else if (config_count_by == COUNT_BY_DST)
		count_take_address(key, &flow, flow.dst);
	else if (config_count_by == COUNT_BY_PROTO) {
		key->flow.ethertype = flow.ethertype;
		key->flow.ip_proto = flow.ip_proto;
		if (flow.flags & COUNT_FLOW_ADDRESSES && flow.ethertype == COUNT_IPV6)
			key->flow.ethertype = COUNT_IPV4;
	}
}

static __always_inline void count_take_seen(union count_key *key,
					    const struct count_seen *seen)
{
	if (config_count_by == COUNT_BY_NETNS)
		key->place.netns = seen->place.netns;
	else if (config_count_by == COUNT_BY_DEV)
		key->place = seen->place;
	else if (config_count_by == COUNT_BY_END)
		key->end = seen->end;
}

/* Count a packet whose bytes are there, if it matches. */
static __always_inline void count_packet(const struct packet *packet,
					 const struct count_seen *seen)
{
	union count_key key = {};

	if (!filter_match(packet))
		return;
	count_take_packet(&key, packet);
	count_take_seen(&key, seen);
	count_add(&key, packet->len);
}

/* Count a packet of @len bytes that nobody needs to look into. */
static __always_inline void count_unread(const struct count_seen *seen, __u32 len)
{
	union count_key key = {};

	count_take_seen(&key, seen);
	count_add(&key, len);
}

#endif
