/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lanes.h - the user's end of the lanes (bpf/lane.h), mapped
 */
#ifndef BPFPATH_LANES_H
#define BPFPATH_LANES_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/lane.h"

#define LANES_MOST (4u << 20) /* bytes of a lane: what 5.10 lets a value have on x86 */

struct lanes {
	uint8_t *first; /* struct lane, and the others behind it */
	size_t stride;	/* bytes of each */
	size_t count;
	uint64_t mask; /* one less than the events that each has room for */
};

/* How many CPUs are to have one: from 0 to the last that is online now; at least 1. */
size_t lanes_cpus(void);

/* A power of two of events, at least 16, for a lane of about so many @bytes, */
uint32_t lanes_events(size_t bytes);

/* ... which then takes so many. */
size_t lanes_stride(uint32_t events);

/* Map @count lanes of @events each, the values of the array @fd. 0, or a negative errno.
 */
int lanes_open(struct lanes *lanes, int fd, size_t count, uint32_t events);

/* All zero is fine. */
void lanes_close(struct lanes *lanes);

/* Steps that were written to them. */
uint64_t lanes_steps(const struct lanes *lanes);

static inline struct lane *lanes_at(const struct lanes *lanes, size_t cpu)
{
	return (struct lane *)(lanes->first + cpu * lanes->stride);
}

#endif
