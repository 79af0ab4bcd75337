/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * lane.bpf.h - an event goes into the queue of its CPU
 */
#ifndef BPFPATH_LANE_BPF_H
#define BPFPATH_LANE_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/claim.bpf.h"
#include "bpf/config.bpf.h"
#include "bpf/lane.h"

/*
 * A program has no way to say that memory is to be written in this order. Processors
 * that need to be told have no lanes.
 */
#ifdef __TARGET_ARCH_x86
#define LANE_ORDERED true
#else
#define LANE_ORDERED false
#endif

/* CPUs that are not in it have none; the session sets how many and how long they are. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(struct lane) + sizeof(struct event));
} lanes SEC(".maps");

static __always_inline struct lane *lane_here(void)
{
	__u32 cpu = bpf_get_smp_processor_id();

	return bpf_map_lookup_elem(&lanes, &cpu);
}

/*
 * The time of an event: on one CPU each has another, however coarse the clock, so that
 * times alone say what came first. @lane: this CPU's, NULL: it has none.
 */
static __always_inline __u64 lane_time(struct lane *lane)
{
	__u64 now = bpf_ktime_get_ns();

	if (!lane)
		return now;
	if (now <= lane->time)
		now = lane->time + 1;
	lane->time = now;
	return now;
}

/* The same where it does not matter that it is no part of the program, but called. */
__noinline __u64 lane_now(void)
{
	return lane_time(lane_here());
}

/*
 * Room for an event, to be written and put; NULL: there is none, or an event is just
 * being written.
 */
static __always_inline struct event *lane_take(struct lane *lane)
{
	__u64 at;

	if (!LANE_ORDERED || !lane || !claim_take(&lane->users))
		return NULL;
	at = *(volatile __u64 *)&lane->written;
	if (at - *(volatile __u64 *)&lane->read <= config_lane_mask)
		return &lane->events[at & config_lane_mask];
	claim_leave(&lane->users);
	return NULL;
}

/* Bytes that lie in it. */
static __always_inline __u64 lane_used(const struct lane *lane)
{
	return lane ? (lane->written - lane->read) * sizeof(struct event) : 0;
}

/* The event is there; true: the lane has become a quarter full with it. */
static __always_inline bool lane_put(struct lane *lane)
{
	__u64 written = lane->written + 1;

	asm volatile("" ::: "memory"); /* the event before its number */
	*(volatile __u64 *)&lane->written = written;
	claim_leave(&lane->users);
	return written - lane->read == config_lane_wake;
}

#endif
