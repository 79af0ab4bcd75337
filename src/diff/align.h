/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * align.h - two sequences side by side, so that what belongs together is together
 *
 * The alignment with the highest sum of scores (Needleman and Wunsch, gaps are free).
 * What is the same at the beginning and at the end costs nothing; what is between takes
 * ALIGN_CELLS bytes and steps at most, and of several alignments it is the one whose
 * pairs come first. Of longer sequences ALIGN_MOST elements from there on are aligned,
 * and the rest is not.
 */
#ifndef BPFPATH_ALIGN_H
#define BPFPATH_ALIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ALIGN_MOST  4096u
#define ALIGN_CELLS ((size_t)ALIGN_MOST * ALIGN_MOST)

#define ALIGN_NONE UINT32_MAX

struct align_scale {
	/* How well do both go together? 0: not at all. */
	unsigned int (*score)(const void *context, size_t left, size_t right);
	unsigned int most; /* the best score that there is */
	const void *context;
};

/* Either may be ALIGN_NONE, but not both. */
struct align_row {
	uint32_t left, right;
};

struct alignment {
	struct align_row *rows; /* every element is in one of them, in order */
	size_t count;
	bool cut; /* some were not looked at, as there are too many */
};

/* 0 or -ENOMEM, and then *@out is empty. */
int align(const struct align_scale *scale, size_t left, size_t right,
	  struct alignment *out);
void alignment_clear(struct alignment *alignment);

#endif
