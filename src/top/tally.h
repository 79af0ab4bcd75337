/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tally.h - things that are told apart by a few names, and counted
 *
 * There is room for TALLY_ROWS of them; what comes when it is full counts in .other.
 */
#ifndef BPFPATH_TALLY_H
#define BPFPATH_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "base/chains.h"
#include "top/meter.h"

#define TALLY_ROWS   512
#define TALLY_NAMES  4
#define TALLY_COUNTS 3

struct sample;

struct tally_row {
	uint64_t hash;
	const char *names[TALLY_NAMES]; /* the tally's own; of .other: NULL */
	uint64_t counts[TALLY_COUNTS];	/* what they mean says who counts */
	const char *note;		/* for whoever counts; at first NULL */
	struct meter meter;		/* of all counts together */
	struct sample *sample;		/* the last, or nearly; NULL: there is none */
	uint64_t sampled;		/* ns, when it was taken */
};

struct tally {
	struct tally_row *rows; /* in the order of their coming */
	size_t count;
	struct tally_row other;
	struct strings *strings;
	struct chains chains;
};

/* 0 or -ENOMEM; tally_close() is for both. */
int tally_open(struct tally *tally);
void tally_close(struct tally *tally);

/* The row of these names, or .other: never NULL, and it stays where it is. */
struct tally_row *tally_row(struct tally *tally, const char *const names[TALLY_NAMES]);

/* All counts of a row. */
uint64_t tally_sum(const struct tally_row *row);

/* So much time has passed since it was read last. */
void tally_read(struct tally *tally, double seconds);

#endif
