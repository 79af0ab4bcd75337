/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * family.h - paths that come of one packet (lineage.origin), kept until all are there
 *
 * A branch is handed over by itself, before or after the path that it is a branch of.
 */
#ifndef BPFPATH_FAMILY_H
#define BPFPATH_FAMILY_H

#include <sys/queue.h>

#include "base/table.h"
#include "render/kept.h"

/* Beyond it the family that has waited longest is taken for whole. */
#define FAMILIES_STEPS 2000000

struct family {
	struct table_node by_origin;
	TAILQ_ENTRY(family) by_age;
	struct kept kept; /* in order of their id once they are taken */
	size_t steps;
};

struct families {
	struct table by_origin;
	TAILQ_HEAD(, family) by_age; /* the oldest first */
	size_t steps;
};

void families_init(struct families *families);

/* Keep a copy. 0 or -ENOMEM. */
int families_add(struct families *families, const struct path *path);

/*
 * A family that is whole, or, at the @end, any: the oldest first. NULL: there is none.
 * To be freed.
 */
struct family *families_take(struct families *families, bool end);

/* The path with this id, NULL when it is not in the family. */
const struct path *family_find(const struct family *family, uint64_t id);

void family_free(struct family *family);
void families_clear(struct families *families);

#endif
