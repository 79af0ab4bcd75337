/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compare.h - two routes, step by step: where do they part?
 *
 * What means nothing is no difference: times, processors, addresses, ports, numbers;
 * steps that come as the moment has it (moment.h); steps that two processors took in
 * another order. Between two kernels a step may also have another name, or be missing, as
 * long as both packets were in its stage then.
 */
#ifndef BPFPATH_COMPARE_H
#define BPFPATH_COMPARE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "diff/align.h"
#include "diff/roles.h"

struct probed;
struct route;

enum compare_aspect {
	COMPARE_FUNCTION, /* another one, or only on one side */
	COMPARE_RESULT,	  /* what it returned */
	COMPARE_CHANGE,	  /* which fields of the packet were altered */
	COMPARE_DEVICE,
	COMPARE_NETNS,
	COMPARE_END, /* delivered, dropped, ... */
	COMPARE_REASON,
	COMPARE_WHERE, /* it was dropped */
	COMPARE_ASPECTS
};

/* "function", "result", ... */
const char *compare_aspect_name(enum compare_aspect aspect);

/* Why another function, or one that is missing, is no difference. */
enum compare_excuse {
	EXCUSE_NONE,
	EXCUSE_MOMENT,
	EXCUSE_ORDER,
	EXCUSE_END, /* it frees the packet: what the end says counts */
	EXCUSE_KERNEL,
	EXCUSES
};

/* "moment", ...; NULL for EXCUSE_NONE. */
const char *compare_excuse_name(enum compare_excuse excuse);

struct compare_row {
	struct align_row at;  /* steps of both */
	unsigned int differs; /* bits, 1 << enum compare_aspect: what counts */
	enum compare_excuse excuse;
};

/* Is there a step of both? */
static inline bool compare_is_pair(const struct compare_row *row)
{
	return row->at.left != ALIGN_NONE && row->at.right != ALIGN_NONE;
}

struct compare_options {
	bool kernels; /* the recordings are of different kernels */
	bool roles;   /* devices of other names may be the same to the same addresses, too
		       */
	const struct probed *left, *right;
};

struct comparison {
	struct compare_row *rows;
	size_t count;
	unsigned int end; /* bits: what differs in the ends */
	bool same;
	bool cut;	/* alignment.cut */
	size_t part;	/* row at which they part; .count: behind all of them */
	size_t matched; /* rows with the same function */
	struct roles roles;
};

/* 0 or -ENOMEM; comparison_clear() is for both. */
int compare(const struct compare_options *options, const struct route *left,
	    const struct route *right, struct comparison *out);
void comparison_clear(struct comparison *comparison);

#endif
