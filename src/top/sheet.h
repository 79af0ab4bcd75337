/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sheet.h - a table as it was at one moment: what a view shows, before it is cut to a
 * screen
 *
 * All text in it is escaped, so that it can be shown as it is.
 */
#ifndef BPFPATH_SHEET_H
#define BPFPATH_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "top/grid.h"

struct sample;

#define SHEET_COLUMNS 10
#define SHEET_NUMBER  32 /* bytes that are enough for each number as text */
#define SHEET_OTHERS  UINT64_MAX

enum sheet_kind {
	SHEET_TEXT,
	SHEET_COUNT,
	SHEET_RATE,  /* a second; only while tracing */
	SHEET_SHARE, /* percent */
	SHEET_TIME,  /* ns */
	SHEET_KINDS
};

struct sheet_column {
	const char *name;
	enum sheet_kind kind;
	unsigned int
		rank; /* where the screen is narrow the highest goes first; 0 stays */
};

struct sheet_cell {
	double number; /* of SHEET_TEXT: unused */
	char *text;    /* owned; of SHEET_TEXT alone */
};

struct sheet_row {
	uint64_t id; /* from 1, of the same thing always the same; or SHEET_OTHERS */
	struct sheet_cell cells[SHEET_COLUMNS];
	enum grid_style style; /* of its text */
	char *note;	       /* owned; one line that says more; NULL: nothing to say */
	struct sample *sample; /* a path to look at; NULL: there is none */
};

/* All zero is empty. */
struct sheet {
	const struct sheet_column *columns;
	size_t column_count;
	struct sheet_row *rows;
	size_t count, room;
	size_t *order; /* of the rows that are shown */
	size_t shown;
	bool failed; /* no memory: rows are missing */
};

void sheet_clear(struct sheet *sheet);

/* Another row, to be filled in, whose path is @sample; NULL: no memory. */
struct sheet_row *sheet_add(struct sheet *sheet, uint64_t id, struct sample *sample);

/* Text that comes from elsewhere, in column @i; without memory it stays empty. */
void sheet_text(struct sheet *sheet, struct sheet_row *row, size_t i, const char *text);
void sheet_note(struct sheet *sheet, struct sheet_row *row, const char *text);

/*
 * Put the rows that have @filter in their text into order: by column @by, numbers with
 * the largest first, @reverse the other way round; SHEET_OTHERS at the end.
 * 0 or -ENOMEM.
 */
int sheet_arrange(struct sheet *sheet, size_t by, bool reverse, const char *filter);

/* The cell @i as it is shown. */
const char *sheet_cell_text(const struct sheet *sheet, const struct sheet_row *row,
			    size_t i, char number[SHEET_NUMBER]);

/* How many columns a cell of that kind takes; of SHEET_TEXT: at least. */
int sheet_width(enum sheet_kind kind);

#endif
