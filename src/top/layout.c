// SPDX-License-Identifier: GPL-2.0-only
#include "top/layout.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "top/control.h"
#include "top/fit.h"
#include "top/grid.h"

#define LINE 512 /* bytes of a line that is put together here */
#define MARK 1	 /* column of the sign before the selected row */

/* ---- lines */

/* The line of each part; -1: there is none. */
struct frame {
	int title, sum, tabs, headings, rows, note, status;
	int row_count, note_count;
};

/* What comes first here is on the smallest screen. */
static struct frame frame_of(int height)
{
	const bool tabs = height >= 2, headings = height >= 3, status = height >= 4;
	const bool sum = height >= 5, title = height >= 8;
	const int note = height >= 12 ? 2 : height >= 7;
	struct frame frame = { .note_count = note };
	int line = 0;

	frame.title = title ? line++ : -1;
	frame.sum = sum ? line++ : -1;
	frame.tabs = tabs ? line++ : -1;
	frame.headings = headings ? line++ : -1;
	frame.rows = line;
	frame.status = status ? --height : -1;
	height -= note;
	frame.note = height;
	frame.row_count = height > line ? height - line : 0;
	return frame;
}

int layout_rows(int height)
{
	return frame_of(height).row_count;
}

int layout_height(int height, size_t rows)
{
	int room = layout_rows(height);

	return rows < (size_t)room ? height - room + (int)rows : height;
}

int layout_text_lines(int height)
{
	return height > 2 ? height - 1 : height;
}

/* ---- pieces of a line, one after the other, as long as they fit */

struct pen {
	struct grid *grid;
	int line, column, end;
};

/* Put it there if all of it fits, behind two spaces if something is before it. */
static void pen_put(struct pen *pen, enum grid_style style, const char *format, ...)
	PRINTF_LIKE(3, 4);

static void pen_put(struct pen *pen, enum grid_style style, const char *format, ...)
{
	int column = pen->column + (pen->column ? 2 : 0);
	char text[LINE];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (column + grid_columns(text) <= pen->end)
		pen->column = column + grid_put(pen->grid, pen->line, column,
						pen->end - column, text, style);
}

/* ---- the head */

/* What the numbers are of. */
static void state_words(const struct control *control, char *text, size_t size)
{
	uint64_t seconds = control->sum.seconds;

	if (control->ended)
		snprintf(text, size, control->options.live ? "ended" : "all was read");
	else if (!control->options.live)
		snprintf(text, size, "reading");
	else
		snprintf(text, size, "paths %.0f/s, tracing %" PRIu64 ":%02u",
			 control->sum.rate, seconds / 60, (unsigned int)(seconds % 60));
}

static void draw_title(const struct control *control, struct grid *grid, int line)
{
	char state[64], text[LINE];
	int width = grid->width;

	state_words(control, state, sizeof(state));
	if (grid_columns(state) < width / 2)
		width -= grid_columns(state) + 2;
	else
		state[0] = '\0';
	snprintf(text, sizeof(text), "bpfpath top: %s", control->options.what);
	grid_put(grid, line, 0, width, text, GRID_BOLD);
	grid_put_right(grid, line, width, grid->width - width, state, GRID_PLAIN);
}

static void draw_end(struct pen *pen, const struct control *control, enum path_end end,
		     enum grid_style style)
{
	if (control->sum.ends[end])
		pen_put(pen, style, "%" PRIu64 " %s", control->sum.ends[end],
			end == PATH_LOST ? "lost from sight" : path_end_name(end));
}

/* What calls for action is what is left where there is little room. */
static void draw_sum(const struct control *control, struct grid *grid, int line)
{
	const struct control_sum *sum = &control->sum;
	struct pen pen = { grid, line, 0, grid->width };

	if (sum->lost)
		pen_put(&pen, GRID_DOUBT, "%" PRIu64 " LOST", sum->lost);
	pen_put(&pen, GRID_PLAIN, "%" PRIu64 " packet%s", sum->packets,
		sum->packets == 1 ? "" : "s");
	draw_end(&pen, control, PATH_DROPPED, GRID_BAD);
	draw_end(&pen, control, PATH_DELIVERED, GRID_GOOD);
	draw_end(&pen, control, PATH_TRANSMITTED, GRID_GOOD);
	draw_end(&pen, control, PATH_CONSUMED, GRID_PLAIN);
	draw_end(&pen, control, PATH_MERGED, GRID_PLAIN);
	draw_end(&pen, control, PATH_LOST, GRID_DOUBT);
	draw_end(&pen, control, PATH_OPEN, GRID_DOUBT);
}

