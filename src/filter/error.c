// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>

#include "filter/error.h"

static bool error_is_letter(char byte)
{
	return isalpha((unsigned char)byte);
}

/* libpcap quotes names 'so'; an apostrophe inside a word is not a quote. */
static void error_quote(char *text)
{
	for (char *c = text; *c; c++) {
		bool inside = c > text && error_is_letter(c[-1]) && error_is_letter(c[1]);

		if (*c == '\'' && !inside)
			*c = '"';
	}
}

int error_set(struct filter_error *error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->message, sizeof(error->message), format, args);
	va_end(args);

	for (char *c = error->message; *c; c++) {
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
	}
	error_quote(error->message);
	error->position = -1;
	return -EINVAL;
}
