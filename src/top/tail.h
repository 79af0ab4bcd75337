/* SPDX-License-Identifier: GPL-2.0-only */
/* tail.h - the last of what is printed while there is a screen, to be printed after it */
#ifndef BPFPATH_TAIL_H
#define BPFPATH_TAIL_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"

#define TAIL_SIZE 65536 /* bytes that are kept at least */

/* All zero is empty. */
struct tail {
	struct bytes bytes;
	uint64_t lost; /* bytes before them */
};

void tail_add(struct tail *tail, const void *data, size_t size);

/* To standard error, and then it is empty. */
void tail_print(struct tail *tail);

#endif
