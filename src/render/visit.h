/* SPDX-License-Identifier: GPL-2.0-only */
/* visit.h - the steps of a path that are at one place, or in one stage of it */
#ifndef BPFPATH_VISIT_H
#define BPFPATH_VISIT_H

#include <stdbool.h>
#include <stddef.h>

#include "path/path.h"

/* The steps from .first up to .end; all zero is before the first visit. */
struct visit {
	size_t first, end;
};

/* The next place; false: there is none. */
bool visit_next(const struct path *path, struct visit *visit);

/* The next stage within @visit; false: there is none. */
bool visit_stage(const struct path *path, const struct visit *visit, struct visit *stage);

/* When it begins, and when the next step is elsewhere: the last one ends with itself. */
uint64_t visit_begin(const struct path *path, const struct visit *visit);
uint64_t visit_end(const struct path *path, const struct visit *visit);

#endif
