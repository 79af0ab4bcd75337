/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - where the nodes of a path graph are drawn
 *
 * Time goes to the right: a node is one column behind the last of those that lead to
 * it, but for edges that lead back. Lanes are rows from top to bottom, those of a
 * namespace together, as high as the most nodes that they have in one column.
 */
#ifndef BPFPATH_LAYOUT_H
#define BPFPATH_LAYOUT_H

#include <stddef.h>

struct graph;

struct layout_node {
	size_t column;
	size_t row; /* within its lane */
};

struct layout {
	struct layout_node *nodes; /* as many as graph.nodes */
	size_t *lane_rows;	   /* of each lane: how many rows it has */
	size_t *lane_order;	   /* lanes from top to bottom */
	size_t columns;
};

/* 0 or -ENOMEM; layout_free() is for both. */
int layout_make(struct layout *layout, const struct graph *graph);
void layout_free(struct layout *layout);

#endif
