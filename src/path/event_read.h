/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * event_read.h - an event is taken out of the bytes that hold it
 *
 * Which may be those of a file that somebody made: nothing in them is believed.
 */
#ifndef BPFPATH_EVENT_READ_H
#define BPFPATH_EVENT_READ_H

#include <stddef.h>

#include "bpf/event.h"

struct flow;

/*
 * Copy the event of a packet from @data, of @size bytes at any address. What it does
 * not have is 0. 0, or -EINVAL when it is no event of a packet; *@out is of no use then.
 */
int event_read(struct event_snapshot *out, const void *data, size_t size);

/* The headers of an event with EVENT_SNAPSHOT. */
void event_flow(const struct event_snapshot *snapshot, struct flow *flow);

#endif
