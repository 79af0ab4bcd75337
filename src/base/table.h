/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - find a thing by a 64-bit number
 *
 * A hash table of nodes that live inside of the things themselves, so that
 * adding cannot fail. Several nodes may have the same key: the last one added
 * is found first. All zero is an empty table.
 */
#ifndef BPFPATH_TABLE_H
#define BPFPATH_TABLE_H

#include <stddef.h>
#include <stdint.h>

#define TABLE_BUCKETS 4096

struct table_node {
	struct table_node *next;
	uint64_t key;
};

struct table {
	struct table_node *buckets[TABLE_BUCKETS];
};

/* @node is in no table yet. */
void table_add(struct table *table, struct table_node *node, uint64_t key);

/* NULL when there is none. */
struct table_node *table_find(const struct table *table, uint64_t key);

/* Nothing happens when @node is not in the table. */
void table_remove(struct table *table, struct table_node *node);

/* Take any node out, NULL when none is left; *@bucket is 0 at the first call. */
struct table_node *table_take(struct table *table, size_t *bucket);

#endif
