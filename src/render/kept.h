/* SPDX-License-Identifier: GPL-2.0-only */
/* kept.h - copies of paths, for what is drawn when all of them are there */
#ifndef BPFPATH_KEPT_H
#define BPFPATH_KEPT_H

#include "path/path.h"

/* All zero is empty. */
struct kept {
	struct path *paths;
	size_t count;
};

/* 0 or -ENOMEM. */
int kept_add(struct kept *kept, const struct path *path);
void kept_clear(struct kept *kept);

#endif
