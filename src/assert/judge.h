/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * judge.h - do the packets do what is expected of them?
 *
 * A packet is one with all that comes of it: its copies, segments, fragments. What is
 * expected is so if one of these paths does it; what never is to happen must happen on
 * none of them. An end is that of the packet itself or of what it is sent as; a copy is
 * somebody else's. Time is that of the packet itself.
 */
#ifndef BPFPATH_JUDGE_H
#define BPFPATH_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "assert/excerpt.h"
#include "assert/expect.h"

#define JUDGE_FAILURES 3 /* packets that are shown, of each expectation */

struct judge;
struct path;

/* A packet that did not do it. */
struct failure {
	bool doubt;
	char *why;
	struct excerpt excerpt;
};

struct verdict {
	const struct expect *expect;
	bool holds;
	uint64_t good, bad; /* packets, of expectations of each packet */
	uint64_t value;	    /* ns, UINT64_MAX: not known; or packets: of the others */
	struct failure failures[JUDGE_FAILURES];
	size_t shown;
};

enum judgement {
	JUDGEMENT_HOLDS,
	JUDGEMENT_FAILS,
	JUDGEMENT_NOTHING, /* there was no packet of which anything was expected */
};

/* @expects, which stay the caller's. NULL without memory. */
struct judge *judge_new(const struct expect *expects, size_t count);
void judge_free(struct judge *judge);

/* Of the paths of a packet in any order. */
void judge_path(struct judge *judge, const struct path *path);

/* No path comes any more. 0; or -ENOMEM, now or before, and nothing was judged. */
int judge_finish(struct judge *judge, enum judgement *judgement);

/* After it, as many as there are expectations, in their order. */
const struct verdict *judge_verdicts(const struct judge *judge);
size_t judge_count(const struct judge *judge);
uint64_t judge_packets(const struct judge *judge);

#endif
