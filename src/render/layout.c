// SPDX-License-Identifier: GPL-2.0-only
#include "render/layout.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "render/graph.h"

enum state { STATE_NEW, STATE_OPEN, STATE_DONE };

/* A node that is looked at, and the next edge from it. */
struct visited {
	size_t node, edge;
};

/*
 * Put every node behind all from which it can be reached, in @order; edges that lead
 * to a node that is just looked at lead back. Depth first, without recursion: a
 * graph of functions may be thousands deep.
 */
static void order_from(const struct graph *graph, size_t root, unsigned char *state,
		       struct visited *stack, size_t *order, size_t *left)
{
	size_t depth = 0;

	stack[depth++] = (struct visited){ root, graph->nodes[root].first_edge };
	state[root] = STATE_OPEN;
	while (depth) {
		struct visited *top = &stack[depth - 1];
		size_t to;

		if (top->edge == GRAPH_NONE) {
			state[top->node] = STATE_DONE;
			order[--*left] = top->node;
			depth--;
			continue;
		}
		to = graph->edges[top->edge].to;
		top->edge = graph->edges[top->edge].next;
		if (state[to] != STATE_NEW)
			continue;
		state[to] = STATE_OPEN;
		stack[depth++] = (struct visited){ to, graph->nodes[to].first_edge };
	}
}

/* In that order every edge leads to a later node, or leads back. */
static int set_columns(struct layout *layout, const struct graph *graph)
{
	size_t count = graph->nodes_count, left = count;
	AUTO_FREE unsigned char *state = calloc(count + 1, 1);
	AUTO_FREE struct visited *stack = calloc(count + 1, sizeof(*stack));
	AUTO_FREE size_t *order = calloc(count + 1, sizeof(*order));
	AUTO_FREE size_t *position = calloc(count + 1, sizeof(*position));

	if (!state || !stack || !order || !position)
		return -ENOMEM;
	for (size_t i = count; i-- > 0;) {
		if (state[i] == STATE_NEW)
			order_from(graph, i, state, stack, order, &left);
	}
	for (size_t i = 0; i < count; i++)
		position[order[i]] = i;
	for (size_t i = 0; i < count; i++) {
		const struct layout_node *node = &layout->nodes[order[i]];
		size_t edge = graph->nodes[order[i]].first_edge;

		for (; edge != GRAPH_NONE; edge = graph->edges[edge].next) {
			size_t to = graph->edges[edge].to;

			if (position[to] > i && layout->nodes[to].column <= node->column)
				layout->nodes[to].column = node->column + 1;
		}
	}
	return 0;
}

/* How many nodes before @node are in the same lane and column. */
static size_t rows_before(const struct layout *layout, const struct graph *graph,
			  size_t node)
{
	size_t rows = 0;

	for (size_t i = 0; i < node; i++)
		rows += graph->nodes[i].lane == graph->nodes[node].lane &&
			layout->nodes[i].column == layout->nodes[node].column;
	return rows;
}

static void set_rows(struct layout *layout, const struct graph *graph)
{
	for (size_t i = 0; i < graph->nodes_count; i++) {
		struct layout_node *node = &layout->nodes[i];
		size_t *rows = &layout->lane_rows[graph->nodes[i].lane];

		node->row = rows_before(layout, graph, i);
		if (node->row >= *rows)
			*rows = node->row + 1;
		if (node->column >= layout->columns)
			layout->columns = node->column + 1;
	}
}

/* Those of a namespace together, each in the order in which packets came there. */
static void set_order(struct layout *layout, const struct graph *graph)
{
	size_t count = 0;

	for (size_t first = 0; first < graph->lanes_count; first++) {
		for (size_t i = first; i < graph->lanes_count; i++) {
			if (graph->lanes[first].netns_first == first &&
			    graph->lanes[i].netns_first == first)
				layout->lane_order[count++] = i;
		}
	}
}

int layout_make(struct layout *layout, const struct graph *graph)
{
	int error;

	*layout = (struct layout){
		.nodes = calloc(graph->nodes_count + 1, sizeof(*layout->nodes)),
		.lane_rows = calloc(graph->lanes_count + 1, sizeof(*layout->lane_rows)),
		.lane_order = calloc(graph->lanes_count + 1, sizeof(*layout->lane_order)),
	};
	if (!layout->nodes || !layout->lane_rows || !layout->lane_order)
		return -ENOMEM;
	error = set_columns(layout, graph);
	if (error)
		return error;
	set_rows(layout, graph);
	set_order(layout, graph);
	return 0;
}

void layout_free(struct layout *layout)
{
	free(layout->nodes);
	free(layout->lane_rows);
	free(layout->lane_order);
	*layout = (struct layout){ .columns = 0 };
}
