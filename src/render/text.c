// SPDX-License-Identifier: GPL-2.0-only
/*
 * text.c - for people: a block per packet
 *
 *	#1 icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84, conversation 1
 *	         us        +us  function       stage   cpu  process
 *	  [red] eth0
 *	      0.000             tc egress      tc        0  ping/1234
 *	      2.104     +2.104  net_dev_queue  xmit      0  ping/1234
 *	  delivered to ping_rcv in blue after 23 steps, 61.200 us, ...
 */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "render/formats.h"
#include "render/text.h"
#include "render/text_changes.h"

static const struct render_ops text_short_ops, text_live_ops;

#define COLUMNS_BLOCK "time,delta,inside,function,stage,cpu,process"
#define COLUMNS_LIVE  "time,netns,device,function,stage,cpu,process"

/*
 * "  -> #3 #4": the branches that began after the step and before the next one,
 * of those from @branch on. Returns the first that is left.
 */
static size_t print_branches(FILE *out, const struct path *path, size_t i, size_t branch)
{
	const struct relatives *branches = &path->lineage.branches;
	const char *before = "  ->";

	for (; branch < branches->count; branch++, before = "") {
		if (i + 1 < path->count &&
		    branches->list[branch].time >= path->steps[i + 1].time)
			break;
		fprintf(out, "%s #%" PRIu64, before, branches->list[branch].id);
	}
	return branch;
}

static void print_members(FILE *out, const struct relatives *members)
{
	if (!members->count)
		return;
	fprintf(out, "  merged into this one:");
	for (size_t i = 0; i < members->count; i++)
		fprintf(out, " #%" PRIu64, members->list[i].id);
	fprintf(out, "\n");
}

/* ---- steps */

static void print_heading(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;

	text_packet(text, path);
	text_origin(out, "\n  ", path);
	fprintf(out, "\n");
	columns_heading(text);
	fprintf(out, "\n");
}

/* Between two steps. */
static void print_waited(const struct text *text, const struct path *path, size_t i)
{
	FILE *out = text->render.out;

	if (!path_waited(path, i))
		return;
	fprintf(out, "%*s", columns_indent(&text->columns), "");
	text_waited(out, ". ", path, i);
	fprintf(out, "\n");
}

/* Between two steps, as the first of them did it. */
static void print_changes(const struct text *text, const struct step *step)
{
	FILE *out = text->render.out;

	text_begin(text, TEXT_BOLD);
	text_changes(out, step, columns_indent(&text->columns));
	text_end(text, TEXT_BOLD);
	fprintf(out, "\n");
}

/* "  [blue] eth0" */
static void print_place(const struct text *text, const struct step *step)
{
	fprintf(text->render.out, "  ");
	text_begin(text, TEXT_BOLD);
	text_place(text->render.out, step);
	text_end(text, TEXT_BOLD);
	fprintf(text->render.out, "\n");
}

static void print_steps(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;
	size_t branch = 0;

	for (size_t i = 0; i < path->count; i++) {
		const struct step *step = &path->steps[i];

		print_waited(text, path, i);
		if (step->changes)
			print_changes(text, step);
		if (i == 0 || place_changed(step, step - 1))
			print_place(text, step);
		columns_step(text, path, i);
		branch = print_branches(out, path, i, branch);
		fprintf(out, "\n");
	}
}

/* ---- the end */

/* ", 3 namespaces, 4 devices" */
static void print_places(FILE *out, const struct path *path)
{
	size_t netns = path_netns_count(path), devices = path_device_count(path);

	if (netns) {
		fprintf(out, ", ");
		text_count(out, netns, "namespace", "namespaces");
	}
	if (devices) {
		fprintf(out, ", ");
		text_count(out, devices, "device", "devices");
	}
	fprintf(out, "\n");
}

/* "    the destination MAC address is another host's: ..." */
static void print_explanation(FILE *out, const struct path *path)
{
	const char *explanation = path_explanation(path);

	if (explanation)
		fprintf(out, "    %s\n", explanation);
}

static void print_end(const struct text *text, const struct path *path)
{
	FILE *out = text->render.out;

	print_members(out, &path->lineage.members);
	fprintf(out, "  ");
	text_outcome(text, path);
	print_places(out, path);
	print_explanation(out, path);
	if (path->complete)
		return;
	fprintf(out, "  ");
	text_doubts(text, path);
	fprintf(out, "\n");
}

/* ---- the format */

static int text_path(struct render *render, const struct path *path)
{
	struct text *text = (struct text *)render;

	columns_fit(&text->columns, path);
	print_heading(text, path);
	print_steps(text, path);
	print_end(text, path);
	fprintf(render->out, "\n");
	return 0;
}

static void text_free(struct render *render)
{
	phrases_free(&((struct text *)render)->names);
	free(render);
}

/* The forms differ in their ops only. */
static struct render *text_new(FILE *out, const struct render_options *options)
{
	const char *columns = options->live ? COLUMNS_LIVE : COLUMNS_BLOCK;
	struct text *text = calloc(1, sizeof(*text));

	if (!text)
		return NULL;
	text->render.ops = options->live    ? &text_live_ops
			   : options->brief ? &text_short_ops
					    : &render_text_ops;
	text->render.out = out;
	text->colour = options->colour;
	columns_read(&text->columns, options->columns ?: columns);
	text->columns.names = &text->names;
	if (options->live)
		columns_fix(&text->columns);
	return &text->render;
}

const struct render_ops render_text_ops = {
	.name = "text",
	.help = "a block of lines per packet, for people",
	.takes = RENDER_SHORT | RENDER_LIVE | RENDER_COLUMNS,
	.path = text_path,
	.free = text_free,
	.new = text_new,
};

static const struct render_ops text_short_ops = {
	.name = "text",
	.path = text_short,
	.free = text_free,
};

static const struct render_ops text_live_ops = {
	.name = "text",
	.path = text_live_end,
	.step = text_live_step,
	.free = text_free,
};
