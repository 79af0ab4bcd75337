// SPDX-License-Identifier: GPL-2.0-only
#include "render/phrases.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define PHRASES_BITS 9
#define PHRASES	     (1 << PHRASES_BITS)
#define PHRASES_NEAR                                                                     \
	4 /* where one may lie: as few are of one function, so many are enough */

/* The first of those where it may lie. Keys are addresses, which differ in few bits. */
static size_t phrase_slot(uint64_t key)
{
	return key * HASH_FACTOR >> (64 - PHRASES_BITS) & ~(size_t)(PHRASES_NEAR - 1);
}

const struct phrase *phrases_find(const struct phrases *phrases, uint64_t key)
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

void phrases_keep(struct phrases *phrases, uint64_t key, const char *text, size_t length)
{
	struct phrase *phrase, *end;

	if (!phrases->list)
		phrases->list = calloc(PHRASES, sizeof(*phrases->list));
	if (!phrases->list || length > PHRASE_SIZE)
		return;
	phrase = &phrases->list[phrase_slot(key)];
	end = phrase + PHRASES_NEAR;
	while (phrase->key && phrase->key != key && phrase + 1 < end)
		phrase++;
	memcpy(phrase->text, text, length);
	phrase->length = (uint16_t)length;
	phrase->key = key;
}

void phrases_free(struct phrases *phrases)
{
	free(phrases->list);
	phrases->list = NULL;
}
