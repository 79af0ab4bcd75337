// SPDX-License-Identifier: GPL-2.0-only
/*
 * svg.c - the path graph as a drawing that needs nothing else: lanes for namespaces and
 * devices, time to the right, edges as wide as their packets, drops in red
 */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "render/formats.h"
#include "render/graph.h"
#include "render/layout.h"
#include "render/markup.h"
#include "render/palette.h"

#define TOP	    70.0
#define LEFT	    150.0 /* names of lanes are before it */
#define MARGIN	    12.0
#define NODE_WIDTH  140.0
#define NODE_HEIGHT 38.0
#define COLUMN	    292.0 /* from node to node */
#define ROW	    60.0
#define LETTERS	    17 /* of a name, in a node and before a lane */

/* share/views, each line a string literal */
static const char style[] =
#include "render/graph_css.inc"
	;

struct svg {
	struct render render;
	struct graph graph;
	struct layout layout;
	double *lane_tops;
	double width, height;
};

struct point {
	double x, y;
};

static struct point node_corner(const struct svg *svg, size_t i)
{
	const struct layout_node *node = &svg->layout.nodes[i];

	return (struct point){
		LEFT + MARGIN + (double)node->column * COLUMN,
		svg->lane_tops[svg->graph.nodes[i].lane] + (ROW - NODE_HEIGHT) / 2 +
			(double)node->row * ROW,
	};
}

static bool node_is_drop(const struct graph_node *node)
{
	return node->is_end && node->end == PATH_DROPPED;
}

/* Lanes from the top down, with room between namespaces. */
static int svg_place(struct svg *svg)
{
	const struct graph *graph = &svg->graph;
	double y = TOP;
	int error = layout_make(&svg->layout, graph);

	svg->lane_tops = calloc(graph->lanes_count + 1, sizeof(*svg->lane_tops));
	if (error || !svg->lane_tops)
		return -ENOMEM;
	for (size_t i = 0; i < graph->lanes_count; i++) {
		size_t lane = svg->layout.lane_order[i];

		if (graph->lanes[lane].netns_first == lane)
			y += MARGIN + 22;
		svg->lane_tops[lane] = y;
		y += (double)svg->layout.lane_rows[lane] * ROW + 4;
	}
	svg->height = y + 2 * MARGIN;
	svg->width = LEFT + 2 * MARGIN +
		     (svg->layout.columns ? (double)(svg->layout.columns - 1) : 0) *
			     COLUMN +
		     NODE_WIDTH + MARGIN;
	return 0;
}

/* ---- lanes */

static double lane_height(const struct svg *svg, size_t lane)
{
	return (double)svg->layout.lane_rows[lane] * ROW;
}

/* Around all lanes of the namespace, which begin with lane @first. */
static void draw_netns(const struct svg *svg, size_t first)
{
	FILE *out = svg->render.out;
	double top = svg->lane_tops[first] - 22, bottom = top;

	for (size_t i = first; i < svg->graph.lanes_count; i++) {
		double end = svg->lane_tops[i] + lane_height(svg, i);

		if (svg->graph.lanes[i].netns_first == first && end > bottom)
			bottom = end;
	}
	fprintf(out,
		"<rect class=\"netns\" x=\"6\" y=\"%.0f\" width=\"%.0f\" height=\"%.0f\" "
		"rx=\"8\"/>\n<text class=\"netns-name\" x=\"16\" y=\"%.0f\">",
		top, svg->width - 12, bottom - top + 6, top + 15);
	markup_text(out, svg->graph.lanes[first].netns);
	fprintf(out, "</text>\n");
}

static void draw_lane(const struct svg *svg, size_t lane)
{
	FILE *out = svg->render.out;
	double top = svg->lane_tops[lane], height = lane_height(svg, lane);

	fprintf(out,
		"<g><rect class=\"lane\" x=\"12\" y=\"%.0f\" width=\"%.0f\" "
		"height=\"%.0f\" rx=\"5\"/><title>",
		top, svg->width - 24, height);
	markup_text(out, svg->graph.lanes[lane].device);
	fprintf(out, "</title><text x=\"20\" y=\"%.0f\">", top + ROW / 2 + 4);
	markup_text_cut(out, svg->graph.lanes[lane].device, LETTERS);
	fprintf(out, "</text></g>\n");
}

