// SPDX-License-Identifier: GPL-2.0-only
#include "render/writer.h"

#include <errno.h>
#include <stdlib.h>

#include "render/escape.h"

#define WRITER_SIZE   4096 /* at first */
#define WRITER_NUMBER 20   /* digits of the largest */
#define WRITER_CHAR   6	   /* \u0000 */

/* Room for @more bytes; NULL: there is none. */
static char *writer_room(struct writer *writer, size_t more)
{
	size_t size = writer->size ?: WRITER_SIZE;
	char *text;

	if (writer->size - writer->used >= more)
		return writer->text + writer->used;
	while (size - writer->used < more)
		size *= 2;
	text = writer->failed ? NULL : realloc(writer->text, size);
	if (!text) {
		writer->failed = true;
		return NULL;
	}
	writer->text = text;
	writer->size = size;
	return text + writer->used;
}

void writer_raw(struct writer *writer, const char *text, size_t length)
{
	char *to = writer_room(writer, length);

	if (!to)
		return;
	memcpy(to, text, length);
	writer->used += length;
}

void writer_again(struct writer *writer)
{
	size_t length = writer->mark_end - writer->mark;
	char *to = writer_room(writer, length); /* may move the text */

	if (!to)
		return;
	memcpy(to, writer->text + writer->mark, length);
	writer->used += length;
}

/* Behind an opening bracket there is no comma. */
void writer_key(struct writer *writer, const char *key, size_t length)
{
	char *to = writer_room(writer, length + 4), *from = to;

	if (!to)
		return;
	if (writer->used && to[-1] != '{' && to[-1] != '[')
		*to++ = ',';
	if (key) {
		*to++ = '"';
		memcpy(to, key, length);
		to += length;
		*to++ = '"';
		*to++ = ':';
	}
	writer->used += (size_t)(to - from);
}

void writer_put_number(struct writer *writer, uint64_t number)
{
	char digits[WRITER_NUMBER], *at = digits + sizeof(digits);

	do {
		*--at = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	writer_raw(writer, at, (size_t)(digits + sizeof(digits) - at));
}

/* Can the character stand in a string, and on a terminal, as it is? */
static bool character_is_plain(unsigned char c)
{
	return c >= ' ' && c < 0x7f && c != '"' && c != '\\';
}

/* One character of a text that is UTF-8; returns how many bytes it was. */
static size_t character_write(struct writer *writer, const unsigned char *text)
{
	static const char shorts[] = "b\bf\fn\nr\rt\t\"\"\\\\";
	unsigned char c = text[0];
	bool c1 = c == 0xc2 && text[1] >= 0x80 && text[1] <= 0x9f;
	char escaped[WRITER_CHAR + 1];

	for (const char *at = shorts; *at; at += 2) {
		if ((char)c == at[1]) {
			snprintf(escaped, sizeof(escaped), "\\%c", at[0]);
			writer_raw(writer, escaped, 2);
			return 1;
		}
	}
	if (c >= ' ' && c != 0x7f && !c1) {
		writer_raw(writer, (const char *)text, 1);
		return 1;
	}
	snprintf(escaped, sizeof(escaped), "\\u%04x", c1 ? text[1] : c);
	writer_raw(writer, escaped, WRITER_CHAR);
	return c1 ? 2 : 1;
}

static void writer_put_unusual(struct writer *writer, const char *text)
{
	size_t size = ESCAPE_SIZE(strlen(text));
	char *utf8 = malloc(size);

	if (!utf8) {
		writer->failed = true;
		return;
	}
	escape_utf8(utf8, size, text);
	for (const unsigned char *at = (const unsigned char *)utf8; *at;)
		at += character_write(writer, at);
	free(utf8);
}

void writer_put_text(struct writer *writer, const char *text)
{
	size_t length = 0;
	char *to;

	while (character_is_plain((unsigned char)text[length]))
		length++;
	to = writer_room(writer, length + 2);
	if (!to)
		return;
	to[0] = '"';
	memcpy(to + 1, text, length);
	writer->used += length + 1;
	if (text[length])
		writer_put_unusual(writer, text + length);
	writer_raw(writer, "\"", 1);
}

int writer_end(struct writer *writer, FILE *out)
{
	int err = 0;

	writer_raw(writer, "\n", 1);
	if (writer->failed)
		err = -ENOMEM;
	else if (fwrite(writer->text, 1, writer->used, out) != writer->used)
		err = -EIO;
	writer->used = 0;
	writer->failed = false;
	return err;
}

void writer_free(struct writer *writer)
{
	free(writer->text);
	*writer = (struct writer){ 0 };
}
