// SPDX-License-Identifier: GPL-2.0-only
#include "top/control.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wctype.h>

#include "render/escape.h"
#include "top/layout.h"
#include "top/model.h"

#define SCROLL_COLUMNS 8 /* of text, at once */

static struct control_place *control_place(struct control *control)
{
	return &control->places[control->view];
}

static struct sheet *control_sheet(struct control *control)
{
	return &control->sheets[control->view];
}

void control_open(struct control *control, const struct control_options *options)
{
	*control = (struct control){ .options = *options };
	for (size_t i = 0; i < VIEWS; i++)
		control->places[i].sort = views[i].sort;
	control->places[VIEWS_CLASSES].reverse = options->rare;
}

void control_close(struct control *control)
{
	for (size_t i = 0; i < VIEWS; i++)
		sheet_clear(&control->sheets[i]);
	pager_close(&control->pager);
}

void control_say(struct control *control, const char *line)
{
	escape_terminal(control->message, sizeof(control->message), line);
}

/* ---- what is shown */

/* The selected row goes where it goes; when it is gone, its place stays. */
static void control_find(struct control_place *place, const struct sheet *sheet)
{
	if (!place->selected)
		place->at = 0;
	for (size_t i = 0; place->selected && i < sheet->shown; i++) {
		if (sheet->rows[sheet->order[i]].id == place->selected) {
			place->at = i;
			return;
		}
	}
	if (place->at >= sheet->shown)
		place->at = sheet->shown ? sheet->shown - 1 : 0;
}

/* Order, selection and the part that is shown agree, whatever has changed. */
static void control_arrange(struct control *control)
{
	struct control_place *place = control_place(control);
	struct sheet *sheet = control_sheet(control);
	size_t rows = (size_t)layout_rows(control->height);

	if (sheet_arrange(sheet, place->sort, place->reverse, control->filter) ||
	    sheet->failed)
		control_say(control, "out of memory: rows are missing");
	control_find(place, sheet);
	if (place->top > place->at)
		place->top = place->at;
	if (rows && place->at >= place->top + rows)
		place->top = place->at - rows + 1;
	if (place->top + rows > sheet->shown)
		place->top = sheet->shown > rows ? sheet->shown - rows : 0;
	pager_move(&control->pager, 0, 0, layout_text_lines(control->height));
}

void control_resize(struct control *control, int width, int height)
{
	control->width = width;
	control->height = height;
	control_arrange(control);
}

void control_refresh(struct control *control, uint64_t seconds)
{
	const struct model *model = control->options.model;

	if (control->frozen)
		return;
	for (enum views_id i = 0; i < VIEWS; i++)
		views_fill(&control->sheets[i], i, model);
	control->sum = (struct control_sum){
		.paths = model->paths,
		.packets = model->packets,
		.lost = model_lost(model),
		.rate = model->pace.rate,
		.seconds = seconds,
	};
	memcpy(control->sum.ends, model->ends, sizeof(model->ends));
	control_arrange(control);
}

void control_end(struct control *control)
{
	control->ended = true;
	control_refresh(control, control->sum.seconds);
}

void control_picture(struct control *control)
{
	pager_close(&control->pager);
	control->typing = control->frozen = false;
	control->ended = true;
	control_refresh(control, control->sum.seconds);
	control->height = layout_height(control->height, control_sheet(control)->shown);
}

const struct sheet_row *control_selected(const struct control *control)
{
	const struct sheet *sheet = &control->sheets[control->view];
	const struct control_place *place = &control->places[control->view];

	return place->at < sheet->shown ? &sheet->rows[sheet->order[place->at]] : NULL;
}

/* ---- keys of the tables */

static void control_select(struct control *control, long rows)
{
	struct control_place *place = control_place(control);
	const struct sheet *sheet = control_sheet(control);
	long at = (long)place->at + rows, last = (long)sheet->shown - 1;

	if (at > last)
		at = last;
	place->at = at < 0 ? 0 : (size_t)at;
	place->selected = place->at ? sheet->rows[sheet->order[place->at]].id : 0;
}

static void control_show(struct control *control, size_t view)
{
	control->view = view % VIEWS;
}

static void key_up(struct control *control)
{
	control_select(control, -1);
}

static void key_down(struct control *control)
{
	control_select(control, 1);
}

