/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * row.h - a line in columns, put together before it is written
 *
 * Nearly all lines of a text are steps: with fprintf(3) for each column they took three
 * quarters of the time. What does not fit is cut.
 */
#ifndef BPFPATH_ROW_H
#define BPFPATH_ROW_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROW_SIZE 1024

struct row {
	size_t used;
	char text[ROW_SIZE];
};

static inline size_t row_room(const struct row *row, size_t wanted)
{
	size_t room = sizeof(row->text) - row->used;

	return wanted < room ? wanted : room;
}

static inline void row_put(struct row *row, const char *text, size_t length)
{
	length = row_room(row, length);
	memcpy(row->text + row->used, text, length);
	row->used += length;
}

static inline void row_text(struct row *row, const char *text)
{
	row_put(row, text, strlen(text));
}

/* Spaces; none when @width is negative. */
static inline void row_pad(struct row *row, int width)
{
	size_t length = row_room(row, width < 0 ? 0 : (size_t)width);

	memset(row->text + row->used, ' ', length);
	row->used += length;
}

/* To the left, in a column of @width. */
void row_left(struct row *row, const char *text, size_t length, int width);

/* To the right. */
void row_number(struct row *row, uint64_t number, int width);

/* Microseconds, "1.250", to the right; @sign: "+", or "". */
void row_time(struct row *row, uint64_t ns, const char *sign, int width);

/* Write it out, and begin anew. */
void row_write(struct row *row, FILE *out);

#endif
