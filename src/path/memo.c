// SPDX-License-Identifier: GPL-2.0-only
#include "path/memo.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"

struct memo_entry {
	struct table_node node;
	char text[MEMO_TEXT];
};

static struct memo_entry *memo_find(const struct memo *memo, uint64_t key)
{
	struct table_node *node = table_find(&memo->table, key);

	return node ? CONTAINER_OF(node, struct memo_entry, node) : NULL;
}

void memo_clear(struct memo *memo)
{
	struct table_node *node;
	size_t bucket = 0;

	while ((node = table_take(&memo->table, &bucket)))
		free(CONTAINER_OF(node, struct memo_entry, node));
	memo->count = 0;
}

const char *memo_get(const struct memo *memo, uint64_t key)
{
	struct memo_entry *entry = memo_find(memo, key);

	return entry ? entry->text : NULL;
}

const char *memo_set(struct memo *memo, uint64_t key, const char *text)
{
	struct memo_entry *entry = memo_find(memo, key);

	if (entry && !strcmp(entry->text, text))
		return entry->text;
	if (!entry) {
		entry = memo->count < MEMO_MAX ? malloc(sizeof(*entry)) : NULL;
		if (!entry)
			return NULL;
		table_add(&memo->table, &entry->node, key);
		memo->count++;
	}
	snprintf(entry->text, sizeof(entry->text), "%s", text);
	return entry->text;
}
