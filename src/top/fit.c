// SPDX-License-Identifier: GPL-2.0-only
#include "top/fit.h"

#include <string.h>

#include "top/grid.h"

#define NARROW 40 /* columns of a screen, below which those of a sheet stand closer */

static int column_widest(const struct sheet *sheet, size_t i)
{
	char number[SHEET_NUMBER];
	int widest = 0;

	for (size_t row = 0; row < sheet->shown; row++) {
		const struct sheet_row *at = &sheet->rows[sheet->order[row]];
		int width = grid_columns(sheet_cell_text(sheet, at, i, number));

		if (width > widest)
			widest = width;
	}
	return widest;
}

/* What it wants, and what it has at first: a text that matters may be longer. */
static void fit_add(struct fit *fit, const struct sheet *sheet, size_t i)
{
	const struct sheet_column *column = &sheet->columns[i];
	int kind = sheet_width(column->kind), name = (int)strlen(column->name);
	bool text = column->kind == SHEET_TEXT;
	int wanted = text ? column_widest(sheet, i) : kind;
	int least = column->rank ? kind : 2 * kind;

	if (wanted < name)
		wanted = name;
	fit->list[fit->count].column = i;
	fit->list[fit->count].wanted = wanted;
	fit->list[fit->count++].width = text && wanted > least ? least : wanted;
}

static int fit_width(const struct fit *fit)
{
	int width = 0;

	for (size_t i = 0; i < fit->count; i++)
		width += fit->list[i].width + (i ? fit->gap : 0);
	return width;
}

static unsigned int fit_rank(const struct fit *fit, const struct sheet *sheet, size_t i)
{
	return sheet->columns[fit->list[i].column].rank;
}

/* The one that matters least goes; false: all that are left have to stay. */
static bool fit_drop(struct fit *fit, const struct sheet *sheet)
{
	size_t least = 0;

	for (size_t i = 1; i < fit->count; i++) {
		if (fit_rank(fit, sheet, i) > fit_rank(fit, sheet, least))
			least = i;
	}
	if (!fit->count || !fit_rank(fit, sheet, least))
		return false;
	fit->count--;
	memmove(&fit->list[least], &fit->list[least + 1],
		(fit->count - least) * sizeof(fit->list[0]));
	return true;
}

/* Numbers take what they need, and the last column is cut. */
static void fit_shrink(struct fit *fit, const struct sheet *sheet, int width)
{
	int over = fit_width(fit) - width;

	for (size_t i = 0; over > 0 && i + 1 < fit->count; i++) {
		int widest = column_widest(sheet, fit->list[i].column);
		int spare = fit->list[i].width - (widest ? widest : 1);

		if (spare > over)
			spare = over;
		fit->list[i].width -= spare;
		over -= spare;
	}
	if (over > 0 && fit->count)
		fit->list[fit->count - 1].width -= over;
}

/* What is left over goes to the texts that are cut, the first one first. */
static void fit_grow(struct fit *fit, int width)
{
	for (size_t i = 0; i < fit->count; i++) {
		int more = fit->list[i].wanted - fit->list[i].width;
		int room = width - fit_width(fit);

		fit->list[i].width += more < room ? more : room;
	}
}

void fit_columns(struct fit *fit, const struct sheet *sheet, int width, bool rates)
{
	*fit = (struct fit){ .gap = width < NARROW ? 1 : 2 };
	for (size_t i = 0; i < sheet->column_count; i++) {
		if (rates || sheet->columns[i].kind != SHEET_RATE)
			fit_add(fit, sheet, i);
	}
	while (fit_width(fit) > width && fit_drop(fit, sheet))
		;
	if (fit_width(fit) > width)
		fit_shrink(fit, sheet, width);
	else
		fit_grow(fit, width);
}
