/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * chosen.h - which packets are shown when only so many are asked for (-c)
 *
 * A packet is one with all that comes of it: its copies, segments and fragments
 * belong to it and do not count.
 */
#ifndef BPFPATH_CHOSEN_H
#define BPFPATH_CHOSEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "path/path.h"

struct chosen {
	uint64_t limit;		 /* packets; 0: all */
	uint64_t taken;		 /* packets that were chosen so far */
	uint64_t done;		 /* of these, those all of whose paths have been seen */
	struct table unfinished; /* the others, by root */
};

/* 1: it is to be shown, 0: it is not, or -ENOMEM. Each path is to be asked for once. */
int chosen_take(struct chosen *chosen, const struct lineage *lineage);

/* The same of a path that has begun; to be asked as often as one likes. */
int chosen_begin(struct chosen *chosen, const struct lineage *lineage);

/* No packet is chosen any more. */
bool chosen_full(const struct chosen *chosen);

/* And nothing more is to come of those that were. */
static inline bool chosen_done(const struct chosen *chosen)
{
	return chosen->limit && chosen->done == chosen->limit;
}

void chosen_clear(struct chosen *chosen);

#endif
