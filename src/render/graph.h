/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * graph.h - the paths of many packets as one graph
 *
 * A lane is a namespace and device; a node is a stage or function in a lane, or an end;
 * an edge leads from node to node, as packets went.
 */
#ifndef BPFPATH_GRAPH_H
#define BPFPATH_GRAPH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/path.h"

struct strings;

/* Names are as they came: not escaped. */
struct graph_lane {
	uint32_t netns_inode;
	const char *netns, *device;
	size_t netns_first; /* the first lane in the same namespace: it stands for that */
};

struct graph_node {
	size_t lane;
	const char *name;  /* of an end: its reason, or "" */
	const char *stage; /* for its colour */
	bool is_end;
	enum path_end end; /* of such a node */
	const char *where; /* it ended */
	const char *explanation;
	uint64_t packets;  /* which went through it, each as often as it did */
	size_t first_edge; /* index of the first edge from here, or GRAPH_NONE */
};

struct graph_edge {
	size_t from, to;
	uint64_t packets;
	size_t next; /* from the same node, or GRAPH_NONE */
	/* ns; of every .stride-th packet, so that there is room for all of them */
	uint64_t *times;
	size_t times_count, stride;
};

#define GRAPH_NONE  SIZE_MAX
#define GRAPH_TIMES 8192 /* of an edge, at most */

struct graph {
	struct strings *names;
	bool by_function; /* nodes are functions; otherwise stages */
	struct graph_lane *lanes;
	struct graph_node *nodes;
	struct graph_edge *edges;
	size_t lanes_count, nodes_count, edges_count;
	uint64_t paths, drops;
};

/* 0 or -ENOMEM; graph_close() is for both. */
int graph_open(struct graph *graph, bool by_function);
void graph_close(struct graph *graph);

/* 0 or -ENOMEM. */
int graph_add(struct graph *graph, const struct path *path);

/* Of 100 packets on this edge so many took no longer: ns. Puts the times in order. */
uint64_t graph_percentile(struct graph_edge *edge, unsigned int percent);

/* What a node is called: "ip", "delivered", "dropped: OTHERHOST". Returns @text. */
#define GRAPH_LABEL 256
const char *graph_label(char text[GRAPH_LABEL], const struct graph_node *node);

#endif
