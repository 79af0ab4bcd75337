// SPDX-License-Identifier: GPL-2.0-only
/*
 * flame.c - a flame graph as one SVG that needs nothing else: namespaces on top, devices
 * below them, then stages and functions, each as wide as its weight
 *
 * A click, or Enter, zooms; Escape goes back; "/" searches: share/views/flame.js. What
 * draws without scripts shows the whole.
 */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "path/stage.h"
#include "render/formats.h"
#include "render/markup.h"
#include "render/palette.h"
#include "render/stacks.h"

#define LEFT   10.0
#define WIDTH  1180.0 /* of the frame of everything */
#define TOP    64.0
#define ROW    20.0
#define LETTER 7.3 /* the same in flame.js */

/* share/views, each line a string literal */
static const char style[] =
#include "render/flame_css.inc"
	;
static const char script[] =
#include "render/flame_js.inc"
	;

struct flame {
	struct render render;
	struct stacks stacks;
};

/* Where a frame is: a part of the whole, from 0 to 1, in a row from 0. */
struct spot {
	double x, width;
	size_t depth;
};

/* Depth 0 is everything, 1 are namespaces, 2 devices, 3 stages or functions. */
static const char *frame_colour(const struct frame *frame, size_t depth)
{
	if (depth == 0)
		return "#dfe3e8";
	if (depth == 1)
		return PALETTE_NETNS;
	if (depth == 2)
		return PALETTE_DEVICE;
	if (depth == 3 && palette_find(frame->name))
		return palette_find(frame->name);
	return palette_stage(stage_lookup(frame->name).name);
}

static void print_weight(FILE *out, const struct stacks *stacks, uint64_t weight)
{
	char text[MARKUP_TIME];

	if (stacks->by_time)
		fprintf(out, "%s", markup_time(text, weight));
	else
		fprintf(out, "%" PRIu64 " step%s", weight, weight == 1 ? "" : "s");
}

static void draw_frame(const struct flame *flame, const struct frame *frame,
		       const struct spot *spot)
{
	FILE *out = flame->render.out;
	double x = LEFT + spot->x * WIDTH, y = TOP + (double)spot->depth * ROW;
	double width = spot->width * WIDTH;

	fprintf(out,
		"<g class=\"frame\" tabindex=\"0\" data-x=\"%.9f\" data-w=\"%.9f\" "
		"data-depth=\"%zu\" data-name=\"",
		spot->x, spot->width, spot->depth);
	markup_text(out, frame->name);
	fprintf(out, "\"><title>");
	markup_text(out, frame->name);
	fprintf(out, ": ");
	print_weight(out, &flame->stacks, frame->total);
	fprintf(out, ", %.2f %%</title>", 100 * spot->width);
	fprintf(out,
		"<rect x=\"%.2f\" y=\"%.0f\" width=\"%.2f\" height=\"%.0f\" rx=\"2\" "
		"fill=\"%s\"/>",
		x, y, width < 0.3 ? 0.3 : width, ROW - 1,
		frame_colour(frame, spot->depth));
	fprintf(out, "<text x=\"%.2f\" y=\"%.0f\">", x + 3, y + 14);
	if (width >= 6 + 2 * LETTER)
		markup_text_cut(out, frame->name, (size_t)((width - 6) / LETTER));
	fprintf(out, "</text></g>\n");
}

static void draw_frames(const struct flame *flame, const struct frame *frame,
			const struct spot *spot)
{
	struct spot next = { spot->x, 0, spot->depth + 1 };

	draw_frame(flame, frame, spot);
	for (frame = frame->below; frame; frame = frame->next) {
		next.width = (double)frame->total / (double)flame->stacks.all.total;
		if (frame->total)
			draw_frames(flame, frame, &next);
		next.x += next.width;
	}
}

static void draw_head(const struct flame *flame)
{
	const struct stacks *stacks = &flame->stacks;
	FILE *out = flame->render.out;
	double height = TOP + (double)(stacks->depth + 1) * ROW + 10;

	fprintf(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1200 %.0f\" "
		"width=\"1200\" height=\"%.0f\">\n<title>bpfpath: where packets "
		"%s</title>\n"
		"<style>\n%s</style>\n",
		height, height, stacks->by_time ? "spend their time" : "were seen",
		style);
	fprintf(out, "<text class=\"title outside\" x=\"10\" y=\"26\">Where packets %s: ",
		stacks->by_time ? "spend their time" : "were seen");
	print_weight(out, stacks, stacks->all.total);
	fprintf(out, " of %" PRIu64 " path%s</text>\n", stacks->paths,
		stacks->paths == 1 ? "" : "s");
	fprintf(out,
		"<text class=\"outside button\" id=\"search\" x=\"1190\" y=\"26\" "
		"text-anchor=\"end\">search (/)</text>\n"
		"<text class=\"outside button hidden\" id=\"reset\" x=\"1190\" y=\"48\" "
		"text-anchor=\"end\">whole (Esc)</text>\n"
		"<text class=\"quiet\" id=\"details\" x=\"10\" y=\"48\">"
		"namespace, device, stage, function; a click zooms</text>\n");
}

static int flame_path(struct render *render, const struct path *path)
{
	return stacks_add(&((struct flame *)render)->stacks, path);
}

static int flame_finish(struct render *render)
{
	const struct spot whole = { 0, 1, 0 };
	struct flame *flame = (struct flame *)render;

	stacks_finish(&flame->stacks);
	flame->stacks.all.name = "all";
	draw_head(flame);
	draw_frames(flame, &flame->stacks.all, &whole);
	fprintf(render->out, "<script><![CDATA[\n%s]]></script>\n</svg>\n", script);
	return 0;
}

static void flame_free(struct render *render)
{
	stacks_close(&((struct flame *)render)->stacks);
	free(render);
}

static struct render *flame_new(FILE *out, const struct render_options *options)
{
	struct flame *flame = calloc(1, sizeof(*flame));

	if (!flame)
		return NULL;
	flame->render = (struct render){ .ops = &render_flame_ops, .out = out };
	if (!stacks_open(&flame->stacks, options->by_time))
		return &flame->render;
	flame_free(&flame->render);
	return NULL;
}

const struct render_ops render_flame_ops = {
	.name = "flame",
	.help = "a flame graph: an SVG that zooms and searches",
	.takes = RENDER_WEIGHT,
	.at_end = true,
	.path = flame_path,
	.finish = flame_finish,
	.free = flame_free,
	.new = flame_new,
};
