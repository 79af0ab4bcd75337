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

/*
 * Copy the event of a packet from @data, of @size bytes at any address. Without a
 * snapshot .dev is empty and nothing captured; what was not captured is not there. 0, or
 * -EINVAL when it is no event of a packet; *@out is of no use then.
 */
int event_read(struct event_snapshot *out, const void *data, size_t size);

#endif
