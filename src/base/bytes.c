// SPDX-License-Identifier: GPL-2.0-only
#include "base/bytes.h"

#include <stdlib.h>
#include <string.h>

#include "base/number.h"

#define BYTES_SIZE 4096 /* at first */

void *bytes_grow(struct bytes *bytes, size_t more)
{
	size_t size = bytes->size ? bytes->size : BYTES_SIZE;
	uint8_t *data;

	while (size - bytes->used < more)
		size *= 2;
	data = bytes->failed ? NULL : realloc(bytes->data, size);
	if (!data) {
		bytes->failed = true;
		bytes->size = bytes->used; /* so that there is no room, even for less */
		return NULL;
	}
	bytes->data = data;
	bytes->size = size;
	return data + bytes->used;
}

void bytes_number(struct bytes *bytes, uint64_t number)
{
	char *room = bytes_room(bytes, NUMBER_SIZE);

	if (room)
		bytes->used += number_write(room, number);
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
