/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * delta.h - of two structs that are alike, what differs: its words of four bytes
 *
 * Packed is a word with a bit for each word that differs, and these. The structs have no
 * padding. A struct of more words than bits is not for this; bits that are left over are
 * the caller's.
 */
#ifndef BPFPATH_DELTA_H
#define BPFPATH_DELTA_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define DELTA_WORD	  sizeof(uint32_t)
#define DELTA_WORDS(type) (sizeof(type) / DELTA_WORD) /* an even number, see below */

/* The most bytes that delta_pack() writes. */
#define DELTA_MOST(type) (DELTA_WORD + sizeof(type))

/* The word at @now goes to @to, and to @before, if it is another one: its bit. */
static inline uint32_t word_pack(uint8_t **to, const uint8_t *now, uint8_t *before)
{
	uint32_t word;

	if (!memcmp(now, before, DELTA_WORD))
		return 0;
	memcpy(&word, now, DELTA_WORD);
	memcpy(before, &word, DELTA_WORD);
	memcpy(*to, &word, DELTA_WORD);
	*to += DELTA_WORD;
	return 1;
}

/*
 * Write to @to, with room for DELTA_MOST, what @now has other than @before, @words of
 * each, a constant; @bits are the caller's. Where it ends; and @before becomes @now, by
 * the words that differ, which are few.
 */
static inline uint8_t *delta_pack(uint8_t *to, const void *now, void *before,
				  size_t words, uint32_t bits)
{
	uint8_t *from = to;

	to += DELTA_WORD;
#pragma GCC unroll 16 /* the loop would cost more than what is in it */
	for (size_t i = 0; i < words; i += 2) {
		const uint8_t *pair = (const uint8_t *)now + i * DELTA_WORD;
		uint8_t *old = (uint8_t *)before + i * DELTA_WORD;

		if (!memcmp(pair, old, 2 * DELTA_WORD))
			continue;
		bits |= word_pack(&to, pair, old) << i;
		bits |= word_pack(&to, pair + DELTA_WORD, old + DELTA_WORD) << (i + 1);
	}
	memcpy(from, &bits, DELTA_WORD);
	return to;
}

/* @bits of words at @from go where they belong. Where they end. */
static inline const uint8_t *delta_unpack(void *into, uint32_t bits, const uint8_t *from)
{
	for (; bits; bits &= bits - 1, from += DELTA_WORD)
		memcpy((uint8_t *)into + (size_t)__builtin_ctz(bits) * DELTA_WORD, from,
		       DELTA_WORD);
	return from;
}

#endif
