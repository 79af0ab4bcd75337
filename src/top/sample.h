/* SPDX-License-Identifier: GPL-2.0-only */
/* sample.h - copies of paths that several rows share, in bounded memory */
#ifndef BPFPATH_SAMPLE_H
#define BPFPATH_SAMPLE_H

#include <stddef.h>

#include "path/path.h"

#define SAMPLES_STEPS 200000 /* of all samples together: about 50 MB */

/* All zero is empty; it has to stay where it is, and outlive its samples. */
struct samples {
	size_t steps;
};

struct sample {
	struct path path;
	struct samples *samples;
	size_t users;
};

/* A copy with one user; NULL: there is no memory, or no room for it. */
struct sample *sample_new(struct samples *samples, const struct path *path);

/* One user more; one less, the last of whom frees it. NULL is fine. */
struct sample *sample_use(struct sample *sample);
void sample_drop(struct sample *sample);

/* *@to uses @sample in place of what was there; both may be NULL. */
void sample_set(struct sample **to, struct sample *sample);

#endif
