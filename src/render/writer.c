// SPDX-License-Identifier: GPL-2.0-only
#include "render/writer.h"

#include <errno.h>
#include <stdlib.h>

#include "base/number.h"
#include "render/escape.h"

#define WRITER_SIZE 4096 /* at first */
#define WRITER_CHAR 6	 /* \u0000 */

char *writer_grow(struct writer *writer, size_t more)
{
	size_t size = writer->size ?: WRITER_SIZE;
	char *text;

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

void writer_again(struct writer *writer)
{
	size_t length = writer->mark_end - writer->mark;
	char *to = writer_room(writer, length); /* may move the text */

	if (!to)
		return;
	memcpy(to, writer->text + writer->mark, length);
	writer->used += length;
}

bool writer_recall(struct writer *writer, uint64_t key)
{
	const struct phrase *phrase = phrases_find(&writer->phrases, key);

	if (phrase)
		writer_raw(writer, phrase->text, phrase->length);
	return phrase != NULL;
}

void writer_keep(struct writer *writer, uint64_t key, size_t from)
{
	if (!writer->failed)
		phrases_keep(&writer->phrases, key, writer->text + from,
			     writer->used - from);
}

void writer_put_number(struct writer *writer, uint64_t number)
{
	char *to = writer_room(writer, NUMBER_SIZE);

	if (to)
		writer->used += number_write(to, number);
}

/* Can the character stand in a string, and on a terminal, as it is? */
static bool character_is_plain(unsigned char c)
{
	static const bool plain[256] = {
		[' ' ... '!'] = true,
		['#' ... '['] = true,
		[']' ... '~'] = true,
	};

	return plain[c];
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

int writer_line(struct writer *writer, size_t from)
{
	bool failed;

	writer_raw(writer, "\n", 1);
	failed = writer->failed;
	if (failed)
		writer->used = from;
	writer->failed = false;
	return failed ? -ENOMEM : 0;
}

int writer_out(struct writer *writer, FILE *out)
{
	const size_t used = writer->used;

	writer->used = 0;
	return used && fwrite(writer->text, 1, used, out) != used ? -EIO : 0;
}

int writer_end(struct writer *writer, FILE *out)
{
	int err = writer_line(writer, 0);

	return err ? err : writer_out(writer, out);
}

void writer_free(struct writer *writer)
{
	free(writer->text);
	phrases_free(&writer->phrases);
	*writer = (struct writer){ 0 };
}
