// SPDX-License-Identifier: GPL-2.0-only
#include "top/sheet.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/escape.h"
#include "top/sample.h"

#define SHEET_TEXT_SIZE 512 /* of a text as it is shown */

static const int widths[] = {
	[SHEET_TEXT] = 16, [SHEET_COUNT] = 8, [SHEET_RATE] = 7,
	[SHEET_SHARE] = 5, [SHEET_TIME] = 8,
};
static_assert(sizeof(widths) / sizeof(widths[0]) == SHEET_KINDS, "a width per kind");

int sheet_width(enum sheet_kind kind)
{
	return widths[kind];
}

/* ---- rows */

static void row_clear(struct sheet_row *row)
{
	for (size_t i = 0; i < SHEET_COLUMNS; i++)
		free(row->cells[i].text);
	free(row->note);
	sample_drop(row->sample);
}

void sheet_clear(struct sheet *sheet)
{
	for (size_t i = 0; i < sheet->count; i++)
		row_clear(&sheet->rows[i]);
	free(sheet->rows);
	free(sheet->order);
	*sheet = (struct sheet){ 0 };
}

struct sheet_row *sheet_add(struct sheet *sheet, uint64_t id, struct sample *sample)
{
	size_t room = sheet->room ? 2 * sheet->room : 32;
	struct sheet_row *rows = sheet->rows;

	if (sheet->count == sheet->room) {
		rows = reallocarray(rows, room, sizeof(*rows));
		if (!rows) {
			sheet->failed = true;
			return NULL;
		}
		sheet->rows = rows;
		sheet->room = room;
	}
	rows[sheet->count] = (struct sheet_row){ .id = id, .sample = sample_use(sample) };
	return &rows[sheet->count++];
}

static void sheet_copy(struct sheet *sheet, char **to, const char *text)
{
	char safe[SHEET_TEXT_SIZE];

	escape_terminal(safe, sizeof(safe), text);
	*to = strdup(safe);
	sheet->failed |= !*to;
}

void sheet_text(struct sheet *sheet, struct sheet_row *row, size_t i, const char *text)
{
	sheet_copy(sheet, &row->cells[i].text, text);
}

void sheet_note(struct sheet *sheet, struct sheet_row *row, const char *text)
{
	sheet_copy(sheet, &row->note, text);
}

/* ---- cells */

/* Up to eight columns, whatever the number is. */
static void print_count(char text[SHEET_NUMBER], double number)
{
	if (number < 1e8)
		snprintf(text, SHEET_NUMBER, "%.0f", number);
	else if (number < 1e11)
		snprintf(text, SHEET_NUMBER, "%.1fM", number / 1e6);
	else
		snprintf(text, SHEET_NUMBER, "%.3gT", number / 1e12);
}

static void print_rate(char text[SHEET_NUMBER], double number)
{
	if (number && number < 9.95)
		snprintf(text, SHEET_NUMBER, "%.1f", number);
	else if (number < 1e7)
		snprintf(text, SHEET_NUMBER, "%.0f", number);
	else
		snprintf(text, SHEET_NUMBER, "%.0fM", number / 1e6);
}

static void print_time(char text[SHEET_NUMBER], double ns)
{
	if (ns < 1e3)
		snprintf(text, SHEET_NUMBER, "%.0f ns", ns);
	else if (ns < 999950)
		snprintf(text, SHEET_NUMBER, "%.1f us", ns / 1e3);
	else if (ns < 999950e3)
		snprintf(text, SHEET_NUMBER, "%.1f ms", ns / 1e6);
	else if (ns < 1e14)
		snprintf(text, SHEET_NUMBER, "%.1f s", ns / 1e9);
	else
		snprintf(text, SHEET_NUMBER, "%.0f d", ns / 86400e9);
}

const char *sheet_cell_text(const struct sheet *sheet, const struct sheet_row *row,
			    size_t i, char number[SHEET_NUMBER])
{
	const struct sheet_cell *cell = &row->cells[i];

	switch (sheet->columns[i].kind) {
	case SHEET_COUNT:
		print_count(number, cell->number);
		return number;
	case SHEET_RATE:
		print_rate(number, cell->number);
		return number;
	case SHEET_SHARE:
		snprintf(number, SHEET_NUMBER, "%.1f", cell->number);
		return number;
	case SHEET_TIME:
		print_time(number, cell->number);
		return number;
	case SHEET_TEXT:
	case SHEET_KINDS:
		break;
	}
	return cell->text ?: "";
}

/* ---- which rows, in which order */

static bool row_has(const struct sheet_row *row, const char *filter)
{
	if (row->note && strcasestr(row->note, filter))
		return true;
	for (size_t i = 0; i < SHEET_COLUMNS; i++) {
		if (row->cells[i].text && strcasestr(row->cells[i].text, filter))
			return true;
	}
	return false;
}

struct arrangement {
	const struct sheet *sheet;
	size_t by;
	bool reverse;
};

/* Numbers fall, texts rise. */
static int cell_compare(const struct arrangement *arrangement,
			const struct sheet_cell *left, const struct sheet_cell *right)
{
	enum sheet_kind kind = arrangement->sheet->columns[arrangement->by].kind;

	if (kind == SHEET_TEXT)
		return strcmp(left->text ?: "", right->text ?: "");
	return (left->number < right->number) - (left->number > right->number);
}

/* Equal ones stay in the order in which they came: nothing jumps about. */
static int row_compare(const void *a, const void *b, void *context)
{
	const struct arrangement *arrangement = context;
	size_t i = *(const size_t *)a, j = *(const size_t *)b;
	const struct sheet_row *left = &arrangement->sheet->rows[i];
	const struct sheet_row *right = &arrangement->sheet->rows[j];
	int order = cell_compare(arrangement, &left->cells[arrangement->by],
				 &right->cells[arrangement->by]);

	if ((left->id == SHEET_OTHERS) != (right->id == SHEET_OTHERS))
		return right->id == SHEET_OTHERS ? -1 : 1;
	if (!order)
		return i < j ? -1 : 1;
	return arrangement->reverse ? -order : order;
}

int sheet_arrange(struct sheet *sheet, size_t by, bool reverse, const char *filter)
{
	struct arrangement arrangement = { sheet, by, reverse };
	size_t *order = reallocarray(sheet->order, sheet->count + 1, sizeof(*order));

	if (!order)
		return -ENOMEM;
	sheet->order = order;
	sheet->shown = 0;
	for (size_t i = 0; i < sheet->count; i++) {
		if (!*filter || row_has(&sheet->rows[i], filter))
			order[sheet->shown++] = i;
	}
	qsort_r(order, sheet->shown, sizeof(*order), row_compare, &arrangement);
	return 0;
}
