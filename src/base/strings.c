// SPDX-License-Identifier: GPL-2.0-only
#include "base/strings.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

#define BLOCK_SIZE 65536

struct block {
	struct block *next;
	size_t used, size;
	char text[];
};

struct strings {
	struct block *blocks;
	/* Interned strings: open addressing, a power of two of places. */
	const char **places;
	size_t place_count, interned;
};

struct strings *strings_new(void)
{
	return calloc(1, sizeof(struct strings));
}

void strings_free(struct strings *strings)
{
	struct block *block, *next;

	if (!strings)
		return;
	for (block = strings->blocks; block; block = next) {
		next = block->next;
		free(block);
	}
	free(strings->places);
	free(strings);
}

static struct block *block_add(struct strings *strings, size_t least)
{
	size_t size = least > BLOCK_SIZE ? least : BLOCK_SIZE;
	struct block *block = malloc(sizeof(*block) + size);

	if (!block)
		return NULL;
	block->next = strings->blocks;
	block->used = 0;
	block->size = size;
	strings->blocks = block;
	return block;
}

const char *strings_add(struct strings *strings, const char *text, size_t length)
{
	struct block *block = strings->blocks;
	char *copy;

	if (!block || block->size - block->used <= length)
		block = block_add(strings, length + 1);
	if (!block)
		return NULL;
	copy = block->text + block->used;
	memcpy(copy, text, length);
	copy[length] = '\0';
	block->used += length + 1;
	return copy;
}

static const char **place_find(const char **places, size_t count, const char *text)
{
	size_t at = hash_text(text, strlen(text)) & (count - 1);

	while (places[at] && strcmp(places[at], text))
		at = (at + 1) & (count - 1);
	return &places[at];
}

static int places_grow(struct strings *strings)
{
	size_t count = strings->place_count ? 2 * strings->place_count : 64;
	const char **places = calloc(count, sizeof(*places));

	if (!places)
		return -1;
	for (size_t i = 0; i < strings->place_count; i++)
		if (strings->places[i])
			*place_find(places, count,
				    strings->places[i]) = strings->places[i];
	free(strings->places);
	strings->places = places;
	strings->place_count = count;
	return 0;
}

const char *strings_intern(struct strings *strings, const char *text)
{
	const char **place;

	/* At most three quarters full, so that a search soon meets a gap. */
	if (4 * (strings->interned + 1) > 3 * strings->place_count &&
	    places_grow(strings))
		return NULL;
	place = place_find(strings->places, strings->place_count, text);
	if (!*place) {
		*place = strings_add(strings, text, strlen(text));
		strings->interned += *place != NULL;
	}
	return *place;
}
