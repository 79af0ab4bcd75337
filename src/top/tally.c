// SPDX-License-Identifier: GPL-2.0-only
#include "top/tally.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strings.h"
#include "top/sample.h"

int tally_open(struct tally *tally)
{
	*tally = (struct tally){
		.rows = calloc(TALLY_ROWS, sizeof(*tally->rows)),
		.strings = strings_new(),
	};
	if (!tally->rows || !tally->strings)
		return -ENOMEM;
	return chains_init(&tally->chains, TALLY_ROWS);
}

void tally_close(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		sample_drop(tally->rows[i].sample);
	sample_drop(tally->other.sample);
	free(tally->rows);
	strings_free(tally->strings);
	chains_free(&tally->chains);
	*tally = (struct tally){ 0 };
}

static uint64_t names_hash(const char *const names[TALLY_NAMES])
{
	uint64_t hash = 0;

	for (size_t i = 0; i < TALLY_NAMES; i++)
		hash = hash_add(hash, hash_text(names[i], strlen(names[i])));
	return hash;
}

static bool row_is(const struct tally_row *row, uint64_t hash,
		   const char *const names[TALLY_NAMES])
{
	if (row->hash != hash)
		return false;
	for (size_t i = 0; i < TALLY_NAMES; i++) {
		if (strcmp(row->names[i], names[i]) != 0)
			return false;
	}
	return true;
}

/* NULL: there is no room, or no memory. */
static struct tally_row *tally_new(struct tally *tally, uint64_t hash,
				   const char *const names[TALLY_NAMES])
{
	struct tally_row *row = &tally->rows[tally->count];

	if (tally->count == TALLY_ROWS)
		return NULL;
	*row = (struct tally_row){ .hash = hash };
	for (size_t i = 0; i < TALLY_NAMES; i++) {
		row->names[i] = strings_intern(tally->strings, names[i]);
		if (!row->names[i])
			return NULL;
	}
	chains_add(&tally->chains, (uint32_t)tally->count++, hash);
	return row;
}

struct tally_row *tally_row(struct tally *tally, const char *const names[TALLY_NAMES])
{
	uint64_t hash = names_hash(names);
	uint32_t i = chains_first(&tally->chains, hash);

	for (; i != CHAINS_END; i = chains_next(&tally->chains, i)) {
		if (row_is(&tally->rows[i], hash, names))
			return &tally->rows[i];
	}
	return tally_new(tally, hash, names) ?: &tally->other;
}

uint64_t tally_sum(const struct tally_row *row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < TALLY_COUNTS; i++)
		sum += row->counts[i];
	return sum;
}

void tally_read(struct tally *tally, double seconds)
{
	for (size_t i = 0; i < tally->count; i++)
		meter_read(&tally->rows[i].meter, tally_sum(&tally->rows[i]), seconds);
	meter_read(&tally->other.meter, tally_sum(&tally->other), seconds);
}
