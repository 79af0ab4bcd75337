/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * copied.h - an event that tells of a copy that begins
 *
 * Who made it is told by the calls that led there.
 */
#ifndef BPFPATH_COPIED_H
#define BPFPATH_COPIED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/relation.h"

struct event;
struct naming;

struct copied {
	bool begins; /* false: the event does not say so, and the rest is empty */
	struct making making;
	uint64_t where; /* in the function that made it */
};

/* @data is all of @event, @size bytes at any address. */
struct copied copied_read(struct naming *naming, const struct event *event,
			  const void *data, size_t size);

#endif
