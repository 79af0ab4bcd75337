/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tally.h - what was counted in one interval
 *
 * All zero is an empty one.
 */
#ifndef BPFPATH_TALLY_H
#define BPFPATH_TALLY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

#include "bpf/count.h"

struct naming;
struct writer;

struct tally_row {
	union count_key key;
	struct count_value value;
	char *text; /* what the group is called; NULL: tally_name() was not called */
	bool unnamed;
};

struct tally {
	struct tally_row *rows;
	size_t count, room;
	struct count_value other; /* packets whose group had no room */
	uint64_t missed;	  /* packets that could not be counted */
	uint64_t length;	  /* ns */
	struct timespec end;	  /* CLOCK_REALTIME */
};

/* 0 or -ENOMEM. */
int tally_add(struct tally *tally, const union count_key *key,
	      const struct count_value *value);

/*
 * Find out what the groups are called, those that have a name already left out. 1 when
 * there are some whose name is not known; 0; or -ENOMEM.
 */
int tally_name(struct tally *tally, enum count_by by, struct naming *naming);

/* Groups that are called the same become one, and the largest comes first. */
void tally_sort(struct tally *tally);

/* Of all groups and .other. */
struct count_value tally_total(const struct tally *tally);

/* Make it empty, and free what it holds. */
void tally_clear(struct tally *tally);

/* Write it to @out. 0, -ENOMEM or -EIO. */
typedef int tally_print(FILE *out, const struct tally *tally, enum count_by by,
			struct naming *naming, struct writer *writer);

/* A table, and an empty line; or one line that is an object. */
tally_print tally_print_text, tally_print_json;

#endif
