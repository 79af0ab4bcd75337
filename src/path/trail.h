/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trail.h - the steps of a path that goes on, packed
 *
 * Many paths may wait at the same time, each with many steps, and nobody looks at them
 * before the path has ended. A step differs from the one before in few words of four
 * bytes, its time and its function: only these are kept, and the headers as captured.
 * The end of a call is a step of kind EVENT_RETURN here; no other one differs from it.
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_TRAIL_H
#define BPFPATH_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/path.h"

/* All zero is empty. */
struct trail {
	uint8_t *data;
	size_t used, size;
	bool begun;	    /* there is a step that others may differ from: */
	struct step before; /* the last one that was added, up to .stage */
};

/* A step as it was added; it has .headers where .step.headers is not 0. */
struct trail_entry {
	struct step step;
	struct headers headers;
};

/* Begins with all zero. */
struct trail_reader {
	size_t at;
	struct step before;
};

/*
 * Add a step, up to .stage, with the headers that came with it, or NULL: then .headers
 * is 0. 0, or -ENOMEM: all is as before.
 */
int trail_add(struct trail *trail, const struct step *step,
	      const struct headers *headers);

/* The next step, in the order in which they were added. False: there is no more. */
bool trail_next(const struct trail *trail, struct trail_reader *reader,
		struct trail_entry *entry);

/* Forget all steps, but for .before. */
void trail_empty(struct trail *trail);
void trail_free(struct trail *trail);

#endif
