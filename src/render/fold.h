/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fold.h - the steps of a path in which what comes again and again is there once
 *
 * "a b c b c b c d" becomes "a b c d": steps that are repeated at once, alone or as a
 * group of up to FOLD_LOOP, are folded onto the first of their kind.
 */
#ifndef BPFPATH_FOLD_H
#define BPFPATH_FOLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/path.h"

#define FOLD_LOOP 8 /* steps; longer loops stay */

struct fold_step {
	const struct step *step; /* the first of those that it stands for */
	uint64_t time;		 /* ns from each of them until the next step */
	uint32_t repeats;	 /* how many they are */
};

/* All zero is empty. */
struct fold {
	struct fold_step *steps;
	size_t count, room;
	bool places; /* what is at another place is another step */
};

/* Are both the same step, if the place matters or not? */
bool fold_same(const struct fold *fold, const struct step *a, const struct step *b);

/* Fold @path, in place of what was there. 0 or -ENOMEM. Points into the path. */
int fold_path(struct fold *fold, const struct path *path);

void fold_free(struct fold *fold);

#endif
