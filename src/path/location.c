// SPDX-License-Identifier: GPL-2.0-only
#include "path/location.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"

static bool location_is(const struct location *a, const struct location *b)
{
	return a->netns == b->netns && a->ifindex == b->ifindex &&
	       a->netns_name == b->netns_name && !memcmp(a->dev, b->dev, sizeof(a->dev));
}

const struct location *locations_get(struct locations *locations,
				     const struct location *wanted)
{
	static const struct location unknown;
	const uint64_t key = (uint64_t)wanted->netns << 32 | wanted->ifindex;
	struct table_node *node = table_find(&locations->table, key);
	struct location *location;

	for (; node; node = node->next) {
		location = CONTAINER_OF(node, struct location, node);
		if (location_is(location, wanted))
			return location;
	}
	if (locations->count >= LOCATIONS_MAX)
		return &unknown;
	location = malloc(sizeof(*location));
	if (!location)
		return NULL;
	*location = *wanted;
	table_add(&locations->table, &location->node, key);
	locations->count++;
	return location;
}

void locations_clear(struct locations *locations)
{
	struct table_node *node;
	size_t bucket = 0;

	while ((node = table_take(&locations->table, &bucket)))
		free(CONTAINER_OF(node, struct location, node));
	locations->count = 0;
}
