// SPDX-License-Identifier: GPL-2.0-only
#include "render/escape.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* A character of UTF-8 (RFC 3629): its length in bytes, 0 where there is none. */
static size_t utf8_read(const uint8_t *text, uint32_t *character)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t length;

	if (text[0] < 0x80) {
		*character = text[0];
		return 1;
	}
	length = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : 2;
	if (text[0] < 0xc0 || text[0] > 0xf7)
		return 0;
	*character = text[0] & (0x7f >> length);
	for (size_t i = 1; i < length; i++) {
		if ((text[i] & 0xc0) != 0x80) /* also at the end of the text */
			return 0;
		*character = *character << 6 | (text[i] & 0x3f);
	}
	if (*character < smallest[length] || *character > 0x10ffff ||
	    (*character >= 0xd800 && *character <= 0xdfff))
		return 0;
	return length;
}

static bool character_is_safe(uint32_t character)
{
	if (character < 0x20 || (character >= 0x7f && character < 0xa0))
		return false;
	if (character == 0x200e || character == 0x200f || (character & 0xfffe) == 0xfffe)
		return false;
	return !(character >= 0x2028 && character <= 0x202e) &&
	       !(character >= 0x2066 && character <= 0x2069);
}

/* Append all of @piece or nothing. */
static bool put(char *out, size_t size, size_t *used, const void *piece, size_t length)
{
	if (size - *used <= length)
		return false;
	memcpy(out + *used, piece, length);
	*used += length;
	return true;
}

static bool put_hex(char *out, size_t size, size_t *used, const uint8_t *bytes,
		    size_t count)
{
	char piece[4 * 4 + 1] = "";

	for (size_t i = 0; i < count; i++)
		snprintf(piece + 4 * i, sizeof(piece) - 4 * i, "\\x%02x", bytes[i]);
	return put(out, size, used, piece, 4 * count);
}

/* Letters, digits, and what means nothing in any medium. */
static bool character_is_plain(uint8_t character)
{
	if (character >= '0' && character <= '9')
		return true;
	if ((character | 0x20) >= 'a' && (character | 0x20) <= 'z')
		return true;
	return character == '_' || character == '-' || character == '.' ||
	       character == ' ' || character == '/' || character == ':';
}

/* Copy what can be shown as it is, which nearly every name is. */
static size_t put_plain(char *out, size_t size, size_t *used, const uint8_t *text)
{
	size_t room = size - *used - 1, length = 0;

	while (length < room && character_is_plain(text[length]))
		length++;
	memcpy(out + *used, text, length);
	*used += length;
	return length;
}

/* What means something in a medium, and what is written in its place. */
struct entity {
	char character;
	const char *text;
};

static const struct entity terminal_entities[] = { { '\\', "\\\\" }, { 0, NULL } };

static const struct entity markup_entities[] = {
	{ '\\', "\\\\" },  { '&', "&amp;" },  { '<', "&lt;" }, { '>', "&gt;" },
	{ '"', "&quot;" }, { '\'', "&#39;" }, { 0, NULL },
};

static const char *entity_find(const struct entity *entities, uint8_t character)
{
	for (; entities->text; entities++) {
		if ((uint8_t)entities->character == character)
			return entities->text;
	}
	return NULL;
}

static size_t escape_with(const struct entity *entities, char *out, size_t size,
			  const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t used = 0;
	bool fits = size > 0;

	while (fits && *at) {
		const char *entity;
		uint32_t character;
		size_t length;

		at += put_plain(out, size, &used, at);
		if (!*at)
			break;
		entity = entity_find(entities, *at);
		length = utf8_read(at, &character);
		if (entity)
			fits = put(out, size, &used, entity, strlen(entity));
		else if (length && character_is_safe(character))
			fits = put(out, size, &used, at, length);
		else
			fits = put_hex(out, size, &used, at, length ? length : 1);
		at += length ? length : 1;
	}
	if (size)
		out[used] = '\0';
	return used;
}

size_t escape_terminal(char *out, size_t size, const char *text)
{
	return escape_with(terminal_entities, out, size, text);
}

size_t escape_markup(char *out, size_t size, const char *text)
{
	return escape_with(markup_entities, out, size, text);
}

size_t escape_utf8(char *out, size_t size, const char *text)
{
	const uint8_t *at = (const uint8_t *)text;
	size_t used = 0;
	bool fits = size > 0;

	while (fits && *at) {
		const uint8_t latin[2] = { (uint8_t)(0xc0 | *at >> 6),
					   (uint8_t)(0x80 | (*at & 0x3f)) };
		uint32_t character;
		size_t length = utf8_read(at, &character);

		if (length)
			fits = put(out, size, &used, at, length);
		else
			fits = put(out, size, &used, latin, sizeof(latin));
		at += length ? length : 1;
	}
	if (size)
		out[used] = '\0';
	return used;
}
