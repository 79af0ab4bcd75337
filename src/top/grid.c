// SPDX-License-Identifier: GPL-2.0-only
#include "top/grid.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>

static int grid_limit(int size)
{
	return size < 0 ? 0 : size > GRID_MAX ? GRID_MAX : size;
}

static struct grid_cell *grid_line(const struct grid *grid, int line)
{
	return &grid->cells[(size_t)line * (size_t)grid->width];
}

void grid_clear_line(struct grid *grid, int line)
{
	for (int i = 0; line >= 0 && line < grid->height && i < grid->width; i++)
		grid_line(grid, line)[i] = (struct grid_cell){ L' ', GRID_PLAIN };
}

int grid_resize(struct grid *grid, int width, int height)
{
	size_t count = (size_t)grid_limit(width) * (size_t)grid_limit(height);
	struct grid_cell *cells = reallocarray(grid->cells, count + 1, sizeof(*cells));

	if (!cells)
		return -ENOMEM;
	grid->cells = cells;
	grid->width = grid_limit(width);
	grid->height = grid_limit(height);
	for (int line = 0; line < grid->height; line++)
		grid_clear_line(grid, line);
	return 0;
}

void grid_free(struct grid *grid)
{
	free(grid->cells);
	*grid = (struct grid){ 0 };
}

/* Take the first character off @text; returns its columns, 1 or 2. */
static int character_next(const char **text, wchar_t *character)
{
	mbstate_t state = { 0 };
	size_t length = mbrtowc(character, *text, MB_LEN_MAX, &state);
	int columns;

	if (length == 0 || length > MB_LEN_MAX) {
		length = 1;
		*character = L'?';
	}
	*text += length;
	columns = wcwidth(*character);
	if (columns > 0)
		return columns;
	*character = L'?';
	return 1;
}

/* Half of a wide character is none: what is left of it is a space. */
static void cells_split(struct grid_cell *cells, int column)
{
	if (cells[column].character || !column)
		return;
	cells[column - 1].character = cells[column].character = L' ';
}

int grid_put(struct grid *grid, int line, int column, int width, const char *text,
	     uint8_t style)
{
	int at = column, end;
	struct grid_cell *cells;

	if (line < 0 || line >= grid->height || column < 0 || column >= grid->width)
		return 0;
	cells = grid_line(grid, line);
	end = width < grid->width - column ? column + width : grid->width;
	if (at < end)
		cells_split(cells, at);
	while (*text) {
		wchar_t character;
		int columns = character_next(&text, &character);

		if (at + columns > end)
			break;
		if (at + columns < grid->width)
			cells_split(cells, at + columns);
		cells[at++] = (struct grid_cell){ character, style };
		if (columns == 2)
			cells[at++] = (struct grid_cell){ L'\0', style };
	}
	return at - column;
}

void grid_put_right(struct grid *grid, int line, int column, int width, const char *text,
		    uint8_t style)
{
	int before = width - grid_columns(text);

	if (before < 0)
		before = 0;
	grid_put(grid, line, column + before, width - before, text, style);
}

void grid_copy_line(struct grid *grid, int line, const struct grid *from, int left)
{
	struct grid_cell *cells;

	if (line < 0 || line >= grid->height)
		return;
	cells = grid_line(grid, line);
	for (int i = 0; i < grid->width && left + i < from->width; i++)
		cells[i] = from->cells[left + i];
	/* A wide character may have lost a half at either edge. */
	if (grid->width && !cells[0].character)
		cells[0].character = L' ';
	if (grid->width && wcwidth(cells[grid->width - 1].character) == 2)
		cells[grid->width - 1].character = L' ';
}

void grid_reverse(struct grid *grid, int line)
{
	if (line < 0 || line >= grid->height)
		return;
	for (int i = 0; i < grid->width; i++)
		grid_line(grid, line)[i].style |= GRID_REVERSE;
}

int grid_columns(const char *text)
{
	wchar_t character;
	int columns = 0;

	while (*text)
		columns += character_next(&text, &character);
	return columns;
}

/* Columns up to the last that is no space. */
static int line_used(const struct grid *grid, int line)
{
	const struct grid_cell *cells = grid_line(grid, line);
	int used = grid->width;

	while (used && cells[used - 1].character == L' ')
		used--;
	return used;
}

void grid_print(const struct grid *grid, FILE *out)
{
	int lines = grid->height;

	while (lines && !line_used(grid, lines - 1))
		lines--;
	for (int line = 0; line < lines; line++) {
		const struct grid_cell *cells = grid_line(grid, line);

		for (int i = 0; i < line_used(grid, line); i++) {
			if (cells[i].character)
				fprintf(out, "%lc", (wint_t)cells[i].character);
		}
		fputc('\n', out);
	}
}
