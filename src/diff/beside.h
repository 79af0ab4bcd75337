/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * beside.h - lines of two halves, side by side, or one below the other where it is narrow
 *
 *	  20 ip_rcv                 |   20 ip_rcv
 */
#ifndef BPFPATH_BESIDE_H
#define BPFPATH_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define BESIDE_NARROW 60 /* columns: with less it is one below the other */

struct beside {
	FILE *out;
	size_t width; /* of everything */
	bool colour;
};

/*
 * Between the halves: ' ' the same, '|' different, '<' '>' only on one side; '~' '(' ')'
 * likewise, but no difference.
 */
struct beside_line {
	const char *left, *right; /* safe to show; NULL: nothing is there */
	char gutter;
	bool strong; /* here they part */
};

void beside_print(const struct beside *beside, const struct beside_line *line);

#endif
