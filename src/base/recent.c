// SPDX-License-Identifier: GPL-2.0-only
#include "base/recent.h"

#include <stdlib.h>
#include <string.h>

#include "base/container.h"

struct recent_node {
	struct table_node by_key;
	TAILQ_ENTRY(recent_node) by_age;
	uint64_t item[];
};

void recent_init(struct recent *recent, size_t size, size_t limit)
{
	*recent = (struct recent){ .size = size, .limit = limit };
	TAILQ_INIT(&recent->list);
}

void recent_clear(struct recent *recent)
{
	struct recent_node *node;

	while ((node = TAILQ_FIRST(&recent->list))) {
		TAILQ_REMOVE(&recent->list, node, by_age);
		free(node);
	}
	recent_init(recent, recent->size, recent->limit);
}

void *recent_find(struct recent *recent, uint64_t key)
{
	struct table_node *found = table_find(&recent->table, key);
	struct recent_node *node;

	if (!found)
		return NULL;
	node = CONTAINER_OF(found, struct recent_node, by_key);
	TAILQ_REMOVE(&recent->list, node, by_age);
	TAILQ_INSERT_TAIL(&recent->list, node, by_age);
	return node->item;
}

/* The oldest one, when there is no room for more, or a new one. */
static struct recent_node *recent_room(struct recent *recent)
{
	struct recent_node *node;

	if (recent->count < recent->limit) {
		node = malloc(sizeof(*node) + recent->size);
		recent->count += node != NULL;
		return node;
	}
	node = TAILQ_FIRST(&recent->list);
	TAILQ_REMOVE(&recent->list, node, by_age);
	table_remove(&recent->table, &node->by_key);
	return node;
}

void *recent_add(struct recent *recent, uint64_t key)
{
	struct recent_node *node = recent_room(recent);

	if (!node)
		return NULL;
	table_add(&recent->table, &node->by_key, key);
	TAILQ_INSERT_TAIL(&recent->list, node, by_age);
	return memset(node->item, 0, recent->size);
}
