/* SPDX-License-Identifier: GPL-2.0-only */
/* meter.h - how often a second something happens that is counted */
#ifndef BPFPATH_METER_H
#define BPFPATH_METER_H

#include <stdint.h>

/* All zero is a count that begins. */
struct meter {
	uint64_t before; /* the count at the last reading */
	double rate;	 /* between the last two */
};

static inline void meter_read(struct meter *meter, uint64_t count, double seconds)
{
	meter->rate = (double)(count - meter->before) / seconds;
	meter->before = count;
}

#endif
