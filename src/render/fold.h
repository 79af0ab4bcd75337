/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fold.h - the steps of a path in which what comes again and again is there once
 *
 * "a b c b c b c d" becomes "a b c d": steps that are repeated at once, alone or as a
 * group of up to FOLD_LOOP, are folded onto the first of their kind. What is repeated at
 * another place is no loop: the packet goes on.
 */
#ifndef BPFPATH_FOLD_H
#define BPFPATH_FOLD_H

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
};

/* Fold @path, in place of what was there. 0 or -ENOMEM. Points into the path. */
int fold_path(struct fold *fold, const struct path *path);

void fold_free(struct fold *fold);

#endif
