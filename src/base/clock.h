/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * clock.h - nanoseconds of CLOCK_MONOTONIC
 */
#ifndef BPFPATH_CLOCK_H
#define BPFPATH_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_SECOND 1000000000ULL

static inline uint64_t clock_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * CLOCK_SECOND + now.tv_nsec;
}

static inline uint64_t clock_seconds(double seconds)
{
	return (uint64_t)(seconds * CLOCK_SECOND);
}

#endif
