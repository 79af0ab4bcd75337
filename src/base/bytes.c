// SPDX-License-Identifier: GPL-2.0-only
#include "base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BYTES_SIZE  4096 /* at first */
#define BYTES_PRINT 512

void *bytes_room(struct bytes *bytes, size_t more)
{
	size_t size = bytes->size ? bytes->size : BYTES_SIZE;
	uint8_t *data;

	if (bytes->size - bytes->used >= more && !bytes->failed)
		return bytes->data + bytes->used;
	while (size - bytes->used < more)
		size *= 2;
	data = bytes->failed ? NULL : realloc(bytes->data, size);
	if (!data) {
		bytes->failed = true;
		return NULL;
	}
	bytes->data = data;
	bytes->size = size;
	return data + bytes->used;
}

void bytes_add(struct bytes *bytes, const void *data, size_t size)
{
	void *room = bytes_room(bytes, size);

	if (!room || !size)
		return;
	memcpy(room, data, size);
	bytes->used += size;
}

void bytes_zero(struct bytes *bytes, size_t size)
{
	void *room = bytes_room(bytes, size);

	if (!room)
		return;
	memset(room, 0, size);
	bytes->used += size;
}

void bytes_print(struct bytes *bytes, const char *format, ...)
{
	char *room = bytes_room(bytes, BYTES_PRINT);
	va_list arguments;
	int length;

	if (!room)
		return;
	va_start(arguments, format);
	length = vsnprintf(room, BYTES_PRINT, format, arguments);
	va_end(arguments);
	if (length > 0)
		bytes->used += length < BYTES_PRINT ? (size_t)length : BYTES_PRINT - 1;
}

void bytes_drop(struct bytes *bytes, size_t size)
{
	bytes->used -= size;
	if (bytes->used)
		memmove(bytes->data, bytes->data + size, bytes->used);
}

void bytes_free(struct bytes *bytes)
{
	free(bytes->data);
	*bytes = (struct bytes){ 0 };
}
