// SPDX-License-Identifier: GPL-2.0-only
#include "base/sketch.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SUB_BITS   6 /* 64 buckets for each power of two */
#define SUB	   (1u << SUB_BITS)
#define COUNT_BITS 52
#define COUNT_MASK ((1ull << COUNT_BITS) - 1)
#define ROOM_FIRST 4

static unsigned int highest_bit(uint64_t value)
{
	return 63 - (unsigned int)__builtin_clzll(value | 1);
}

/* The bucket that @value belongs to. Below 2 * SUB each number has its own. */
static unsigned int bucket_of(uint64_t value)
{
	unsigned int shift;

	if (value < SUB)
		return (unsigned int)value;
	shift = highest_bit(value) - SUB_BITS;
	return (shift << SUB_BITS) + (unsigned int)(value >> shift);
}

static uint64_t bucket_lowest(unsigned int bucket, unsigned int *shift)
{
	*shift = bucket < SUB ? 0 : (bucket >> SUB_BITS) - 1;
	return (uint64_t)(bucket - (*shift << SUB_BITS)) << *shift;
}

static uint64_t bucket_middle(unsigned int bucket)
{
	unsigned int shift;
	uint64_t lowest = bucket_lowest(bucket, &shift);

	return lowest + (1ull << shift) / 2;
}

static unsigned int entry_bucket(uint64_t entry)
{
	return (unsigned int)(entry >> COUNT_BITS);
}

/* Where @bucket is, or would be. */
static uint32_t sketch_find(const struct sketch *sketch, unsigned int bucket)
{
	uint32_t from = 0, to = sketch->used;

	while (from < to) {
		uint32_t middle = (from + to) / 2;

		if (entry_bucket(sketch->buckets[middle]) < bucket)
			from = middle + 1;
		else
			to = middle;
	}
	return from;
}

static int sketch_grow(struct sketch *sketch)
{
	uint32_t room = sketch->room ? 2 * sketch->room : ROOM_FIRST;
	uint64_t *buckets;

	if (sketch->used < sketch->room)
		return 0;
	buckets = reallocarray(sketch->buckets, room, sizeof(*buckets));
	if (!buckets)
		return -ENOMEM;
	sketch->buckets = buckets;
	sketch->room = room;
	return 0;
}

int sketch_add(struct sketch *sketch, uint64_t value)
{
	unsigned int bucket = bucket_of(value);
	uint32_t i = sketch_find(sketch, bucket);

	if (i == sketch->used || entry_bucket(sketch->buckets[i]) != bucket) {
		if (sketch_grow(sketch))
			return -ENOMEM;
		memmove(&sketch->buckets[i + 1], &sketch->buckets[i],
			(sketch->used - i) * sizeof(*sketch->buckets));
		sketch->buckets[i] = (uint64_t)bucket << COUNT_BITS;
		sketch->used++;
	}
	sketch->buckets[i]++;
	sketch->sum += value;
	if (!sketch->count++ || value < sketch->min)
		sketch->min = value;
	if (value > sketch->max)
		sketch->max = value;
	return 0;
}

uint64_t sketch_quantile(const struct sketch *sketch, unsigned int permille)
{
	uint64_t rank = (sketch->count * permille + 999) / 1000, seen = 0, value = 0;

	for (uint32_t i = 0; i < sketch->used && seen < rank; i++) {
		seen += sketch->buckets[i] & COUNT_MASK;
		value = bucket_middle(entry_bucket(sketch->buckets[i]));
	}
	if (value < sketch->min)
		return sketch->min;
	return value < sketch->max ? value : sketch->max;
}

uint64_t sketch_octave(const struct sketch *sketch, unsigned int bit)
{
	uint64_t count = 0;

	for (uint32_t i = 0; i < sketch->used; i++) {
		unsigned int shift, bucket = entry_bucket(sketch->buckets[i]);

		if (highest_bit(bucket_lowest(bucket, &shift)) == bit)
			count += sketch->buckets[i] & COUNT_MASK;
	}
	return count;
}

void sketch_free(struct sketch *sketch)
{
	free(sketch->buckets);
	*sketch = (struct sketch){ 0 };
}
