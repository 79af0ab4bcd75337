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

struct bytes {
	uint8_t *data;
	size_t used, size;
	bool failed;
};

/* Room for @more bytes behind those that are used, which it leaves; NULL: none. */
void *bytes_room(struct bytes *bytes, size_t more);

void bytes_add(struct bytes *bytes, const void *data, size_t size);
void bytes_zero(struct bytes *bytes, size_t size);

/* Text without its '\0'. */
void bytes_text(struct bytes *bytes, const char *text);

/* A number as text. */
void bytes_number(struct bytes *bytes, uint64_t number);

/* Take away the first @size bytes. */
void bytes_drop(struct bytes *bytes, size_t size);
void bytes_free(struct bytes *bytes);

#endif
