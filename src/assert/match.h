/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * match.h - does one path do what is expected?
 */
#ifndef BPFPATH_MATCH_H
#define BPFPATH_MATCH_H

#include <stdbool.h>
#include <stddef.h>

struct expect;
struct path;

struct match {
	bool good;
	bool doubt;    /* not good, but only because too little was seen */
	size_t step;   /* where that is seen best; 0 of a path without steps */
	char why[256]; /* not good: in words; names are not escaped */
};

/* @expect is none of all packets together (expect_is_total). */
struct match match_path(const struct expect *expect, const struct path *path);

#endif
