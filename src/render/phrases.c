// SPDX-License-Identifier: GPL-2.0-only
#include "render/phrases.h"

#include <stdlib.h>
#include <string.h>

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
