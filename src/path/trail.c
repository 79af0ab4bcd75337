// SPDX-License-Identifier: GPL-2.0-only
#include "path/trail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRAIL_ROOM 512 /* bytes that are added at least */

/* What is kept of a step: its first words, and which of them is a bit each. */
#define STEP_BYTES offsetof(struct step, stage)
#define STEP_WORDS (STEP_BYTES / sizeof(uint32_t))

static_assert(STEP_BYTES % sizeof(uint64_t) == 0, "two words at a time");
static_assert(STEP_WORDS <= 32, "a bit for each word");

/* How much of a struct headers there is behind a step. */
static size_t headers_size(const struct headers *headers)
{
	return offsetof(struct headers, data) + headers->captured;
}

/* Room for one more step. */
static uint8_t *trail_room(struct trail *trail)
{
	const size_t most = sizeof(uint32_t) + STEP_BYTES + sizeof(struct headers);
	size_t more = trail->size / 4;
	uint8_t *data;

	if (trail->size - trail->used >= most)
		return trail->data + trail->used;
	if (more < TRAIL_ROOM)
		more = TRAIL_ROOM;
	data = realloc(trail->data, trail->size + more);
	if (!data)
		return NULL;
	trail->data = data;
	trail->size += more;
	return data + trail->used;
}

/* A bit if the word is another one, which then goes to @to. */
static inline uint32_t word_pack(uint8_t **to, uint32_t word, uint32_t before)
{
	if (word == before)
		return 0;
	memcpy(*to, &word, sizeof(word));
	*to += sizeof(word);
	return 1;
}

/* Which words are others; they go to @to, one behind the other. */
static uint32_t words_pack(uint8_t **to, const struct step *step,
			   const struct step *before)
{
	uint32_t words[STEP_WORDS], old[STEP_WORDS], mask = 0;

	memcpy(words, step, STEP_BYTES);
	memcpy(old, before, STEP_BYTES);
	for (size_t i = 0; i < STEP_WORDS; i += 2) {
		if (!memcmp(&words[i], &old[i], 2 * sizeof(words[i])))
			continue;
		mask |= word_pack(to, words[i], old[i]) << i;
		mask |= word_pack(to, words[i + 1], old[i + 1]) << (i + 1);
	}
	return mask;
}

static void words_unpack(const uint8_t **from, uint32_t mask, struct step *step)
{
	for (; mask; mask &= mask - 1) {
		size_t word = (size_t)__builtin_ctz(mask);

		memcpy((uint8_t *)step + word * sizeof(uint32_t), *from,
		       sizeof(uint32_t));
		*from += sizeof(uint32_t);
	}
}

int trail_add(struct trail *trail, const struct step *step, const struct headers *headers)
{
	static const struct step nothing;
	const struct step *before = trail->begun ? &trail->before : &nothing;
	uint8_t *from = trail_room(trail), *to;
	uint32_t mask;

	if (!from)
		return -ENOMEM;
	to = from + sizeof(mask);
	mask = words_pack(&to, step, before);
	memcpy(from, &mask, sizeof(mask));
	if (step->kind != EVENT_RETURN) {
		memcpy(&trail->before, step, STEP_BYTES);
		trail->begun = true;
	}
	if (headers) {
		memcpy(to, headers, headers_size(headers));
		to += headers_size(headers);
	}
	trail->used = (size_t)(to - trail->data);
	return 0;
}

bool trail_next(const struct trail *trail, struct trail_reader *reader,
		struct trail_entry *entry)
{
	const uint8_t *at = trail->data + reader->at;
	uint32_t mask;

	if (reader->at == trail->used)
		return false;
	memcpy(&mask, at, sizeof(mask));
	at += sizeof(mask);
	entry->step = reader->before;
	words_unpack(&at, mask, &entry->step);
	if (entry->step.kind != EVENT_RETURN)
		reader->before = entry->step;
	if (entry->step.headers) {
		memcpy(&entry->headers, at, offsetof(struct headers, data));
		memcpy(&entry->headers, at, headers_size(&entry->headers));
		at += headers_size(&entry->headers);
	}
	reader->at = (size_t)(at - trail->data);
	return true;
}

void trail_empty(struct trail *trail)
{
	trail->used = 0;
	trail->begun = false;
}

void trail_free(struct trail *trail)
{
	free(trail->data);
	*trail = (struct trail){ 0 };
}
