/* SPDX-License-Identifier: GPL-2.0-only */
/* hist.h - how long paths spend in each stage, or between two steps */
#ifndef BPFPATH_HIST_H
#define BPFPATH_HIST_H

#include <stddef.h>
#include <stdint.h>

#include "base/sketch.h"
#include "path/path.h"

#define HIST_ROWS 32 /* more than there are stages */

struct hist_row {
	const char *name;   /* of the stage; with .from or .to "" */
	struct sketch time; /* ns of each path that was there */
};

/* Nothing to open; all is 0 but what is asked for. */
struct hist {
	const char *from, *to; /* functions; NULL: the first step, the last */
	struct hist_row rows[HIST_ROWS];
	size_t count;
	uint64_t paths; /* that were added */
};

/* 0 or -ENOMEM. */
int hist_add(struct hist *hist, const struct path *path);

void hist_close(struct hist *hist);

#endif
