// SPDX-License-Identifier: GPL-2.0-only
#include "render/text_columns.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "render/escape.h"
#include "render/phrases.h"
#include "render/row.h"
#include "render/text.h"

#define CELL_SIZE     800 /* of a cell: a name as it is shown, what it knew and returned */
#define CELL_NAME     200 /* of a function in it */
#define CELL_WIDTH    44  /* longer ones push what is behind them to the right */
#define TIME_WIDTH    9	  /* at least, so that most blocks look alike */
#define TIME_FRACTION 4	  /* ".200" */
#define GAP	      2	  /* between two columns */

/* A cell is text; these return its length. */
typedef size_t (*cell_fn)(char *cell, const struct columns *columns,
			  const struct path *path, size_t i);

struct column {
	const char *name, *heading;
	int width; /* at least; and that of --live */
	enum { COLUMN_FIXED, COLUMN_TIME, COLUMN_GROWS } kind;
	bool right;
	cell_fn cell;
	bool (*is_there)(const struct path *path); /* NULL: always */
};

/* Microseconds. */
static size_t put_time(char *cell, uint64_t ns)
{
	size_t used = number_write(cell, ns / 1000);

	cell[used] = '.';
	cell[used + 1] = (char)('0' + ns / 100 % 10);
	cell[used + 2] = (char)('0' + ns / 10 % 10);
	cell[used + 3] = (char)('0' + ns % 10);
	return used + TIME_FRACTION;
}

static size_t cell_time(char *cell, const struct columns *columns,
			const struct path *path, size_t i)
{
	return put_time(cell, path->steps[i].time - path->steps[0].time);
}

static size_t cell_delta(char *cell, const struct columns *columns,
			 const struct path *path, size_t i)
{
	if (!i)
		return 0;
	*cell = '+';
	return 1 + put_time(cell + 1, path->steps[i].time - path->steps[i - 1].time);
}

/* How long the function took, with all that it called. */
static size_t cell_inside(char *cell, const struct columns *columns,
			  const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i];

	if (!path->nested || !step->returned)
		return 0;
	return put_time(cell, step->returned - step->time);
}

static bool path_is_nested(const struct path *path)
{
	return path->nested;
}

/* How a function is written is found out once. */
static size_t put_name(struct phrases *names, char *to, const char *name)
{
	const struct phrase *known = phrases_find(names, (uintptr_t)name);
	size_t length;

	if (known) {
		memcpy(to, known->text, known->length);
		return known->length;
	}
	length = escape_terminal(to, CELL_NAME, name);
	phrases_keep(names, (uintptr_t)name, to, length);
	return length;
}

size_t columns_result(char *to, size_t size, const struct step *step)
{
	const struct result *result = &step->result;

	if (!step->returned || (!result->word && !result->numeric))
		return 0;
	if (result->word)
		snprintf(to, size, " = %s", result->word);
	else
		snprintf(to, size, " = %" PRId64, result->number);
	return strlen(to);
}

size_t columns_detail(char *to, size_t size, const struct step *step)
{
	char text[DETAIL_TEXT];

	if (!step->detail)
		return 0;
	detail_text(step->detail, text);
	*to = ' ';
	return 1 + escape_terminal(to + 1, size - 1, text);
}

/* "nft_do_chain filter.INPUT = DROP", deeper in to the right. */
static size_t cell_function(char *cell, const struct columns *columns,
			    const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i];
	size_t used = 2 * (size_t)(step->depth < 32 ? step->depth : 32);

	memset(cell, ' ', used);
	used += put_name(columns->names, cell + used, step->func);
	used += columns_detail(cell + used, CELL_SIZE - used, step);
	return used + columns_result(cell + used, CELL_SIZE - used, step);
}

static size_t cell_stage(char *cell, const struct columns *columns,
			 const struct path *path, size_t i)
{
	size_t length = strlen(path->steps[i].stage);

	memcpy(cell, path->steps[i].stage, length); /* ours: share/stages.conf */
	return length;
}

