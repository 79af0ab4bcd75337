/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pairs.h - two sets of routes: which route of one is which of the other
 *
 * First those that are the same, of any number; then what is most alike of the rest, one
 * with one; what is left over is held against the most alike of all. Only packets
 * of the same kind are compared: a request is no reply, and what was made to ask for a
 * neighbour is no packet that somebody wanted to send.
 */
#ifndef BPFPATH_PAIRS_H
#define BPFPATH_PAIRS_H

#include <stdbool.h>
#include <stddef.h>

#include "diff/compare.h"

struct routes;

enum pair_kind {
	PAIR_SAME,
	PAIR_PARTED, /* each other's counterpart */
	PAIR_LEFT,   /* only on the left; .right is what is most alike, or NULL */
	PAIR_RIGHT,
	PAIR_KINDS
};

/* "same", "parted", "good", "bad" */
const char *pair_kind_name(enum pair_kind kind);

struct pair {
	enum pair_kind kind;
	const struct route *left, *right;
	struct comparison comparison; /* of both; otherwise empty */
};

/* All zero is empty. */
struct pairs {
	struct pair
		*list; /* in the order of enum pair_kind, then as frequent on the left */
	size_t count;
	size_t counts[PAIR_KINDS];
};

/*
 * 0 or -ENOMEM; pairs_clear() is for both. Takes time for each step of all routes on the
 * left with each on the right, and a byte for each two routes.
 */
int pairs_make(struct pairs *pairs, const struct compare_options *options,
	       const struct routes *left, const struct routes *right);
void pairs_clear(struct pairs *pairs);

/*
 * Is it only on one side as only there a neighbour had to be asked for just then? What
 * that led to is told by the packets that were to be sent.
 */
bool pair_is_ignored(const struct pair *pair);

/* Is there nothing that is not the same, or to be ignored? */
bool pairs_same(const struct pairs *pairs);

#endif
