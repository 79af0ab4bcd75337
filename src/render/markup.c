// SPDX-License-Identifier: GPL-2.0-only
#include "render/markup.h"

#include <stdbool.h>
#include <string.h>

#include "render/escape.h"

#define MARKUP_SIZE 512 /* of a text; longer ones are cut */

void markup_text(FILE *out, const char *text)
{
	char safe[ESCAPE_MARKUP_SIZE(MARKUP_SIZE)];

	escape_markup(safe, sizeof(safe), text);
	fputs(safe, out);
}

/* Length of the first @width characters of what is UTF-8 by now. */
static size_t cut_at(const char *text, size_t width)
{
	size_t length = 0;

	while (text[length] && (width || (text[length] & 0xc0) == 0x80)) {
		length++;
		if ((text[length] & 0xc0) != 0x80)
			width--;
	}
	return length;
}

void markup_text_cut(FILE *out, const char *text, size_t width)
{
	char plain[ESCAPE_SIZE(MARKUP_SIZE)];
	size_t end;

	escape_terminal(plain, sizeof(plain), text);
	end = cut_at(plain, width);
	if (!plain[end]) {
		markup_text(out, text);
		return;
	}
	plain[cut_at(plain, width ? width - 1 : 0)] = '\0';
	/* Escaped already, but for the markup. */
	for (const char *at = plain; *at; at++) {
		if (strchr("&<>\"'", *at))
			fprintf(out, "&#%d;", *at);
		else
			fputc(*at, out);
	}
	fputs("…", out);
}

const char *markup_time(char text[MARKUP_TIME], uint64_t ns)
{
	if (ns < 999500)
		snprintf(text, MARKUP_TIME, "%.3g us", (double)ns / 1e3);
	else if (ns < 999500000)
		snprintf(text, MARKUP_TIME, "%.3g ms", (double)ns / 1e6);
	else
		snprintf(text, MARKUP_TIME, "%.2f s", (double)ns / 1e9);
	return text;
}
