/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fit.h - which columns of a sheet there is room for, and how wide they are
 *
 * Numbers take the width of their kind, so that nothing moves when they grow; texts take
 * what they need. Where that is too much columns go, by their rank; texts are cut; and at
 * last numbers take no more than they need.
 */
#ifndef BPFPATH_FIT_H
#define BPFPATH_FIT_H

#include <stdbool.h>
#include <stddef.h>

#include "top/sheet.h"

struct fit {
	struct {
		size_t column; /* of the sheet */
		int width;     /* may be less than 1: nothing of it is seen */
		int wanted;
	} list[SHEET_COLUMNS];
	size_t count;
	int gap; /* between two of them */
};

/* Into @width columns of a screen, with or without those of SHEET_RATE. */
void fit_columns(struct fit *fit, const struct sheet *sheet, int width, bool rates);

#endif
