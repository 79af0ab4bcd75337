/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * lane.h - the way of most events: a queue for each CPU, in memory that both sides see
 *
 * What a CPU writes nobody else does, so that no lock is taken and nothing of another
 * CPU's is written to. Events that are longer than most, or come while their CPU is in
 * the middle of writing one, or find the lane full, go through the ring buffer that all
 * share. Who reads puts all of them into one order, by their times.
 */
#ifndef BPFPATH_LANE_H
#define BPFPATH_LANE_H

#include "bpf/event.h"

/* Numbers of events since the beginning; either side writes to memory of its own. */
struct lane {
	__u64 written; /* by programs on this CPU */
	__u64 users;   /* claim.bpf.h */
	__u64 time;    /* ns: that of the latest event of this CPU */
	__u64 others;  /* of what was written: events that are no steps */
	__u32 cpu;     /* this one's number, from the user side */
	__u32 pad[7];
	__u64 read;
	__u64 more_pad[7];
	struct event events[]; /* a power of two */
};

#endif
