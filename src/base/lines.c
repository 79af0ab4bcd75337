// SPDX-License-Identifier: GPL-2.0-only
#include "base/lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LINES_SIZE 65536 /* at first; it grows with the longest line */

/* Room behind what is left, with one byte to spare for a NUL. */
static bool lines_grow(struct lines *lines)
{
	size_t size = lines->size ? 2 * lines->size : LINES_SIZE;
	char *buffer = realloc(lines->buffer, size);

	if (!buffer) {
		lines->error = -ENOMEM;
		return false;
	}
	lines->buffer = buffer;
	lines->size = size;
	return true;
}

/* Read more behind what is left of the buffer. False: there is no more. */
static bool lines_fill(struct lines *lines)
{
	size_t left = lines->end - lines->at, got;

	if (left)
		memmove(lines->buffer, lines->buffer + lines->at, left);
	lines->at = 0;
	lines->end = left;
	if (left + 1 >= lines->size && !lines_grow(lines))
		return false;
	got = fread(lines->buffer + left, 1, lines->size - left - 1, lines->file);
	lines->end += got;
	if (ferror(lines->file))
		lines->error = -EIO;
	return got && !lines->error;
}

char *lines_next(struct lines *lines, size_t *length)
{
	char *newline = NULL, *line, *end;

	do {
		if (lines->at < lines->end)
			newline = memchr(lines->buffer + lines->at, '\n',
					 lines->end - lines->at);
	} while (!newline && lines_fill(lines));
	if (lines->error || lines->at == lines->end)
		return NULL;
	line = lines->buffer + lines->at;
	end = newline ? newline : lines->buffer + lines->end;
	*end = '\0';
	*length = (size_t)(end - line);
	lines->at += *length + (newline != NULL);
	return line;
}

int lines_end(struct lines *lines)
{
	free(lines->buffer);
	lines->buffer = NULL;
	lines->size = lines->at = lines->end = 0;
	return lines->error;
}
