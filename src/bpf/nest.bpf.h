/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * nest.bpf.h - scratch memory for one packet, safe against interrupts
 *
 * A gate in a task can be interrupted by a gate in a softirq, that one by a
 * hard interrupt, that one by an NMI: each level has scratch memory of its own.
 * The programs run with preemption off, so levels end in the reverse order.
 */
#ifndef BPFPATH_NEST_BPF_H
#define BPFPATH_NEST_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/follow.bpf.h"
#include "bpf/packet.h"

#define NEST_LEVELS 4

/* The room behind a packet lets the verifier accept a copy to any offset. */
struct nest_packet {
	struct packet packet;
	__u8 room[PACKET_SNAP_MAX];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NEST_LEVELS);
	__type(key, __u32);
	__type(value, struct nest_packet);
} nest_packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u32);
} nest_level SEC(".maps");

static __always_inline void nest_leave(void)
{
	__u32 zero = 0, *level = bpf_map_lookup_elem(&nest_level, &zero);

	if (level)
		(*level)--;
}

/* NULL when there is no level left, which is counted; otherwise leave later. */
static __always_inline struct packet *nest_enter(void)
{
	__u32 zero = 0, *level = bpf_map_lookup_elem(&nest_level, &zero), mine;
	struct nest_packet *nest;

	if (!level)
		return NULL;
	mine = (*level)++;
	nest = bpf_map_lookup_elem(&nest_packets, &mine);
	if (!nest) {
		(*level)--;
		account_add(ACCOUNT_NESTED);
		return NULL;
	}
	return &nest->packet;
}

#endif
