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

#define ROW_SIZE 1024

struct row {
	size_t used;
	char text[ROW_SIZE];
};

void row_put(struct row *row, const char *text, size_t length);
void row_text(struct row *row, const char *text);

/* To the left, in a column of @width. */
void row_left(struct row *row, const char *text, size_t length, int width);

/* To the right. */
void row_number(struct row *row, uint64_t number, int width);

/* Microseconds, "1.250", to the right; @sign: "+", or "". */
void row_time(struct row *row, uint64_t ns, const char *sign, int width);

void row_pad(struct row *row, int width);

/* Write it out, and begin anew. */
void row_write(struct row *row, FILE *out);

#endif
