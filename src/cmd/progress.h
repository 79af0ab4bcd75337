/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress.h - how much of a long work is done, for somebody who waits at a terminal
 *
 * One line that is written over: nothing of it is left at the end.
 */
#ifndef BPFPATH_PROGRESS_H
#define BPFPATH_PROGRESS_H

#include <stdint.h>
#include <stdio.h>

struct progress {
	FILE *out; /* NULL: nobody waits */
	const char *what;
	uint64_t total, next; /* nothing changes before so much is done */
};

/* To @out, which is a terminal or NULL. @total: of the work, in any unit; 0: not known.
 */
void progress_begin(struct progress *progress, FILE *out, const char *what,
		    uint64_t total);

/* So much is done. Costs next to nothing while the line stays the same. */
void progress_at(struct progress *progress, uint64_t done);

void progress_end(struct progress *progress);

#endif
