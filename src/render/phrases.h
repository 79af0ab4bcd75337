/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * phrases.h - short texts that are written again and again
 *
 * Few functions make up all paths: how a format writes the name of one is found out
 * once. What was kept may be forgotten at any time for something else.
 */
#ifndef BPFPATH_PHRASES_H
#define BPFPATH_PHRASES_H

#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"

#define PHRASES_BITS 9
#define PHRASES	     (1 << PHRASES_BITS)
#define PHRASES_NEAR                                                                     \
	4 /* where one may lie: as few are of one function, so many are enough */

#define PHRASE_SIZE 118 /* bytes of one; longer ones are not kept */

struct phrase {
	uint64_t key;
	uint16_t length;
	char text[PHRASE_SIZE];
};

/* All zero is empty. */
struct phrases {
	struct phrase *list;
};

/* The first of those where it may lie. Keys are addresses, which differ in few bits. */
static inline size_t phrase_slot(uint64_t key)
{
	return key * GOLDEN >> (64 - PHRASES_BITS) & ~(size_t)(PHRASES_NEAR - 1);
}

/* @key is not 0. NULL when it is not known. */
static inline const struct phrase *phrases_find(const struct phrases *phrases,
						uint64_t key)
{
	const struct phrase *phrase;

	if (!phrases->list)
		return NULL;
	phrase = &phrases->list[phrase_slot(key)];
	for (size_t i = 0; i < PHRASES_NEAR; i++, phrase++) {
		if (phrase->key == key)
			return phrase;
	}
	return NULL;
}

/* A copy; nothing happens without memory. */
void phrases_keep(struct phrases *phrases, uint64_t key, const char *text, size_t length);

void phrases_free(struct phrases *phrases);

#endif
