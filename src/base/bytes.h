/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bytes.h - bytes that grow at their end
 *
 * All zero is empty. Without memory nothing more is added and .failed is set, which
 * whoever uses the bytes looks at once, at the end.
 */
#ifndef BPFPATH_BYTES_H
#define BPFPATH_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct bytes {
	uint8_t *data;
	size_t used, size;
	bool failed;
};

/* The same where there is too little. */
void *bytes_grow(struct bytes *bytes, size_t more);

/* Room for @more bytes, not 0, behind those that are used, which it leaves; NULL: none.
 */
static inline void *bytes_room(struct bytes *bytes, size_t more)
{
	if (bytes->size - bytes->used >= more)
		return bytes->data + bytes->used;
	return bytes_grow(bytes, more);
}

static inline void bytes_add(struct bytes *bytes, const void *data, size_t size)
{
	void *room = size ? bytes_room(bytes, size) : NULL;

	if (!room)
		return;
	memcpy(room, data, size);
	bytes->used += size;
}

static inline void bytes_zero(struct bytes *bytes, size_t size)
{
	void *room = size ? bytes_room(bytes, size) : NULL;

	if (!room)
		return;
	memset(room, 0, size);
	bytes->used += size;
}

/* Text without its '\0'. */
static inline void bytes_text(struct bytes *bytes, const char *text)
{
	bytes_add(bytes, text, strlen(text));
}

/* A number as text. */
void bytes_number(struct bytes *bytes, uint64_t number);

/* Take away the first @size bytes. */
void bytes_drop(struct bytes *bytes, size_t size);
void bytes_free(struct bytes *bytes);

#endif