static size_t cell_cpu(char *cell, const struct columns *columns, const struct path *path,
		       size_t i)
{
	return number_write(cell, path->steps[i].cpu);
}

static size_t cell_len(char *cell, const struct columns *columns, const struct path *path,
		       size_t i)
{
	return path->steps[i].len ? number_write(cell, path->steps[i].len) : 0;
}

static size_t cell_mark(char *cell, const struct columns *columns,
			const struct path *path, size_t i)
{
	return number_write(cell, path->steps[i].mark);
}

static size_t cell_nothing(char *cell)
{
	*cell = '-';
	return 1;
}

static size_t cell_process(char *cell, const struct columns *columns,
			   const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i];
	size_t used = escape_terminal(cell, CELL_SIZE, step->comm);

	if (!step->pid)
		return used ? used : cell_nothing(cell);
	cell[used] = '/';
	return used + 1 + number_write(cell + used + 1, step->pid);
}

static size_t cell_netns(char *cell, const struct columns *columns,
			 const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i];

	if (step->netns_name)
		return escape_terminal(cell, CELL_SIZE, step->netns_name);
	return step->netns ? number_write(cell, step->netns) : cell_nothing(cell);
}

static size_t cell_device(char *cell, const struct columns *columns,
			  const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i];

	if (step->dev[0])
		return escape_terminal(cell, CELL_SIZE, step->dev);
	return step->ifindex ? number_write(cell, step->ifindex) : cell_nothing(cell);
}

static const struct column all_columns[] = {
	{ "time", "us", TIME_WIDTH, COLUMN_TIME, true, cell_time, NULL },
	{ "delta", "+us", TIME_WIDTH, COLUMN_TIME, true, cell_delta, NULL },
	{ "inside", "inside", TIME_WIDTH, COLUMN_TIME, true, cell_inside,
	  path_is_nested },
	{ "netns", "netns", 12, COLUMN_GROWS, false, cell_netns, NULL },
	{ "device", "device", 10, COLUMN_GROWS, false, cell_device, NULL },
	{ "function", "function", 24, COLUMN_GROWS, false, cell_function, NULL },
	{ "stage", "stage", 9, COLUMN_GROWS, false, cell_stage, NULL },
	{ "len", "len", 5, COLUMN_FIXED, true, cell_len, NULL },
	{ "mark", "mark", 4, COLUMN_FIXED, true, cell_mark, NULL },
	{ "cpu", "cpu", 3, COLUMN_FIXED, true, cell_cpu, NULL },
	{ "process", "process", 16, COLUMN_GROWS, false, cell_process, NULL },
};

#define COLUMNS (sizeof(all_columns) / sizeof(all_columns[0]))
static_assert(COLUMNS <= COLUMNS_MAX, "there is room for all");

static const struct column *column_find(const char *name, size_t length)
{
	for (size_t i = 0; i < COLUMNS; i++) {
		if (strlen(all_columns[i].name) == length &&
		    !memcmp(all_columns[i].name, name, length))
			return &all_columns[i];
	}
	return NULL;
}

static bool columns_add(struct columns *columns, const struct column *column)
{
	for (size_t i = 0; i < columns->count; i++) {
		if (columns->list[i] == column)
			return false;
	}
	columns->list[columns->count++] = column;
	return column;
}

bool columns_read(struct columns *columns, const char *names)
{
	struct columns read = { .count = 0 };

	for (;; names++) {
		size_t length = strcspn(names, ",");

		if (read.count == COLUMNS ||
		    !columns_add(&read, column_find(names, length)))
			return false;
		names += length;
		if (!*names)
			break;
	}
	if (columns)
		*columns = read;
	return true;
}

const char *columns_names(void)
{
	static char names[128];
	size_t used = 0;

	for (size_t i = 0; i < COLUMNS; i++)
		used += (size_t)snprintf(names + used, sizeof(names) - used, "%s%s",
					 i ? ", " : "", all_columns[i].name);
	return names;
}

/* ---- widths */

/* Of UTF-8, each character one wide. */
static int text_width(const char *text, size_t length)
{
	int width = 0;

	for (size_t i = 0; i < length; i++)
		width += (text[i] & 0xc0) != 0x80;
	return width;
}

