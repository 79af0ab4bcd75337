/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * missed.h - runs of probes that the kernel has skipped: where, when, and how many
 *
 * A kernel does not run a program in the middle of another one, or of itself (man page,
 * COST). It counts that, by probe or by many together, but not for which packet: so
 * who looks from time to time knows that it was between two looks.
 */
#ifndef BPFPATH_MISSED_H
#define BPFPATH_MISSED_H

#include <stddef.h>
#include <stdint.h>

struct strings;

/* What is counted for itself. Recordings have these numbers. */
enum missed_kind {
	MISSED_FUNCTION,   /* a probed function */
	MISSED_TRACEPOINT, /* a tracepoint that steps come from */
	MISSED_GATE,	   /* tcx programs on devices */
	MISSED_FUNCTIONS,  /* functions that are counted together */
	MISSED_FREE,	   /* what tells no more than that memory is freed */
	MISSED_KINDS
};

/* "function", "tracepoint", ... */
const char *missed_kind_name(enum missed_kind kind);

/* ... in a text, before the name: "function ", "", ... */
const char *missed_kind_words(enum missed_kind kind);

/* Of one kind and name. */
struct missed {
	enum missed_kind kind;
	const char *name;
	uint64_t runs;
};

struct missed_list {
	struct missed *list;
	size_t count;
};

uint64_t missed_runs(const struct missed_list *list);

/* Between these times, ns of CLOCK_MONOTONIC. */
struct missed_span {
	uint64_t from, to;
	struct missed missed;
};

#define MISSES_NAMES 4096 /* that are told apart; what comes later is one */
#define MISSES_SPANS 64	  /* of a name; older ones become one */

struct misses_of;

/* All that was told of. To be initialised with zeros. */
struct misses {
	struct strings *strings;
	struct misses_of **list;
	size_t count;
	uint64_t until; /* the end of the latest one */
};

/* 0 or -ENOMEM. What is of one name comes in the order of time. */
int misses_add(struct misses *misses, const struct missed_span *span);

/*
 * What may have been between these times, to be freed by the caller; @kinds: a bit for
 * each that counts. Names live as long as @misses. 0 or -ENOMEM.
 */
int misses_between(const struct misses *misses, uint64_t from, uint64_t to,
		   unsigned int kinds, struct missed_list *out);

void misses_clear(struct misses *misses);

#endif
