// SPDX-License-Identifier: GPL-2.0-only
/*
 * dot.c - the path graph for Graphviz: clusters are namespaces, in them devices
 *
 * Labels are quoted strings, in which a backslash, a quote and an ampersand mean
 * something: "The DOT Language", graphviz.org.
 */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "render/escape.h"
#include "render/formats.h"
#include "render/graph.h"
#include "render/markup.h"
#include "render/palette.h"

struct dot {
	struct render render;
	struct graph graph;
};

static void print_label(FILE *out, const char *text)
{
	char safe[ESCAPE_SIZE(GRAPH_LABEL)];

	escape_terminal(safe, sizeof(safe), text);
	for (const char *at = safe; *at; at++) {
		if (*at == '\\' || *at == '"')
			fprintf(out, "\\%c", *at);
		else if (*at == '&')
			fputs("&amp;", out);
		else
			fputc(*at, out);
	}
}

static const char *end_colour(enum path_end end)
{
	switch (end) {
	case PATH_DROPPED:
		return PALETTE_DROP;
	case PATH_DELIVERED:
	case PATH_TRANSMITTED:
		return PALETTE_GOOD;
	default:
		return PALETTE_END;
	}
}

static void print_node(FILE *out, const struct graph_node *node, size_t index)
{
	bool drop = node->is_end && node->end == PATH_DROPPED;
	char label[GRAPH_LABEL];

	fprintf(out, "\t\t\tn%zu [label=\"", index);
	print_label(out, graph_label(label, node));
	if (drop) {
		fprintf(out, "\\nin ");
		print_label(out, node->where);
	}
	fprintf(out, "\\n%" PRIu64 "\", fillcolor=\"%s\"%s%s];\n", node->packets,
		node->is_end ? end_colour(node->end) : palette_stage(node->stage),
		node->is_end ? ", shape=ellipse" : "",
		drop ? ", fontcolor=\"#ffffff\"" : "");
}

static void print_lane(FILE *out, const struct graph *graph, size_t lane)
{
	fprintf(out, "\t\tsubgraph cluster_device%zu {\n\t\t\tlabel=\"", lane);
	print_label(out, graph->lanes[lane].device);
	fprintf(out, "\"; style=\"rounded,filled\"; fillcolor=\"#ffffff\";\n");
	for (size_t i = 0; i < graph->nodes_count; i++) {
		if (graph->nodes[i].lane == lane)
			print_node(out, &graph->nodes[i], i);
	}
	fprintf(out, "\t\t}\n");
}

static void print_netns(FILE *out, const struct graph *graph, size_t first)
{
	fprintf(out, "\tsubgraph cluster_netns%zu {\n\t\tlabel=\"", first);
	print_label(out, graph->lanes[first].netns);
	fprintf(out, "\"; style=\"rounded,filled\"; fillcolor=\"#eef1f5\";\n");
	for (size_t lane = first; lane < graph->lanes_count; lane++) {
		if (graph->lanes[lane].netns_first == first)
			print_lane(out, graph, lane);
	}
	fprintf(out, "\t}\n");
}

/* As wide as the number has digits. */
static double edge_width(uint64_t packets)
{
	double width = 0.8;

	for (; packets >= 10; packets /= 10)
		width += 1.2;
	return width + (double)packets * 0.12;
}

static void print_edge(FILE *out, const struct graph *graph, struct graph_edge *edge)
{
	const struct graph_node *to = &graph->nodes[edge->to];
	char median[MARKUP_TIME], p99[MARKUP_TIME];
	bool drop = to->is_end && to->end == PATH_DROPPED;

	markup_time(median, graph_percentile(edge, 50));
	markup_time(p99, graph_percentile(edge, 99));
	fprintf(out,
		"\tn%zu -> n%zu [label=\"%" PRIu64
		"\\n%s, p99 %s\", penwidth=%.1f, weight=%d%s];\n",
		edge->from, edge->to, edge->packets, median, p99,
		edge_width(edge->packets), edge->packets > 1000 ? 10 : 1,
		drop ? ", color=\"" PALETTE_DROP "\", fontcolor=\"" PALETTE_DROP "\""
		     : "");
}

static int dot_path(struct render *render, const struct path *path)
{
	return graph_add(&((struct dot *)render)->graph, path);
}

static int dot_finish(struct render *render)
{
	struct graph *graph = &((struct dot *)render)->graph;
	FILE *out = render->out;

	fprintf(out, "digraph bpfpath {\n"
		     "\trankdir=LR; nodesep=0.3; ranksep=0.7; fontname=\"sans-serif\";\n"
		     "\tnode [shape=box, style=\"rounded,filled\", "
		     "fontname=\"sans-serif\", fontsize=12];\n"
		     "\tedge [fontname=\"sans-serif\", fontsize=9, color=\"#57606a\", "
		     "fontcolor=\"#57606a\"];\n");
	for (size_t i = 0; i < graph->lanes_count; i++) {
		if (graph->lanes[i].netns_first == i)
			print_netns(out, graph, i);
	}
	for (size_t i = 0; i < graph->edges_count; i++)
		print_edge(out, graph, &graph->edges[i]);
	fprintf(out, "}\n");
	return 0;
}

static void dot_free(struct render *render)
{
	graph_close(&((struct dot *)render)->graph);
	free(render);
}

static struct render *dot_new(FILE *out, const struct render_options *options)
{
	struct dot *dot = calloc(1, sizeof(*dot));

	if (!dot)
		return NULL;
	dot->render = (struct render){ .ops = &render_dot_ops, .out = out };
	if (!graph_open(&dot->graph, options->by_function))
		return &dot->render;
	dot_free(&dot->render);
	return NULL;
}

const struct render_ops render_dot_ops = {
	.name = "dot",
	.help = "all paths as one graph, for Graphviz",
	.takes = RENDER_NODES,
	.at_end = true,
	.path = dot_path,
	.finish = dot_finish,
	.free = dot_free,
	.new = dot_new,
};
