/* SPDX-License-Identifier: GPL-2.0-only */
/* pager.h - text of many lines, of which some are shown */
#ifndef BPFPATH_PAGER_H
#define BPFPATH_PAGER_H

#include <stddef.h>

#include "top/grid.h"

struct path;

/* All zero is closed. */
struct pager {
	char *text;   /* owned; NULL: it is closed */
	char **lines; /* in .text */
	size_t count;
	size_t top; /* the first line that is shown */
	int left;   /* columns that are not, because they are to the left */
};

/*
 * Show @text, which becomes the pager's, from its beginning; it may have the colours of
 * text.h. 0 or -ENOMEM, and then nothing is shown.
 */
int pager_open(struct pager *pager, char *text);

/* The same of a path as the format text shows it. */
int pager_open_path(struct pager *pager, const struct path *path);

void pager_close(struct pager *pager);

/* So many lines down, and columns to the right, while @height lines are shown. */
void pager_move(struct pager *pager, long lines, int columns, int height);

/* Into the first @height lines of the grid. */
void pager_draw(const struct pager *pager, struct grid *grid, int height);

#endif
