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

#include "bpf/event.h"
#include "path/relation.h"

struct naming;

struct copied {
	bool begins; /* false: the event does not say so, and the rest is empty */
	struct making making;
	uint64_t where; /* in the function that made it */
};

/* The same of an event that says so. */
struct copied copied_from(struct naming *naming, const struct event *event,
			  const void *data, size_t size);

/* @data is all of @event, @size bytes at any address. */
static inline struct copied copied_read(struct naming *naming, const struct event *event,
					const void *data, size_t size)
{
	if (event->kind != EVENT_COPY || !(event->flags & EVENT_FIRST))
		return (struct copied){ .begins = false };
	return copied_from(naming, event, data, size);
}

#endif
