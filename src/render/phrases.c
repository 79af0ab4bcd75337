// SPDX-License-Identifier: GPL-2.0-only
#include "render/phrases.h"

#include <stdlib.h>
#include <string.h>

#define PHRASES 512 /* a power of two */

static size_t phrase_slot(uint64_t key)
{
	return (key ^ key >> 10) & (PHRASES - 1);
}

const struct phrase *phrases_find(const struct phrases *phrases, uint64_t key)
{
	const struct phrase *phrase;

	if (!phrases->list)
		return NULL;
	phrase = &phrases->list[phrase_slot(key)];
	return phrase->key == key ? phrase : NULL;
}

void phrases_keep(struct phrases *phrases, uint64_t key, const char *text, size_t length)
{
	struct phrase *phrase;

	if (!phrases->list)
		phrases->list = calloc(PHRASES, sizeof(*phrases->list));
	if (!phrases->list || length > PHRASE_SIZE)
		return;
	phrase = &phrases->list[phrase_slot(key)];
	memcpy(phrase->text, text, length);
	phrase->length = (uint16_t)length;
	phrase->key = key;
}

void phrases_free(struct phrases *phrases)
{
	free(phrases->list);
	phrases->list = NULL;
}
