// SPDX-License-Identifier: GPL-2.0-only
#include "diff/beside.h"

#include <string.h>

#define MARGIN 2 /* columns before everything, in which the parting is marked */
#define GUTTER 3

/* ECMA-48, select graphic rendition */
#define STYLE_DIFFERS "\033[31m"
#define STYLE_PARTS   "\033[1;31m"
#define STYLE_END     "\033[0m"

static bool line_differs(const struct beside_line *line)
{
	return strchr("|<>", line->gutter) != NULL;
}

static void line_begin(const struct beside *beside, const struct beside_line *line)
{
	if (beside->colour && line_differs(line))
		fputs(line->strong ? STYLE_PARTS : STYLE_DIFFERS, beside->out);
}

static void line_end(const struct beside *beside, const struct beside_line *line)
{
	if (beside->colour && line_differs(line))
		fputs(STYLE_END, beside->out);
	fputc('\n', beside->out);
}

/* How many columns: bytes that begin a character. */
static size_t text_columns(const char *text)
{
	size_t columns = 0;

	for (; *text; text++)
		columns += (*text & 0xc0) != 0x80;
	return columns;
}

/* Bytes of the first @columns columns. */
static int text_bytes(const char *text, size_t columns)
{
	size_t i = 0;

	for (; text[i]; i++) {
		if ((text[i] & 0xc0) != 0x80 && !columns--)
			break;
	}
	return (int)i;
}

/* What is cut ends in dots. */
static void print_half(FILE *out, const char *text, size_t width, bool fill)
{
	size_t columns = text_columns(text);

	if (columns > width)
		fprintf(out, "%.*s..", text_bytes(text, width - 2), text);
	else
		fprintf(out, "%s%*s", text, fill ? (int)(width - columns) : 0, "");
}

static void print_wide(const struct beside *beside, const struct beside_line *line)
{
	size_t half = (beside->width - MARGIN - GUTTER) / 2;
	bool fill = line->gutter != ' ' || line->right;

	line_begin(beside, line);
	fputs(line->strong ? "> " : "  ", beside->out);
	print_half(beside->out, line->left ?: "", half, fill);
	if (fill)
		fprintf(beside->out, line->right ? " %c " : " %c", line->gutter);
	if (line->right)
		print_half(beside->out, line->right, half, false);
	line_end(beside, line);
}

static void print_single(const struct beside *beside, const struct beside_line *line,
			 char mark, const char *text)
{
	line_begin(beside, line);
	fprintf(beside->out, "%c %s", mark, text);
	line_end(beside, line);
}

/* "-" and "+" as of diff(1); ( ) ~ stay what they are. */
static void print_narrow(const struct beside *beside, const struct beside_line *line)
{
	bool differs = line_differs(line);

	if (line->gutter == ' ' && line->left && line->right &&
	    !strcmp(line->left, line->right)) {
		print_single(beside, line, ' ', line->left);
		return;
	}
	if (line->left)
		print_single(beside, line, differs ? '-' : '(', line->left);
	if (line->right)
		print_single(beside, line, differs ? '+' : ')', line->right);
}

void beside_print(const struct beside *beside, const struct beside_line *line)
{
	if (beside->width < BESIDE_NARROW)
		print_narrow(beside, line);
	else
		print_wide(beside, line);
}
