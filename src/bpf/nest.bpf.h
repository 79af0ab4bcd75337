/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * nest.bpf.h - scratch memory for one packet, safe against interrupts
 *
 * A gate in a task can be interrupted by a gate in a softirq, that one by a
 * hard interrupt, that one by an NMI; and since a46023d5616e (7.0) a task that
 * is in a raw tracepoint's program can be preempted by another one: what
 * protects a tracepoint is SRCU, no longer disabled preemption. So they do not
 * end in the reverse order: whoever comes takes a place that is free, and gives
 * back that one.
 */
#ifndef BPFPATH_NEST_BPF_H
#define BPFPATH_NEST_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/account.bpf.h"
#include "bpf/claim.bpf.h"
#include "bpf/count.h"
#include "bpf/packet.h"
#include "bpf/skb.bpf.h"

#define NEST_LEVELS 6

/* A conversation, in one namespace. */
struct conversation {
	struct count_flow flow;
	__u32 netns; /* inode; 0: it could not be told */
};

/* The room behind a packet lets the verifier accept a copy to any offset. */
struct nest_packet {
	struct packet packet;
	__u8 room[PACKET_SNAP_MAX];
	__u8 copy[SKB_BYTES] __attribute__((aligned(8))); /* of the sk_buff, if needed */
	/* this and the next: see conversation.bpf.h */
	struct conversation talk __attribute__((aligned(8)));
	__u32 ip_len, behind_ip;
	__u32 level; /* where in the map this is */
	__u64 users; /* claim.bpf.h */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, NEST_LEVELS);
	__type(key, __u32);
	__type(value, struct nest_packet);
} nest_packets SEC(".maps");

static __always_inline void nest_leave(struct packet *packet)
{
	claim_leave(&((struct nest_packet *)packet)->users);
}

static __always_inline struct packet *nest_take(__u32 level)
{
	struct nest_packet *nest = bpf_map_lookup_elem(&nest_packets, &level);

	if (!nest || !claim_take(&nest->users))
		return NULL;
	nest->level = level;
	return &nest->packet;
}

/*
 * NULL when no place is left, which is counted; otherwise leave later. A loop
 * that stays one, whose ways out are one: the verifier would go through all
 * that follows once for each place.
 */
static __always_inline struct packet *nest_enter(void)
{
	struct packet *packet = NULL;

#pragma clang loop unroll(disable)
	for (__u32 level = 0; !packet && level < NEST_LEVELS; level++)
		packet = nest_take(level);
	if (!packet)
		account_add(ACCOUNT_NESTED);
	return packet;
}

#endif
