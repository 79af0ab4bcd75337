// SPDX-License-Identifier: GPL-2.0-only
#include "base/table.h"

#include "base/hash.h"

/* Addresses differ in their middle bits, counters in the lowest: mix both. */
static size_t table_bucket(uint64_t key)
{
	key ^= key >> 32;
	key *= GOLDEN;
	return (key >> 40) % TABLE_BUCKETS;
}

void table_add(struct table *table, struct table_node *node, uint64_t key)
{
	struct table_node **bucket = &table->buckets[table_bucket(key)];

	node->key = key;
	node->next = *bucket;
	*bucket = node;
}

struct table_node *table_find(const struct table *table, uint64_t key)
{
	struct table_node *node = table->buckets[table_bucket(key)];

	while (node && node->key != key)
		node = node->next;
	return node;
}

void table_remove(struct table *table, struct table_node *node)
{
	struct table_node **link = &table->buckets[table_bucket(node->key)];

	while (*link && *link != node)
		link = &(*link)->next;
	if (*link)
		*link = node->next;
}

struct table_node *table_take(struct table *table, size_t *bucket)
{
	for (; *bucket < TABLE_BUCKETS; (*bucket)++) {
		struct table_node *node = table->buckets[*bucket];

		if (node) {
			table->buckets[*bucket] = node->next;
			return node;
		}
	}
	return NULL;
}