static void key_page_up(struct control *control)
{
	control_select(control, -layout_rows(control->height));
}

static void key_page_down(struct control *control)
{
	control_select(control, layout_rows(control->height));
}

static void key_home(struct control *control)
{
	control_select(control, LONG_MIN / 2);
}

static void key_end(struct control *control)
{
	control_select(control, LONG_MAX / 2);
}

static void key_next(struct control *control)
{
	control_show(control, control->view + 1);
}

static void key_previous(struct control *control)
{
	control_show(control, control->view + VIEWS - 1);
}

static void key_open(struct control *control)
{
	const struct sheet_row *row = control_selected(control);

	if (!row || !row->sample)
		control_say(control, "no packet of it was kept");
	else if (pager_open_path(&control->pager, &row->sample->path))
		control_say(control, "out of memory: the path cannot be shown");
}

static void key_filter(struct control *control)
{
	memcpy(control->before, control->filter, sizeof(control->before));
	control->typing = true;
}

static void key_no_filter(struct control *control)
{
	control->filter[0] = '\0';
}

/* What has a rate is sorted by it only where there are rates. */
static void control_sort(struct control *control, size_t by)
{
	struct control_place *place = control_place(control);
	const struct views_view *view = &views[control->view];

	do
		place->sort = (place->sort + by) % view->column_count;
	while (view->columns[place->sort].kind == SHEET_RATE && !control->options.live);
	place->reverse = false;
}

static void key_sort(struct control *control)
{
	control_sort(control, 1);
}

static void key_sort_back(struct control *control)
{
	control_sort(control, views[control->view].column_count - 1);
}

static void key_reverse(struct control *control)
{
	control_place(control)->reverse = !control_place(control)->reverse;
}

static void key_freeze(struct control *control)
{
	control->frozen = !control->frozen;
	control_refresh(control, control->sum.seconds);
}

static void key_zero(struct control *control)
{
	if (control->ended) {
		control_say(control, "nothing more will come: the counts stay");
		return;
	}
	if (model_zero(control->options.model))
		control_say(control, "out of memory: rows are missing");
	for (size_t i = 0; i < VIEWS; i++)
		control->places[i].selected = 0;
	control->frozen = false;
	control_refresh(control, control->sum.seconds);
}

static void key_quit(struct control *control)
{
	control->quit = true;
}

static void key_help(struct control *control);

/* Keys that do the same have one line in the help: that of the first. */
static const struct key {
	uint32_t key;
	void (*press)(struct control *control);
	const char *name, *help;
} keys[] = {
	{ CONTROL_UP, key_up, "Up Down", "select a row; also k and j" },
	{ 'k', key_up, NULL, NULL },
	{ CONTROL_DOWN, key_down, NULL, NULL },
	{ 'j', key_down, NULL, NULL },
	{ CONTROL_PAGE_UP, key_page_up, "PgUp PgDn", "a screen up, down" },
	{ CONTROL_PAGE_DOWN, key_page_down, NULL, NULL },
	{ CONTROL_HOME, key_home, "Home End", "the first row, the last; also g and G" },
	{ 'g', key_home, NULL, NULL },
	{ CONTROL_END, key_end, NULL, NULL },
	{ 'G', key_end, NULL, NULL },
	{ CONTROL_ENTER, key_open, "Enter", "the path of a packet of the row" },
	{ '\r', key_open, NULL, NULL },
	{ CONTROL_TAB, key_next, "Tab 1-6", "another view; also Right and Left" },
	{ CONTROL_RIGHT, key_next, NULL, NULL },
	{ CONTROL_BACKTAB, key_previous, NULL, NULL },
	{ CONTROL_LEFT, key_previous, NULL, NULL },
	{ 's', key_sort, "s S", "sort by the next column, by the one before" },
	{ 'S', key_sort_back, NULL, NULL },
	{ 'r', key_reverse, "r", "turn the order round" },
	{ '/', key_filter, "/", "show only rows with a text in them" },
	{ CONTROL_ESCAPE, key_no_filter, "Esc", "show all rows again" },
	{ 'f', key_freeze, "f Space", "freeze what is shown, and go on" },
	{ ' ', key_freeze, NULL, NULL },
	{ 'z', key_zero, "z", "begin to count anew, from zero" },
	{ '?', key_help, "?", "this help; also h" },
	{ 'h', key_help, NULL, NULL },
	{ 'q', key_quit, "q", "quit; here: go back" },
};

