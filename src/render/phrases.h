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

/* @key is not 0. NULL when it is not known. */
const struct phrase *phrases_find(const struct phrases *phrases, uint64_t key);

/* A copy; nothing happens without memory. */
void phrases_keep(struct phrases *phrases, uint64_t key, const char *text, size_t length);

void phrases_free(struct phrases *phrases);

#endif