static void draw_lanes(const struct svg *svg)
{
	for (size_t i = 0; i < svg->graph.lanes_count; i++) {
		size_t lane = svg->layout.lane_order[i];

		if (svg->graph.lanes[lane].netns_first == lane)
			draw_netns(svg, lane);
		draw_lane(svg, lane);
	}
}

/* ---- nodes */

static const char *node_colour(const struct graph_node *node)
{
	if (!node->is_end)
		return palette_stage(node->stage);
	if (node->end == PATH_DROPPED)
		return PALETTE_DROP;
	return node->end == PATH_DELIVERED || node->end == PATH_TRANSMITTED ? PALETTE_GOOD
									    : PALETTE_END;
}

static void draw_title(FILE *out, const struct graph_node *node)
{
	char label[GRAPH_LABEL];

	fprintf(out, "<title>");
	markup_text(out, graph_label(label, node));
	if (node_is_drop(node)) {
		fprintf(out, " in ");
		markup_text(out, node->where);
		if (node->explanation) {
			fprintf(out, ": ");
			markup_text(out, node->explanation);
		}
	}
	fprintf(out, "</title>");
}

static void draw_node(const struct svg *svg, size_t i)
{
	const struct graph_node *node = &svg->graph.nodes[i];
	struct point corner = node_corner(svg, i);
	double middle = corner.x + NODE_WIDTH / 2;
	FILE *out = svg->render.out;
	char label[GRAPH_LABEL];

	fprintf(out, "<g%s>", node_is_drop(node) ? " class=\"bad\"" : "");
	draw_title(out, node);
	fprintf(out,
		"<rect class=\"node\" x=\"%.1f\" y=\"%.1f\" width=\"%.0f\" "
		"height=\"%.0f\" rx=\"%.0f\" fill=\"%s\"/>"
		"<text class=\"name\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"middle\">",
		corner.x, corner.y, NODE_WIDTH, NODE_HEIGHT,
		node->is_end ? NODE_HEIGHT / 2 : 5, node_colour(node), middle,
		corner.y + 16);
	markup_text_cut(out,
			node_is_drop(node) && node->name[0] ? node->name
							    : graph_label(label, node),
			LETTERS);
	fprintf(out,
		"</text><text class=\"number\" x=\"%.1f\" y=\"%.1f\" "
		"text-anchor=\"middle\">%" PRIu64,
		middle, corner.y + 31, node->packets);
	if (node_is_drop(node)) {
		fprintf(out, " in ");
		markup_text_cut(out, node->where, LETTERS - 3);
	}
	fprintf(out, "</text></g>\n");
}

/* ---- edges */

/* Wider with each power of two. */
static double edge_width(uint64_t packets)
{
	double width = 1;

	for (; packets > 1; packets /= 2)
		width += 0.45;
	return width < 9 ? width : 9;
}

/* A curve that leaves to the right and comes in from the left, also when it leads back.
 */
static void draw_curve(const struct svg *svg, const struct graph_edge *edge)
{
	bool bad = node_is_drop(&svg->graph.nodes[edge->to]);
	struct point from = node_corner(svg, edge->from), to = node_corner(svg, edge->to);
	double bend, x2, y2 = to.y + NODE_HEIGHT / 2;
	FILE *out = svg->render.out;

	from.x += NODE_WIDTH;
	from.y += NODE_HEIGHT / 2;
	x2 = to.x - 8;
	bend = x2 > from.x ? (x2 - from.x) * 0.45 : 90;
	fprintf(out,
		"<path class=\"edge%s\" stroke-width=\"%.2f\" d=\"M%.1f %.1fC%.1f %.1f "
		"%.1f %.1f %.1f %.1f\"/>"
		"<path class=\"arrow%s\" d=\"M%.1f %.1fl-9 -4.5v9z\"/>",
		bad ? " bad" : "", edge_width(edge->packets), from.x, from.y,
		from.x + bend, from.y, x2 - bend, y2, x2, y2, bad ? " bad" : "",
		to.x - 0.5, y2);
}

