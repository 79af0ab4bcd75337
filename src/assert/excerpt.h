/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * excerpt.h - a packet, and a few steps of its path around one of them, as lines
 *
 * Kept in place of the path, whose names may be gone before it is shown. The lines
 * are not escaped.
 */
#ifndef BPFPATH_EXCERPT_H
#define BPFPATH_EXCERPT_H

#include <stddef.h>

struct path;

struct excerpt {
	char **lines; /* the first says what the packet is, the last its end */
	size_t count;
};

/* 0 or -ENOMEM, and then it is empty. The path may have no steps. */
int excerpt_take(struct excerpt *excerpt, const struct path *path, size_t step);
void excerpt_free(struct excerpt *excerpt);

#endif
