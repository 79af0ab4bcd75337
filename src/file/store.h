/* SPDX-License-Identifier: GPL-2.0-only */
/* store.h - what names.h was answered, by what was asked; all zero is empty */
#ifndef BPFPATH_STORE_H
#define BPFPATH_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"

enum store_kind {
	STORE_SYMBOL,
	STORE_DROP_REASON,
	STORE_NETNS,
	STORE_DEVICE,
	STORE_KINDS
};

#define STORE_MAX 262144 /* answers; no more are kept */

struct store_entry {
	struct table_node node;
	const char *text; /* whoever sets it keeps it; NULL: there is no name */
	uint64_t offset;  /* of an address in its symbol */
	bool told;	  /* by an event, which knows better than who is asked */
};

struct store {
	struct table tables[STORE_KINDS];
	size_t count;
};

/* NULL when there is none. */
struct store_entry *store_find(const struct store *store, enum store_kind kind,
			       uint64_t key);

/* The same; a new one without a name if there was none. NULL: no memory, or STORE_MAX. */
struct store_entry *store_get(struct store *store, enum store_kind kind, uint64_t key);

typedef void store_fn(enum store_kind kind, const struct store_entry *entry,
		      void *context);

/* Everything that is there, in no order; nothing may be changed meanwhile. */
void store_each(const struct store *store, store_fn *fn, void *context);

/* Forget everything. */
void store_clear(struct store *store);

static inline uint64_t store_device_key(uint32_t netns, uint32_t ifindex)
{
	return (uint64_t)netns << 32 | ifindex;
}

#endif
