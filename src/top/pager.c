// SPDX-License-Identifier: GPL-2.0-only
#include "top/pager.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/formats.h"

void pager_close(struct pager *pager)
{
	free(pager->text);
	free(pager->lines);
	*pager = (struct pager){ 0 };
}

static size_t text_lines(const char *text)
{
	size_t count = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		count++;
	}
	return count;
}

int pager_open(struct pager *pager, char *text)
{
	char *rest = text, *line;

	pager_close(pager);
	if (!text)
		return -ENOMEM;
	pager->text = text;
	pager->lines = calloc(text_lines(text), sizeof(*pager->lines));
	if (!pager->lines) {
		pager_close(pager);
		return -ENOMEM;
	}
	while ((line = strsep(&rest, "\n")))
		pager->lines[pager->count++] = line;
	/* Behind the last newline there is no line. */
	while (pager->count > 1 && !*pager->lines[pager->count - 1])
		pager->count--;
	return 0;
}

int pager_open_path(struct pager *pager, const struct path *path)
{
	static const struct render_options options = { .colour = true };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	struct render *render = out ? render_text_ops.new(out, &options) : NULL;
	int err = render ? render_path(render, path) : -ENOMEM;

	render_free(render);
	if (out && fclose(out))
		err = -ENOMEM;
	if (!err)
		return pager_open(pager, text);
	free(text);
	return err;
}

/* Behind the last line there is nothing to see. */
void pager_move(struct pager *pager, long lines, int columns, int height)
{
	long most = (long)pager->count - height, top = (long)pager->top + lines;
	int left = pager->left + columns;

	if (top > most)
		top = most;
	pager->top = top < 0 ? 0 : (size_t)top;
	pager->left = left < 0 ? 0 : left > GRID_MAX / 2 ? GRID_MAX / 2 : left;
}

/* The style that a sequence of text_parts.c chooses; *@text is behind it then. */
static enum grid_style style_next(const char **text)
{
	static const struct {
		const char *code;
		enum grid_style style;
	} codes[] = {
		{ "\033[0m", GRID_PLAIN }, { "\033[1m", GRID_BOLD },
		{ "\033[2m", GRID_DIM },   { "\033[32m", GRID_GOOD },
		{ "\033[31m", GRID_BAD },  { "\033[33m", GRID_DOUBT },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		size_t length = strlen(codes[i].code);

		if (!strncmp(*text, codes[i].code, length)) {
			*text += length;
			return codes[i].style;
		}
	}
	++*text; /* nobody writes others: names are escaped */
	return GRID_PLAIN;
}

/* A line into a grid of one line. */
static void line_draw(struct grid *grid, const char *line)
{
	char *piece = malloc(strlen(line) + 1);
	enum grid_style style = GRID_PLAIN;
	int column = 0;

	while (piece && *line) {
		size_t length = strcspn(line, "\033");

		memcpy(piece, line, length);
		piece[length] = '\0';
		column += grid_put(grid, 0, column, GRID_MAX, piece, style);
		line += length;
		if (*line)
			style = style_next(&line);
	}
	free(piece);
}

void pager_draw(const struct pager *pager, struct grid *grid, int height)
{
	struct grid line = { 0 };

	for (int i = 0; i < height && pager->top + (size_t)i < pager->count; i++) {
		if (grid_resize(&line, GRID_MAX, 1))
			break;
		line_draw(&line, pager->lines[pager->top + (size_t)i]);
		grid_copy_line(grid, i, &line, pager->left);
	}
	grid_free(&line);
}
