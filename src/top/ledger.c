// SPDX-License-Identifier: GPL-2.0-only
#include "top/ledger.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strings.h"
#include "top/sample.h"

int ledger_open(struct ledger *ledger)
{
	*ledger = (struct ledger){
		.rows = calloc(LEDGER_ROWS, sizeof(*ledger->rows)),
		.strings = strings_new(),
	};
	if (!ledger->rows || !ledger->strings)
		return -ENOMEM;
	return chains_init(&ledger->chains, LEDGER_ROWS);
}

void ledger_close(struct ledger *ledger)
{
	for (size_t i = 0; i < ledger->count; i++)
		sample_drop(ledger->rows[i].sample);
	sample_drop(ledger->other.sample);
	free(ledger->rows);
	strings_free(ledger->strings);
	chains_free(&ledger->chains);
	*ledger = (struct ledger){ 0 };
}

static uint64_t names_hash(const char *const names[LEDGER_NAMES])
{
	uint64_t hash = 0;

	for (size_t i = 0; i < LEDGER_NAMES; i++)
		hash = hash_add(hash, hash_text(names[i], strlen(names[i])));
	return hash;
}

static bool row_is(const struct ledger_row *row, uint64_t hash,
		   const char *const names[LEDGER_NAMES])
{
	if (row->hash != hash)
		return false;
	for (size_t i = 0; i < LEDGER_NAMES; i++) {
		if (strcmp(row->names[i], names[i]) != 0)
			return false;
	}
	return true;
}

/* NULL: there is no room, or no memory. */
static struct ledger_row *ledger_new(struct ledger *ledger, uint64_t hash,
				     const char *const names[LEDGER_NAMES])
{
	struct ledger_row *row = &ledger->rows[ledger->count];

	if (ledger->count == LEDGER_ROWS)
		return NULL;
	*row = (struct ledger_row){ .hash = hash };
	for (size_t i = 0; i < LEDGER_NAMES; i++) {
		row->names[i] = strings_intern(ledger->strings, names[i]);
		if (!row->names[i])
			return NULL;
	}
	chains_add(&ledger->chains, (uint32_t)ledger->count++, hash);
	return row;
}

struct ledger_row *ledger_row(struct ledger *ledger,
			      const char *const names[LEDGER_NAMES])
{
	uint64_t hash = names_hash(names);
	uint32_t i = chains_first(&ledger->chains, hash);

	for (; i != CHAINS_END; i = chains_next(&ledger->chains, i)) {
		if (row_is(&ledger->rows[i], hash, names))
			return &ledger->rows[i];
	}
	return ledger_new(ledger, hash, names) ?: &ledger->other;
}

uint64_t ledger_sum(const struct ledger_row *row)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < LEDGER_COUNTS; i++)
		sum += row->counts[i];
	return sum;
}

void ledger_read(struct ledger *ledger, double seconds)
{
	for (size_t i = 0; i < ledger->count; i++)
		pace_read(&ledger->rows[i].pace, ledger_sum(&ledger->rows[i]), seconds);
	pace_read(&ledger->other.pace, ledger_sum(&ledger->other), seconds);
}
