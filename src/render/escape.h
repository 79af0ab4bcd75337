/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * escape.h - text from elsewhere that is safe to show
 *
 * Names of processes, devices and namespaces can hold any byte but NUL, also
 * sequences that make a terminal do things.
 */
#ifndef BPFPATH_ESCAPE_H
#define BPFPATH_ESCAPE_H

#include <stddef.h>

/*
 * For a terminal: UTF-8 that can be shown as it is stays; control characters
 * (C0, DEL, C1), those that turn the direction of writing or break lines
 * (U+200E..200F, U+2028..202E, U+2066..2069), those that are none (U+FFFE..FFFF and
 * alike), and bytes that are no UTF-8 become \xNN, byte by byte, and a backslash becomes
 * two. Cut to @size without cutting a character. Returns strlen(@out).
 */
size_t escape_terminal(char *out, size_t size, const char *text);

/*
 * As UTF-8, for a format that must be: a byte that is no UTF-8 becomes the
 * character of its number (ISO 8859-1). Cut to @size without cutting a
 * character. Returns strlen(@out).
 */
size_t escape_utf8(char *out, size_t size, const char *text);

/*
 * For XML and HTML, also between quotes: as for a terminal, and what means something
 * there is written as an entity. Cut to @size without cutting a character.
 */
size_t escape_markup(char *out, size_t size, const char *text);

/* Always enough for @out of escape_markup(). */
#define ESCAPE_MARKUP_SIZE(text_size) (6 * (text_size))

/* Always enough for the others: each byte of @text may take four. */
#define ESCAPE_SIZE(text_size) (4 * (text_size))

#endif