/* Above the arrow, below it, above, ... */
static double label_offset(size_t number)
{
	return number % 2 ? 13 + 6 * (double)(number - 1) : -5 - 6 * (double)number;
}

/* Before the node that it leads to, where edges to different nodes are apart. */
static void draw_label(const struct svg *svg, struct graph_edge *edge, size_t number)
{
	bool bad = node_is_drop(&svg->graph.nodes[edge->to]);
	struct point to = node_corner(svg, edge->to);
	char median[MARKUP_TIME], p99[MARKUP_TIME];

	markup_time(median, graph_percentile(edge, 50));
	markup_time(p99, graph_percentile(edge, 99));
	fprintf(svg->render.out,
		"<text class=\"label%s\" x=\"%.1f\" y=\"%.1f\" "
		"text-anchor=\"end\">%" PRIu64 ": %s, p99 %s</text>\n",
		bad ? " bad" : "", to.x - 14,
		to.y + NODE_HEIGHT / 2 + label_offset(number), edge->packets, median,
		p99);
}

/* The words are on top of all curves. */
static int draw_edges(const struct svg *svg)
{
	const struct graph *graph = &svg->graph;
	/* How many labels stand before a node by now. */
	size_t *labels = calloc(graph->nodes_count + 1, sizeof(*labels));

	if (!labels)
		return -ENOMEM;
	for (size_t i = 0; i < graph->edges_count; i++)
		draw_curve(svg, &graph->edges[i]);
	for (size_t i = 0; i < graph->edges_count; i++)
		draw_label(svg, &graph->edges[i], labels[graph->edges[i].to]++);
	free(labels);
	return 0;
}

static void draw_head(const struct svg *svg)
{
	const struct graph *graph = &svg->graph;
	FILE *out = svg->render.out;

	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
		"width=\"%.0f\" height=\"%.0f\">\n<title>bpfpath: ways of "
		"packets</title>\n"
		"<style>\n%s</style>\n",
		svg->width, svg->height, svg->width, svg->height, style);
	fprintf(out,
		"<text class=\"title\" x=\"16\" y=\"32\">Ways of %" PRIu64 " packet%s",
		graph->paths, graph->paths == 1 ? "" : "s");
	if (graph->drops)
		fprintf(out, ", %" PRIu64 " dropped", graph->drops);
	fprintf(out,
		"</text>\n<text class=\"quiet\" x=\"16\" y=\"54\">boxes: %s, and how "
		"often "
		"packets were there; arrows: packets, median and 99th percentile of "
		"the time</text>\n",
		graph->by_function ? "functions" : "parts of the stack");
}

/* ---- the format */

static int svg_path(struct render *render, const struct path *path)
{
	return graph_add(&((struct svg *)render)->graph, path);
}

static int svg_finish(struct render *render)
{
	struct svg *svg = (struct svg *)render;
	int error = svg_place(svg);

	if (error)
		return error;
	draw_head(svg);
	draw_lanes(svg);
	error = draw_edges(svg);
	for (size_t i = 0; i < svg->graph.nodes_count; i++)
		draw_node(svg, i);
	fprintf(render->out, "</svg>\n");
	return error;
}

static void svg_free(struct render *render)
{
	struct svg *svg = (struct svg *)render;

	graph_close(&svg->graph);
	layout_free(&svg->layout);
	free(svg->lane_tops);
	free(svg);
}

static struct render *svg_new(FILE *out, const struct render_options *options)
{
	struct svg *svg = calloc(1, sizeof(*svg));

	if (!svg)
		return NULL;
	svg->render = (struct render){ .ops = &render_svg_ops, .out = out };
	if (!graph_open(&svg->graph, options->by_function))
		return &svg->render;
	svg_free(&svg->render);
	return NULL;
}

const struct render_ops render_svg_ops = {
	.name = "svg",
	.help = "all paths as one graph, drawn",
	.takes = RENDER_NODES,
	.at_end = true,
	.path = svg_path,
	.finish = svg_finish,
	.free = svg_free,
	.new = svg_new,
};
