/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sketch.h - quantiles of a stream of numbers, in bounded memory
 *
 * A histogram whose buckets grow with the numbers, as HdrHistogram's do: 64 of equal
 * width for each power of two, so that a quantile is off by at most a 128th (0.8 %) of
 * what it would be exactly, and not at all below 128. A bucket takes 8 bytes from when
 * it is first needed; there are at most 3776.
 */
#ifndef BPFPATH_SKETCH_H
#define BPFPATH_SKETCH_H

#include <stddef.h>
#include <stdint.h>

#define SKETCH_PRECISION   128 /* a quantile is off by at most value / this */
#define SKETCH_BUCKETS_MAX 3776

/* All zero is empty. */
struct sketch {
	uint64_t *buckets; /* in order: number of the bucket, how many are in it */
	uint32_t used, room;
	uint64_t count, sum, min, max;
};

/* 0 or -ENOMEM, and then nothing was added. */
int sketch_add(struct sketch *sketch, uint64_t value);

/*
 * The smallest number that is not exceeded by @permille of a thousand, from 1 to 1000;
 * 0 when there are no numbers.
 */
uint64_t sketch_quantile(const struct sketch *sketch, unsigned int permille);

/* How many numbers have their highest bit at @bit; 0 counts as 1. */
uint64_t sketch_octave(const struct sketch *sketch, unsigned int bit);

void sketch_free(struct sketch *sketch);

#endif
