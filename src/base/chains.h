/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chains.h - find elements of an array by the hash of what they are called
 *
 * The array is somebody else's and may hold anything: chains know the numbers of
 * its elements and nothing more, so that whoever walks a chain has to compare.
 *
 *	for (i = chains_first(chains, hash); i != CHAINS_END; i = chains_next(chains, i))
 *		if (is_wanted(&array[i]))
 */
#ifndef BPFPATH_CHAINS_H
#define BPFPATH_CHAINS_H

#include <stddef.h>
#include <stdint.h>

#define CHAINS_END UINT32_MAX

/* All zero has no elements, and nothing is found in it. */
struct chains {
	uint32_t *first; /* by the lowest bits of the hash */
	uint32_t *next;	 /* by element */
	uint64_t mask;
};

/* For @count elements, none of which is in a chain yet. 0 or -ENOMEM. */
int chains_init(struct chains *chains, size_t count);
void chains_free(struct chains *chains);

/* The element comes first in its chain: who wants order adds the last one first. */
static inline void chains_add(struct chains *chains, uint32_t element, uint64_t hash)
{
	uint32_t *first = &chains->first[hash & chains->mask];

	chains->next[element] = *first;
	*first = element;
}

static inline uint32_t chains_first(const struct chains *chains, uint64_t hash)
{
	return chains->first ? chains->first[hash & chains->mask] : CHAINS_END;
}

static inline uint32_t chains_next(const struct chains *chains, uint32_t element)
{
	return chains->next[element];
}

#endif
