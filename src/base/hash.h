/* SPDX-License-Identifier: GPL-2.0-only */
/* hash.h - a number for a text, to find it by */
#ifndef BPFPATH_HASH_H
#define BPFPATH_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/golden.h"

static inline uint64_t hash_add(uint64_t hash, uint64_t word)
{
	hash = (hash ^ word) * GOLDEN;
	return hash ^ hash >> 32;
}

/* Eight bytes at a time: bytes one by one cost more than all that comes after. */
static inline uint64_t hash_text(const char *text, size_t length)
{
	uint64_t hash = length, word;

	for (; length >= sizeof(word); length -= sizeof(word), text += sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = hash_add(hash, word);
	}
	for (word = 0; length; length--)
		word = word << 8 | (uint8_t)text[length - 1];
	return hash_add(hash, word);
}

#endif
