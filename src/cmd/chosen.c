// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/chosen.h"

#include <errno.h>
#include <stdlib.h>

/* Its table node is all that there is to say of an unfinished packet. */
static struct table_node *chosen_add(struct chosen *chosen, uint64_t origin)
{
	struct table_node *node = calloc(1, sizeof(*node));

	if (!node)
		return NULL;
	table_add(&chosen->unfinished, node, origin);
	chosen->taken++;
	return node;
}

int chosen_begin(struct chosen *chosen, const struct lineage *lineage)
{
	if (!chosen->limit || table_find(&chosen->unfinished, lineage->origin))
		return 1;
	if (chosen_full(chosen))
		return 0;
	return chosen_add(chosen, lineage->origin) ? 1 : -ENOMEM;
}

int chosen_take(struct chosen *chosen, const struct lineage *lineage)
{
	struct table_node *node;
	int chosen_now = chosen_begin(chosen, lineage);

	if (!chosen->limit || chosen_now <= 0)
		return chosen_now;
	node = table_find(&chosen->unfinished, lineage->origin);
	if (!lineage->remaining) {
		table_remove(&chosen->unfinished, node);
		free(node);
		chosen->done++;
	}
	return 1;
}

bool chosen_full(const struct chosen *chosen)
{
	return chosen->limit && chosen->taken == chosen->limit;
}

void chosen_clear(struct chosen *chosen)
{
	struct table_node *node;
	size_t bucket = 0;

	while ((node = table_take(&chosen->unfinished, &bucket)))
		free(node);
}
