// SPDX-License-Identifier: GPL-2.0-only
#include "render/graph.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "render/place.h"

/* Room for one more of @size bytes; it doubles from one on. NULL without memory. */
static void *list_grow(void **list, size_t count, size_t size)
{
	void *grown;

	if (count & (count - 1))
		return (char *)*list + count * size;
	grown = reallocarray(*list, count ? 2 * count : 1, size);
	if (!grown)
		return NULL;
	*list = grown;
	return (char *)grown + count * size;
}

int graph_open(struct graph *graph, bool by_function)
{
	*graph = (struct graph){ .names = strings_new(), .by_function = by_function };
	return graph->names ? 0 : -ENOMEM;
}

void graph_close(struct graph *graph)
{
	for (size_t i = 0; i < graph->edges_count; i++)
		free(graph->edges[i].times);
	free(graph->lanes);
	free(graph->nodes);
	free(graph->edges);
	strings_free(graph->names);
	*graph = (struct graph){ .names = NULL };
}

/* ---- lanes */

static bool lane_is_at(const struct graph_lane *lane, const struct step *step,
		       const char *device)
{
	return lane->netns_inode == step->netns && lane->device == device;
}

static int lane_add(struct graph *graph, const struct step *step, const char *netns,
		    const char *device)
{
	struct graph_lane *lane = list_grow((void **)&graph->lanes, graph->lanes_count,
					    sizeof(*lane));

	if (!lane)
		return -ENOMEM;
	*lane = (struct graph_lane){ step->netns, netns, device, 0 };
	while (graph->lanes[lane->netns_first].netns_inode != step->netns)
		lane->netns_first++;
	graph->lanes_count++;
	return 0;
}

static int lane_of(struct graph *graph, const struct step *step, size_t *lane)
{
	char name[PLACE_NAME];
	const char *device = strings_intern(graph->names, place_device(name, step));
	const char *netns = strings_intern(graph->names, place_netns(name, step));

	if (!device || !netns)
		return -ENOMEM;
	for (*lane = 0; *lane < graph->lanes_count; (*lane)++) {
		if (lane_is_at(&graph->lanes[*lane], step, device))
			return 0;
	}
	return lane_add(graph, step, netns, device);
}

/* ---- nodes */

static bool node_is(const struct graph_node *a, const struct graph_node *b)
{
	return a->lane == b->lane && a->name == b->name && a->is_end == b->is_end &&
	       a->end == b->end && a->where == b->where;
}

/* The index of a node like @like, which may be new. */
static int node_of(struct graph *graph, const struct graph_node *like, size_t *index)
{
	struct graph_node *node;

	for (*index = 0; *index < graph->nodes_count; (*index)++) {
		if (node_is(&graph->nodes[*index], like))
			return 0;
	}
	node = list_grow((void **)&graph->nodes, graph->nodes_count, sizeof(*node));
	if (!node)
		return -ENOMEM;
	*node = *like;
	node->first_edge = GRAPH_NONE;
	graph->nodes_count++;
	return 0;
}

static int node_of_step(struct graph *graph, const struct step *step, size_t *index)
{
	struct graph_node like = { .stage = step->stage };
	int error = lane_of(graph, step, &like.lane);

	like.name = strings_intern(graph->names,
				   graph->by_function ? step->func : step->stage);
	if (error || !like.name)
		return -ENOMEM;
	return node_of(graph, &like, index);
}

static int node_of_end(struct graph *graph, const struct path *path, size_t *index)
{
	struct graph_node like = {
		.is_end = true,
		.end = path->end,
		.stage = "other",
		.explanation = path_explanation(path),
		.where = strings_intern(graph->names, path_where(path)),
		.name = strings_intern(graph->names, path->reason ? path->reason : ""),
	};

	if (!like.where || !like.name ||
	    lane_of(graph, &path->steps[path->count - 1], &like.lane))
		return -ENOMEM;
	if (path->end != PATH_DROPPED)
		like.where = like.name; /* wherever it was */
	return node_of(graph, &like, index);
}

/* ---- edges */

static int edge_of(struct graph *graph, size_t from, size_t to, struct graph_edge **out)
{
	size_t i = graph->nodes[from].first_edge;
	struct graph_edge *edge;

	while (i != GRAPH_NONE && graph->edges[i].to != to)
		i = graph->edges[i].next;
	if (i == GRAPH_NONE) {
		edge = list_grow((void **)&graph->edges, graph->edges_count,
				 sizeof(*edge));
		if (!edge)
			return -ENOMEM;
		*edge = (struct graph_edge){ .from = from, .to = to, .stride = 1 };
		edge->next = graph->nodes[from].first_edge;
		i = graph->edges_count++;
		graph->nodes[from].first_edge = i;
	}
	*out = &graph->edges[i];
	return 0;
}

static int edge_count(struct graph_edge *edge, uint64_t time)
{
	uint64_t *slot;

	if (edge->packets++ % edge->stride)
		return 0;
	if (edge->times_count == GRAPH_TIMES) {
		edge->times_count /= 2;
		edge->stride *= 2;
		for (size_t i = 0; i < edge->times_count; i++)
			edge->times[i] = edge->times[2 * i];
	}
	slot = list_grow((void **)&edge->times, edge->times_count, sizeof(*slot));
	if (!slot)
		return -ENOMEM;
	*slot = time;
	edge->times_count++;
	return 0;
}

static int time_compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

uint64_t graph_percentile(struct graph_edge *edge, unsigned int percent)
{
	size_t rank = (edge->times_count * percent + 99) / 100;

	qsort(edge->times, edge->times_count, sizeof(*edge->times), time_compare);
	return edge->times[rank ? rank - 1 : 0];
}

/* ---- paths */

static int graph_go(struct graph *graph, size_t from, size_t to, uint64_t time)
{
	struct graph_edge *edge;
	int error = edge_of(graph, from, to, &edge);

	return error ? error : edge_count(edge, time);
}

static int graph_end(struct graph *graph, const struct path *path, size_t last,
		     uint64_t since)
{
	size_t node;
	int error = node_of_end(graph, path, &node);

	if (error)
		return error;
	graph->nodes[node].packets++;
	graph->drops += path->end == PATH_DROPPED;
	return graph_go(graph, last, node, path->steps[path->count - 1].time - since);
}

/* That it is freed is told by its end, unless there is nothing else. */
static size_t steps_before_end(const struct path *path)
{
	size_t count = path->count;

	while (count > 1 && path->steps[count - 1].role == STAGE_ROLE_FREE)
		count--;
	return count;
}

int graph_add(struct graph *graph, const struct path *path)
{
	size_t last = GRAPH_NONE, node;
	uint64_t since = 0;
	int error = 0;

	for (size_t i = 0; !error && i < steps_before_end(path); i++) {
		const struct step *step = &path->steps[i];

		error = node_of_step(graph, step, &node);
		if (error || node == last)
			continue;
		graph->nodes[node].packets++;
		if (last != GRAPH_NONE)
			error = graph_go(graph, last, node, step->time - since);
		last = node;
		since = step->time;
	}
	graph->paths++;
	if (error || last == GRAPH_NONE)
		return error;
	return graph_end(graph, path, last, since);
}

const char *graph_label(char text[GRAPH_LABEL], const struct graph_node *node)
{
	if (node->is_end)
		snprintf(text, GRAPH_LABEL, "%s%s%s", path_end_name(node->end),
			 node->name[0] ? ": " : "", node->name);
	else
		snprintf(text, GRAPH_LABEL, "%s", node->name);
	return text;
}
