// SPDX-License-Identifier: GPL-2.0-only
#include "diff/sheet.h"

#include <string.h>

#define MARGIN 2 /* columns before everything, in which the parting is marked */
#define GUTTER 3

/* ECMA-48, select graphic rendition */
#define STYLE_DIFFERS "\033[31m"
#define STYLE_PARTS   "\033[1;31m"
#define STYLE_END     "\033[0m"

static bool line_differs(const struct sheet_line *line)
{
	return strchr("|<>", line->gutter) != NULL;
}

static void line_begin(const struct sheet *sheet, const struct sheet_line *line)
{
	if (sheet->colour && line_differs(line))
		fputs(line->strong ? STYLE_PARTS : STYLE_DIFFERS, sheet->out);
}

static void line_end(const struct sheet *sheet, const struct sheet_line *line)
{
	if (sheet->colour && line_differs(line))
		fputs(STYLE_END, sheet->out);
	fputc('\n', sheet->out);
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

static void print_wide(const struct sheet *sheet, const struct sheet_line *line)
{
	size_t half = (sheet->width - MARGIN - GUTTER) / 2;
	bool fill = line->gutter != ' ' || line->right;

	line_begin(sheet, line);
	fputs(line->strong ? "> " : "  ", sheet->out);
	print_half(sheet->out, line->left ?: "", half, fill);
	if (fill)
		fprintf(sheet->out, line->right ? " %c " : " %c", line->gutter);
	if (line->right)
		print_half(sheet->out, line->right, half, false);
	line_end(sheet, line);
}

static void print_single(const struct sheet *sheet, const struct sheet_line *line,
			 char mark, const char *text)
{
	line_begin(sheet, line);
	fprintf(sheet->out, "%c %s", mark, text);
	line_end(sheet, line);
}

/* "-" and "+" as of diff(1); ( ) ~ stay what they are. */
static void print_narrow(const struct sheet *sheet, const struct sheet_line *line)
{
	bool differs = line_differs(line);

	if (line->gutter == ' ' && line->left && line->right &&
	    !strcmp(line->left, line->right)) {
		print_single(sheet, line, ' ', line->left);
		return;
	}
	if (line->left)
		print_single(sheet, line, differs ? '-' : '(', line->left);
	if (line->right)
		print_single(sheet, line, differs ? '+' : ')', line->right);
}

void sheet_print(const struct sheet *sheet, const struct sheet_line *line)
{
	if (sheet->width < SHEET_NARROW)
		print_narrow(sheet, line);
	else
		print_wide(sheet, line);
}
