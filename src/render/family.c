// SPDX-License-Identifier: GPL-2.0-only
#include "render/family.h"

#include <errno.h>
#include <stdlib.h>

#include "base/container.h"

/* Nothing is missing of it. */
static bool family_is_whole(const struct family *family)
{
	return !family->kept.paths[family->kept.count - 1].lineage.remaining;
}

static struct family *family_of(struct families *families, uint64_t origin)
{
	struct table_node *node = table_find(&families->by_origin, origin);
	struct family *family;

	if (node)
		return CONTAINER_OF(node, struct family, by_origin);
	family = calloc(1, sizeof(*family));
	if (!family)
		return NULL;
	table_add(&families->by_origin, &family->by_origin, origin);
	TAILQ_INSERT_TAIL(&families->by_age, family, by_age);
	return family;
}

static void family_remove(struct families *families, struct family *family)
{
	table_remove(&families->by_origin, &family->by_origin);
	TAILQ_REMOVE(&families->by_age, family, by_age);
	families->steps -= family->steps;
}

void families_init(struct families *families)
{
	*families = (struct families){ .steps = 0 };
	TAILQ_INIT(&families->by_age);
}

int families_add(struct families *families, const struct path *path)
{
	struct family *family = family_of(families, path->lineage.origin);

	if (!family)
		return -ENOMEM;
	if (kept_add(&family->kept, path)) {
		if (!family->kept.count) {
			family_remove(families, family);
			family_free(family);
		}
		return -ENOMEM;
	}
	family->steps += path->count;
	families->steps += path->count;
	/* The one that may have become whole is to be found at once. */
	if (family_is_whole(family)) {
		TAILQ_REMOVE(&families->by_age, family, by_age);
		TAILQ_INSERT_HEAD(&families->by_age, family, by_age);
	}
	return 0;
}

static int path_compare(const void *a, const void *b)
{
	const struct path *left = a, *right = b;

	return (left->id > right->id) - (left->id < right->id);
}

struct family *families_take(struct families *families, bool end)
{
	struct family *family = TAILQ_FIRST(&families->by_age);

	if (!family ||
	    (!end && families->steps <= FAMILIES_STEPS && !family_is_whole(family)))
		return NULL;
	family_remove(families, family);
	qsort(family->kept.paths, family->kept.count, sizeof(struct path), path_compare);
	return family;
}

const struct path *family_find(const struct family *family, uint64_t id)
{
	const struct path key = { .id = id };

	return bsearch(&key, family->kept.paths, family->kept.count, sizeof(key),
		       path_compare);
}

void family_free(struct family *family)
{
	if (!family)
		return;
	kept_clear(&family->kept);
	free(family);
}

void families_clear(struct families *families)
{
	struct family *family;

	while ((family = families_take(families, true)))
		family_free(family);
}
