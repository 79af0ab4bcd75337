// SPDX-License-Identifier: GPL-2.0-only
#include "path/trail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define TRAIL_ROOM 256 /* bytes that are added at least */

#define WORD	   sizeof(uint32_t)
#define STEP_WORDS (sizeof(struct trail_step) / WORD)

/* The most that a step takes: which words it has, a bit each, these, and headers. */
#define STEP_MOST (WORD + sizeof(struct trail_step) + EVENT_SNAP_LEN)

/* Behind the words' bits: it tells more of a step. */
#define STEP_MORE (1u << STEP_WORDS)

static_assert(TRAIL_ROOM >= STEP_MOST, "room for a step, after one more allocation");
static_assert(STEP_WORDS < 32, "a bit for each word, and one more");
static_assert(STEP_WORDS % 2 == 0, "two words at a time");

static uint8_t *trail_room(struct trail *trail)
{
	size_t more = trail->size / 4;
	uint8_t *data;

	if (trail->size - trail->used >= STEP_MOST)
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

/* The word goes to @to if it is another one: its bit. */
static inline uint32_t word_pack(uint8_t **to, uint32_t word, uint32_t before)
{
	if (word == before)
		return 0;
	memcpy(*to, &word, WORD);
	*to += WORD;
	return 1;
}

static uint8_t *step_pack(uint8_t *from, const struct trail_step *step,
			  const struct trail_step *before)
{
	uint8_t *to = from + WORD;
	uint32_t mask = 0;

#pragma GCC unroll 16 /* the loop would cost more than what is in it */
	for (size_t i = 0; i < STEP_WORDS; i += 2) {
		uint32_t words[2], old[2];

		memcpy(words, (const uint8_t *)step + i * WORD, sizeof(words));
		memcpy(old, (const uint8_t *)before + i * WORD, sizeof(old));
		if (!memcmp(words, old, sizeof(words)))
			continue;
		mask |= word_pack(&to, words[0], old[0]) << i;
		mask |= word_pack(&to, words[1], old[1]) << (i + 1);
	}
	if (step->kind >= EVENT_STEP_KINDS)
		mask |= STEP_MORE;
	memcpy(from, &mask, WORD);
	return to;
}

/* @step is the one before, and becomes the one whose words are at @from. */
static const uint8_t *step_unpack(const uint8_t *from, uint32_t mask,
				  struct trail_step *step)
{
	for (; mask; mask &= mask - 1, from += WORD)
		memcpy((uint8_t *)step + (size_t)__builtin_ctz(mask) * WORD, from, WORD);
	return from;
}

int trail_add(struct trail *trail, const struct trail_step *step, const uint8_t *data)
{
	static const struct trail_step nothing;
	uint8_t *to = trail_room(trail);

	if (!to)
		return -ENOMEM;
	to = step_pack(to, step, trail->begun ? &trail->before : &nothing);
	if (step->headers) {
		memcpy(to, data, step->captured);
		to += step->captured;
	}
	trail->used = (size_t)(to - trail->data);
	if (step->kind < EVENT_STEP_KINDS) {
		trail->before = *step;
		trail->begun = true;
	}
	return 0;
}

const struct trail_step *trail_next(const struct trail *trail,
				    struct trail_reader *reader, const uint8_t **data)
{
	const uint8_t *from = trail->data + reader->at;
	struct trail_step *step = &reader->step;
	uint32_t mask;

	if (reader->at == trail->used)
		return NULL;
	memcpy(&mask, from, WORD);
	if (mask & STEP_MORE) {
		reader->more = reader->step;
		step = &reader->more;
	}
	from = step_unpack(from + WORD, mask & ~STEP_MORE, step);
	*data = from;
	if (step->headers)
		from += step->captured;
	reader->at = (size_t)(from - trail->data);
	return step;
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
