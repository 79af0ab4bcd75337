/* SPDX-License-Identifier: GPL-2.0-only */
/* views.h - what 'bpfpath top' can show of its model, as sheets */
#ifndef BPFPATH_VIEWS_H
#define BPFPATH_VIEWS_H

#include <stddef.h>

#include "top/sheet.h"

struct model;

enum views_id {
	VIEWS_CLASSES,
	VIEWS_DROPS,
	VIEWS_STAGES,
	VIEWS_DEVICES,
	VIEWS_LOSSES,
	VIEWS_PACKETS,
	VIEWS
};

struct views_view {
	const char *name;
	const char *empty; /* in place of rows that are not there */
	const struct sheet_column *columns;
	size_t column_count;
	size_t sort; /* column that it is sorted by at first */
	void (*fill)(struct sheet *sheet, const struct model *model);
};

extern const struct views_view views[VIEWS];

/* What there is now, in place of what was in the sheet. */
void views_fill(struct sheet *sheet, enum views_id id, const struct model *model);

#endif