/* "20 rows, by drops" */
static void rows_words(const struct control *control, char *text, size_t size)
{
	const struct sheet *sheet = &control->sheets[control->view];
	const struct control_place *place = &control->places[control->view];

	snprintf(text, size, "%zu row%s, by %s%s", sheet->shown,
		 sheet->shown == 1 ? "" : "s",
		 views[control->view].columns[place->sort].name,
		 place->reverse ? ", reversed" : "");
}

static int tabs_width(void)
{
	int width = 0;

	for (size_t i = 0; i < VIEWS; i++)
		width += 4 + (int)strlen(views[i].name);
	return width;
}

static void draw_tabs(const struct control *control, struct grid *grid, int line)
{
	bool all = tabs_width() <= grid->width;
	char text[LINE];
	int column = 0;

	for (size_t i = 0; i < VIEWS; i++) {
		bool here = i == control->view;

		if (!here && !all)
			continue;
		if (all)
			snprintf(text, sizeof(text), "%c%zu %s%c", here ? '[' : ' ',
				 i + 1, views[i].name, here ? ']' : ' ');
		else
			snprintf(text, sizeof(text), "[%s]", views[i].name);
		column += grid_put(grid, line, column, grid->width, text,
				   here ? GRID_BOLD : GRID_PLAIN);
	}
	rows_words(control, text, sizeof(text));
	if (column + 2 + grid_columns(text) <= grid->width)
		grid_put_right(grid, line, column, grid->width - column, text,
			       GRID_PLAIN);
}

/* ---- the table */

static void draw_headings(const struct control *control, const struct fit *fit,
			  struct grid *grid, int line)
{
	const struct sheet *sheet = &control->sheets[control->view];
	size_t sort = control->places[control->view].sort;
	int at = MARK;

	for (size_t i = 0; i < fit->count; i++) {
		const struct sheet_column *column = &sheet->columns[fit->list[i].column];
		int width = fit->list[i].width;
		uint8_t style = GRID_BOLD;

		if (fit->list[i].column == sort)
			style |= GRID_REVERSE;
		if (column->kind == SHEET_TEXT)
			grid_put(grid, line, at, width, column->name, style);
		else
			grid_put_right(grid, line, at, width, column->name, style);
		at += width + fit->gap;
	}
}

static void draw_row(const struct sheet *sheet, const struct sheet_row *row,
		     const struct fit *fit, struct grid *grid, int line)
{
	char number[SHEET_NUMBER];
	int at = MARK;

	for (size_t i = 0; i < fit->count; i++) {
		size_t column = fit->list[i].column;
		const char *text = sheet_cell_text(sheet, row, column, number);
		int width = fit->list[i].width;
		bool zero = !row->cells[column].number;

		if (sheet->columns[column].kind == SHEET_TEXT)
			grid_put(grid, line, at, width, text, row->style);
		else
			grid_put_right(grid, line, at, width, text,
				       zero ? GRID_DIM : GRID_PLAIN);
		at += width + fit->gap;
	}
}

static void draw_rows(const struct control *control, const struct fit *fit,
		      struct grid *grid, const struct frame *frame)
{
	const struct sheet *sheet = &control->sheets[control->view];
	const struct control_place *place = &control->places[control->view];

	for (int i = 0; i < frame->row_count; i++) {
		size_t at = place->top + (size_t)i;
		int line = frame->rows + i;

		if (at >= sheet->shown)
			break;
		draw_row(sheet, &sheet->rows[sheet->order[at]], fit, grid, line);
		if (at != place->at)
			continue;
		grid_put(grid, line, 0, MARK, ">", GRID_BOLD);
		grid_reverse(grid, line);
	}
	if (!sheet->shown && frame->row_count)
		grid_put(grid, frame->rows, MARK, grid->width,
			 sheet->count ? "no row has the text of the filter in it"
				      : views[control->view].empty,
			 GRID_DIM);
}

