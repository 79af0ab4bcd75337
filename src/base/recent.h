/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recent.h - what was used last, found by a number
 *
 * Items of one size, so many at most: when there are more, the one that was not asked
 * for the longest goes. Two things with the same number would be the same item: who takes
 * a hash for it keeps in the item what tells them apart.
 */
#ifndef BPFPATH_RECENT_H
#define BPFPATH_RECENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/table.h"

struct recent_node;
TAILQ_HEAD(recent_list, recent_node);

struct recent {
	struct table table;
	struct recent_list list; /* the oldest first */
	size_t size, count, limit;
};

/* For at most @limit items of @size bytes. */
void recent_init(struct recent *recent, size_t size, size_t limit);
void recent_clear(struct recent *recent);

/* NULL when there is none. Valid until the next recent_add(). */
void *recent_find(struct recent *recent, uint64_t key);

/* A new item, all zero; there was none with this number. NULL without memory. */
void *recent_add(struct recent *recent, uint64_t key);

#endif
