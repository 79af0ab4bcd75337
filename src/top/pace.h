/* SPDX-License-Identifier: GPL-2.0-only */
/* pace.h - how often a second something happens that is counted */
#ifndef BPFPATH_PACE_H
#define BPFPATH_PACE_H

#include <stdint.h>

/* All zero is a count that begins. */
struct pace {
	uint64_t before; /* the count at the last reading */
	double rate;	 /* between the last two */
};

static inline void pace_read(struct pace *pace, uint64_t count, double seconds)
{
	pace->rate = (double)(count - pace->before) / seconds;
	pace->before = count;
}

#endif