/* ---- the foot */

/* Bytes of @text that fit into @width columns: whole words, or a part of the first. */
static size_t words_fit(const char *text, int width)
{
	char line[LINE], *end;

	snprintf(line, sizeof(line), "%s", text);
	while (grid_columns(line) > width && (end = strrchr(line, ' ')))
		*end = '\0';
	return strlen(line);
}

static void draw_note(const struct control *control, struct grid *grid,
		      const struct frame *frame)
{
	const struct sheet_row *row = control_selected(control);
	const char *rest = row && row->note ? row->note : "";
	char text[LINE];

	for (int i = 0; i < frame->note_count; i++) {
		bool last = i + 1 == frame->note_count;
		size_t length = last ? strlen(rest) : words_fit(rest, grid->width);

		snprintf(text, sizeof(text), "%.*s", (int)length, rest);
		grid_put(grid, frame->note + i, 0, grid->width, text,
			 row ? row->style : GRID_PLAIN);
		rest += length;
		rest += *rest == ' ';
	}
}

static void draw_status(const struct control *control, struct grid *grid, int line)
{
	static const char *const hints[] = {
		"? help", "q quit",   "Enter path", "Tab view",
		"s sort", "/ filter", "f freeze",   "z zero",
	};
	const struct sheet *sheet = &control->sheets[control->view];
	struct pen pen = { grid, line, 0, grid->width };

	if (control->ended && control->options.live)
		return; /* there are no keys any more */
	if (*control->message) {
		grid_put(grid, line, 0, grid->width, control->message, GRID_BOLD);
		return;
	}
	if (control->frozen)
		pen_put(&pen, GRID_DOUBT, "FROZEN: f goes on");
	if (*control->filter)
		pen_put(&pen, GRID_DOUBT, "%zu of %zu rows, with '%s': Esc shows all",
			sheet->shown, sheet->count, control->filter);
	for (size_t i = 0; i < sizeof(hints) / sizeof(hints[0]); i++)
		pen_put(&pen, GRID_DIM, "%s", hints[i]);
}

/* Over whatever is there; where it does not fit, its end is what is seen. */
static void draw_prompt(const struct control *control, struct grid *grid)
{
	char text[CONTROL_FILTER + 32];
	const char *from = text;

	snprintf(text, sizeof(text), "rows with: %s_", control->filter);
	while (grid_columns(from) > grid->width)
		from += mblen(from, MB_CUR_MAX) > 1 ? mblen(from, MB_CUR_MAX) : 1;
	grid_clear_line(grid, grid->height - 1);
	grid_put(grid, grid->height - 1, 0, grid->width, from, GRID_BOLD);
}

/* ---- all of it */

static void draw_text(const struct control *control, struct grid *grid)
{
	const struct pager *pager = &control->pager;
	int lines = layout_text_lines(grid->height);
	size_t last = pager->top + (size_t)lines;
	struct pen pen = { grid, lines, 0, grid->width };

	pager_draw(pager, grid, lines);
	if (lines == grid->height)
		return;
	pen_put(&pen, GRID_BOLD, "q back");
	pen_put(&pen, GRID_BOLD, "line %zu-%zu of %zu", pager->top + 1,
		last < pager->count ? last : pager->count, pager->count);
	pen_put(&pen, GRID_DIM, "Up Down Left Right scroll");
}

static void draw_view(const struct control *control, struct grid *grid)
{
	struct frame frame = frame_of(grid->height);
	struct fit fit;

	fit_columns(&fit, &control->sheets[control->view], grid->width - MARK,
		    control->options.live);
	/* A line of -1 is outside of the grid, and nothing is drawn. */
	draw_title(control, grid, frame.title);
	draw_sum(control, grid, frame.sum);
	draw_tabs(control, grid, frame.tabs);
	draw_headings(control, &fit, grid, frame.headings);
	draw_rows(control, &fit, grid, &frame);
	draw_note(control, grid, &frame);
	draw_status(control, grid, frame.status);
	if (control->typing)
		draw_prompt(control, grid);
}

void layout_draw(const struct control *control, struct grid *grid)
{
	if (control->pager.text)
		draw_text(control, grid);
	else
		draw_view(control, grid);
}
