/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * grid.h - a screen as cells, drawn on without a terminal
 *
 * What is put there is one character in one cell, or in two where it is wide. Text that
 * does not fit is cut; characters that take no place, or that the locale does not know,
 * are shown as '?'. So whatever comes, a line has as many columns as the grid.
 */
#ifndef BPFPATH_GRID_H
#define BPFPATH_GRID_H

#include <stdint.h>
#include <stdio.h>
#include <wchar.h>

#define GRID_MAX 1000 /* lines, and columns: of a larger screen the rest stays empty */

enum grid_style {
	GRID_PLAIN,
	GRID_BOLD,
	GRID_DIM,
	GRID_GOOD,
	GRID_BAD,
	GRID_DOUBT,
	GRID_STYLES
};
#define GRID_REVERSE 0x80 /* may be added to each of them */

struct grid_cell {
	wchar_t character; /* L'\0': the right half of the one before */
	uint8_t style;
};

/* All zero has no cells. */
struct grid {
	int width, height;
	struct grid_cell *cells; /* line by line */
};

/* As large as that, and empty. 0 or -ENOMEM. */
int grid_resize(struct grid *grid, int width, int height);
void grid_free(struct grid *grid);

/*
 * Put @text, of one line, at that place, into @width columns and not beyond the right
 * edge. Returns how many columns it took. Nothing happens outside of the grid.
 */
int grid_put(struct grid *grid, int line, int column, int width, const char *text,
	     uint8_t style);

/* The same, so that it ends where the columns do; what does not fit is cut at its end. */
void grid_put_right(struct grid *grid, int line, int column, int width, const char *text,
		    uint8_t style);

/* The line is empty again. */
void grid_clear_line(struct grid *grid, int line);

/* The first line of @from, without its first @left columns, in place of @line. */
void grid_copy_line(struct grid *grid, int line, const struct grid *from, int left);

/* The line as it is, but in reverse. */
void grid_reverse(struct grid *grid, int line);

/* How many columns @text takes. */
int grid_columns(const char *text);

/* As text: without spaces at the end of lines, and without empty lines at the end. */
void grid_print(const struct grid *grid, FILE *out);

#endif
