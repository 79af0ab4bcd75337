// SPDX-License-Identifier: GPL-2.0-only
#include "count/tally.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "count/group.h"

int tally_add(struct tally *tally, const union count_key *key,
	      const struct count_value *value)
{
	if (tally->count == tally->room) {
		size_t room = tally->room ? 2 * tally->room : 64;
		struct tally_row *rows = reallocarray(tally->rows, room, sizeof(*rows));

		if (!rows)
			return -ENOMEM;
		tally->rows = rows;
		tally->room = room;
	}
	tally->rows[tally->count++] = (struct tally_row){ *key, *value, NULL, true };
	return 0;
}

static int row_name(struct tally_row *row, enum count_by by, struct naming *naming)
{
	char text[GROUP_SIZE];

	row->unnamed = !group_text(by, &row->key, naming, text, sizeof(text));
	free(row->text);
	row->text = strdup(text);
	return row->text ? row->unnamed : -ENOMEM;
}

int tally_name(struct tally *tally, enum count_by by, struct naming *naming)
{
	int unnamed = 0;

	for (size_t i = 0; i < tally->count; i++) {
		int err = 0;

		if (tally->rows[i].unnamed)
			err = row_name(&tally->rows[i], by, naming);
		if (err < 0)
			return err;
		unnamed |= err;
	}
	return unnamed;
}

static int compare_texts(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;

	return strcmp(a->text, b->text);
}

static int compare_packets(const void *left, const void *right)
{
	const struct tally_row *a = left, *b = right;

	if (a->value.packets != b->value.packets)
		return a->value.packets < b->value.packets ? 1 : -1;
	return compare_texts(left, right);
}

static void value_add(struct count_value *to, const struct count_value *value)
{
	to->packets += value->packets;
	to->bytes += value->bytes;
}

/* The rows are in the order of their texts. */
static void tally_merge(struct tally *tally)
{
	size_t kept = 0;

	for (size_t i = 0; i < tally->count; i++) {
		struct tally_row *row = &tally->rows[i];
		struct tally_row *last = kept ? &tally->rows[kept - 1] : NULL;

		if (last && !strcmp(last->text, row->text)) {
			value_add(&last->value, &row->value);
			free(row->text);
		} else {
			tally->rows[kept++] = *row;
		}
	}
	tally->count = kept;
}

void tally_sort(struct tally *tally)
{
	if (!tally->count)
		return;
	qsort(tally->rows, tally->count, sizeof(*tally->rows), compare_texts);
	tally_merge(tally);
	qsort(tally->rows, tally->count, sizeof(*tally->rows), compare_packets);
}

struct count_value tally_total(const struct tally *tally)
{
	struct count_value total = tally->other;

	for (size_t i = 0; i < tally->count; i++)
		value_add(&total, &tally->rows[i].value);
	return total;
}

void tally_clear(struct tally *tally)
{
	for (size_t i = 0; i < tally->count; i++)
		free(tally->rows[i].text);
	free(tally->rows);
	*tally = (struct tally){ 0 };
}
