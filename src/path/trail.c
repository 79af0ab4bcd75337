// SPDX-License-Identifier: GPL-2.0-only
#include "path/trail.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/delta.h"

#define TRAIL_ROOM 128 /* bytes that are added, at least, and as many as are needed */

#define STEP_WORDS DELTA_WORDS(struct trail_step)

/* The most that the words of a step take, without headers behind them. */
#define STEP_MOST DELTA_MOST(struct trail_step)

/* Behind the words' bits: it tells more of a step. */
#define STEP_MORE (1u << STEP_WORDS)

static_assert(STEP_WORDS < 32, "a bit for each word, and one more");
static_assert(STEP_WORDS % 2 == 0, "two words at a time");

/* For a step: few have headers, and thousands of paths may wait with room for them. */
static uint8_t *trail_room(struct trail *trail, const struct trail_step *step)
{
	size_t most = STEP_MOST + (step->headers ? step->captured : 0);
	size_t more = trail->size / 8;
	uint8_t *data;

	if (trail->size - trail->used >= most)
		return trail->data + trail->used;
	if (more < TRAIL_ROOM)
		more = TRAIL_ROOM;
	if (more < most)
		more = most;
	data = realloc(trail->data, trail->size + more);
	if (!data)
		return NULL;
	trail->data = data;
	trail->size += more;
	return data + trail->used;
}

/* What tells more of a step is no step: the next one is told by the one before it. */
static uint8_t *more_pack(const struct trail *trail, uint8_t *to,
			  const struct trail_step *more)
{
	struct trail_step before = { 0 };

	if (trail->begun)
		before = trail->before;
	return delta_pack(to, more, &before, STEP_WORDS, STEP_MORE);
}

static uint8_t *step_pack(struct trail *trail, uint8_t *to, const struct trail_step *step)
{
	if (!trail->begun)
		trail->before = (struct trail_step){ 0 };
	trail->begun = true;
	return delta_pack(to, step, &trail->before, STEP_WORDS, 0);
}

int trail_add(struct trail *trail, const struct trail_step *step, const uint8_t *data)
{
	uint8_t *to = trail_room(trail, step);

	if (!to)
		return -ENOMEM;
	to = step->kind < EVENT_STEP_KINDS ? step_pack(trail, to, step)
					   : more_pack(trail, to, step);
	if (step->headers) {
		memcpy(to, data, step->captured);
		to += step->captured;
	}
	trail->used = (size_t)(to - trail->data);
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
	memcpy(&mask, from, DELTA_WORD);
	if (mask & STEP_MORE) {
		reader->more = reader->step;
		step = &reader->more;
	}
	from = delta_unpack(step, mask & ~STEP_MORE, from + DELTA_WORD);
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
