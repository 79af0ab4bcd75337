/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sheet.h - lines of two halves, side by side, or one below the other where it is narrow
 *
 *	  20 ip_rcv                 |   20 ip_rcv
 */
#ifndef BPFPATH_SHEET_H
#define BPFPATH_SHEET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SHEET_NARROW 60 /* columns: with less it is one below the other */

struct sheet {
	FILE *out;
	size_t width; /* of everything */
	bool colour;
};

/*
 * Between the halves: ' ' the same, '|' different, '<' '>' only on one side; '~' '(' ')'
 * likewise, but no difference.
 */
struct sheet_line {
	const char *left, *right; /* safe to show; NULL: nothing is there */
	char gutter;
	bool strong; /* here they part */
};

void sheet_print(const struct sheet *sheet, const struct sheet_line *line);

#endif
