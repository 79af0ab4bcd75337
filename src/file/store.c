// SPDX-License-Identifier: GPL-2.0-only
#include "file/store.h"

#include <stdlib.h>

#include "base/container.h"

struct store_entry *store_find(const struct store *store, enum store_kind kind,
			       uint64_t key)
{
	struct table_node *node = table_find(&store->tables[kind], key);

	return node ? CONTAINER_OF(node, struct store_entry, node) : NULL;
}

struct store_entry *store_get(struct store *store, enum store_kind kind, uint64_t key)
{
	struct store_entry *entry = store_find(store, kind, key);

	if (entry || store->count >= STORE_MAX)
		return entry;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	table_add(&store->tables[kind], &entry->node, key);
	store->count++;
	return entry;
}

void store_each(const struct store *store, store_fn *fn, void *context)
{
	for (size_t i = 0; i < (size_t)STORE_KINDS * TABLE_BUCKETS; i++) {
		enum store_kind kind = (enum store_kind)(i / TABLE_BUCKETS);
		struct table_node *node = store->tables[kind].buckets[i % TABLE_BUCKETS];

		for (; node; node = node->next)
			fn(kind, CONTAINER_OF(node, struct store_entry, node), context);
	}
}

void store_clear(struct store *store)
{
	for (size_t kind = 0; kind < STORE_KINDS; kind++) {
		struct table_node *node;
		size_t bucket = 0;

		while ((node = table_take(&store->tables[kind], &bucket)))
			free(CONTAINER_OF(node, struct store_entry, node));
	}
	store->count = 0;
}