static void help_print(FILE *out)
{
	fputs("Counted are paths of packets that have come to their end.\n\n", out);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].name)
			fprintf(out, "  \033[1m%-10s\033[0m %s\n", keys[i].name,
				keys[i].help);
	}
	fputs("\n"
	      "In the text of a path arrows, PgUp, PgDn, Home and End\n"
	      "scroll; q, Esc or Enter go back.\n\n"
	      "What is typed after / chooses among the rows, and changes\n"
	      "nothing of what is counted. Which packets are traced is\n"
	      "said when bpfpath is started: for another capture filter\n"
	      "start it again.\n\n"
	      "The path behind a row is a second old at most while others\n"
	      "come; that of a stage is its slowest.\n",
	      out);
}

static void key_help(struct control *control)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (out)
		help_print(out);
	if (out && fclose(out)) {
		free(text);
		text = NULL;
	}
	if (pager_open(&control->pager, text))
		control_say(control, "out of memory: see 'bpfpath top --help'");
}

static void control_key_table(struct control *control, uint32_t key)
{
	if (key >= '1' && key < '1' + VIEWS)
		control_show(control, key - '1');
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (keys[i].key == key) {
			keys[i].press(control);
			return;
		}
	}
}

/* ---- keys while something is typed */

/* The last character, of several bytes perhaps. */
static void filter_shorten(char *filter)
{
	size_t length = strlen(filter);

	while (length && (filter[--length] & 0xc0) == 0x80)
		;
	filter[length] = '\0';
}

static void filter_add(char *filter, uint32_t character)
{
	size_t length = strlen(filter);
	char bytes[MB_LEN_MAX];
	int count;

	if (character >= CONTROL_UP || !iswprint((wint_t)character))
		return;
	count = wctomb(bytes, (wchar_t)character);
	if (count <= 0 || length + (size_t)count >= CONTROL_FILTER)
		return;
	memcpy(filter + length, bytes, (size_t)count);
	filter[length + (size_t)count] = '\0';
}

static void control_key_typing(struct control *control, uint32_t key)
{
	switch (key) {
	case CONTROL_ESCAPE:
		memcpy(control->filter, control->before, sizeof(control->filter));
		control->typing = false;
		break;
	case CONTROL_ENTER:
	case '\r':
		control->typing = false;
		break;
	case CONTROL_BACKSPACE:
	case '\b':
		filter_shorten(control->filter);
		break;
	case 'U' - '@': /* as in a shell */
		control->filter[0] = '\0';
		break;
	default:
		filter_add(control->filter, key);
	}
}

/* ---- keys while a text is shown */

static void control_key_pager(struct control *control, uint32_t key)
{
	struct pager *pager = &control->pager;
	int height = layout_text_lines(control->height);

	switch (key) {
	case 'q':
	case '?':
	case 'h':
	case CONTROL_ESCAPE:
	case CONTROL_ENTER:
	case '\r':
		pager_close(pager);
		return;
	case CONTROL_UP:
	case 'k':
		return pager_move(pager, -1, 0, height);
	case CONTROL_DOWN:
	case 'j':
		return pager_move(pager, 1, 0, height);
	case CONTROL_LEFT:
		return pager_move(pager, 0, -SCROLL_COLUMNS, height);
	case CONTROL_RIGHT:
		return pager_move(pager, 0, SCROLL_COLUMNS, height);
	case CONTROL_PAGE_UP:
		return pager_move(pager, -height, 0, height);
	case CONTROL_PAGE_DOWN:
	case ' ':
		return pager_move(pager, height, 0, height);
	case CONTROL_HOME:
	case 'g':
		return pager_move(pager, LONG_MIN / 2, -GRID_MAX, height);
	case CONTROL_END:
	case 'G':
		return pager_move(pager, LONG_MAX / 2, 0, height);
	}
}

void control_key(struct control *control, uint32_t key)
{
	control->message[0] = '\0';
	if (control->typing)
		control_key_typing(control, key);
	else if (control->pager.text)
		control_key_pager(control, key);
	else
		control_key_table(control, key);
	control_arrange(control);
}
