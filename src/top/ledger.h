/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ledger.h - things that are told apart by a few names, and counted
 *
 * There is room for LEDGER_ROWS of them; what comes when it is full counts in .other.
 */
#ifndef BPFPATH_LEDGER_H
#define BPFPATH_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "base/chains.h"
#include "top/pace.h"

#define LEDGER_ROWS   512
#define LEDGER_NAMES  4
#define LEDGER_COUNTS 3

struct sample;

struct ledger_row {
	uint64_t hash;
	const char *names[LEDGER_NAMES]; /* the ledger's own; of .other: NULL */
	uint64_t counts[LEDGER_COUNTS];	 /* what they mean says who counts */
	const char *note;		 /* for whoever counts; at first NULL */
	struct pace pace;		 /* of all counts together */
	struct sample *sample;		 /* the last, or nearly; NULL: there is none */
	uint64_t sampled;		 /* ns, when it was taken */
};

struct ledger {
	struct ledger_row *rows; /* in the order of their coming */
	size_t count;
	struct ledger_row other;
	struct strings *strings;
	struct chains chains;
};

/* 0 or -ENOMEM; ledger_close() is for both. */
int ledger_open(struct ledger *ledger);
void ledger_close(struct ledger *ledger);

/* The row of these names, or .other: never NULL, and it stays where it is. */
struct ledger_row *ledger_row(struct ledger *ledger,
			      const char *const names[LEDGER_NAMES]);

/* All counts of a row. */
uint64_t ledger_sum(const struct ledger_row *row);

/* So much time has passed since it was read last. */
void ledger_read(struct ledger *ledger, double seconds);

#endif