static int width_time(const struct path *path)
{
	int length = snprintf(NULL, 0, "%" PRIu64, path_duration(path) / 1000) +
		     TIME_FRACTION;

	return length > TIME_WIDTH ? length : TIME_WIDTH;
}

static int width_grown(const struct column *column, const struct columns *columns,
		       const struct path *path)
{
	int width = (int)strlen(column->heading);
	char cell[CELL_SIZE];

	for (size_t i = 0; i < path->count && width < CELL_WIDTH; i++) {
		int own = text_width(cell, column->cell(cell, columns, path, i));

		if (own > width)
			width = own > CELL_WIDTH ? CELL_WIDTH : own;
	}
	return width;
}

static int column_width(const struct column *column, const struct columns *columns,
			const struct path *path)
{
	switch (column->kind) {
	case COLUMN_TIME:
		return width_time(path);
	case COLUMN_GROWS:
		return width_grown(column, columns, path);
	case COLUMN_FIXED:
		break;
	}
	return column->width;
}

/* Nothing is put behind the last one, so that it needs no width. */
void columns_fit(struct columns *columns, const struct path *path)
{
	for (size_t i = 0; i < columns->count; i++) {
		const struct column *column = columns->list[i];
		bool last = i + 1 == columns->count && !column->right;

		if (column->is_there && !column->is_there(path))
			columns->width[i] = 0;
		else
			columns->width[i] = last ? column->width
						 : column_width(column, columns, path);
	}
}

void columns_fix(struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		columns->width[i] = columns->list[i]->width;
}

int columns_indent(const struct columns *columns)
{
	int indent = GAP;

	for (size_t i = 0; i < columns->count; i++) {
		if (columns->list[i]->cell == cell_function)
			return indent;
		if (columns->width[i])
			indent += columns->width[i] + GAP;
	}
	return GAP;
}

/* ---- lines */

static void put_cell(struct row *row, const struct columns *columns, size_t i,
		     const char *cell, size_t length)
{
	int left = columns->width[i] - text_width(cell, length);

	if (columns->list[i]->right)
		row_pad(row, left >= 0 ? left + GAP : 1);
	else
		row_pad(row, GAP);
	row_put(row, cell, length);
	if (!columns->list[i]->right && i + 1 < columns->count)
		row_pad(row, left);
}

void columns_heading(const struct text *text)
{
	const struct columns *columns = &text->columns;
	struct row row;

	row.used = 0;
	for (size_t i = 0; i < columns->count; i++) {
		const char *heading = columns->list[i]->heading;

		if (columns->width[i])
			put_cell(&row, columns, i, heading, strlen(heading));
	}
	text_begin(text, TEXT_DIM);
	row_write(&row, text->render.out);
	text_end(text, TEXT_DIM);
}

/* Times are in the background. */
static bool column_is_dim(const struct columns *columns, size_t i)
{
	return i < columns->count && columns->list[i]->kind == COLUMN_TIME;
}

/* Columns of one style, from @i on, into @line. Returns the first that is left. */
static size_t put_cells(struct row *row, const struct columns *columns,
			const struct path *path, size_t step, size_t i)
{
	bool dim = column_is_dim(columns, i);
	char cell[CELL_SIZE];

	for (; i < columns->count && column_is_dim(columns, i) == dim; i++) {
		if (columns->width[i])
			put_cell(row, columns, i, cell,
				 columns->list[i]->cell(cell, columns, path, step));
	}
	return i;
}

void columns_step(const struct text *text, const struct path *path, size_t step)
{
	const struct columns *columns = &text->columns;
	struct row row;

	for (size_t i = 0; i < columns->count;) {
		enum text_style style = column_is_dim(columns, i) ? TEXT_DIM : TEXT_PLAIN;

		row.used = 0;
		i = put_cells(&row, columns, path, step, i);
		text_begin(text, style);
		row_write(&row, text->render.out);
		text_end(text, style);
	}
}
