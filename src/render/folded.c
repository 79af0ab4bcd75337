// SPDX-License-Identifier: GPL-2.0-only
/*
 * folded.c - collapsed stacks, as flamegraph.pl and speedscope read them
 *
 *	red;eth0;xmit;net_dev_queue 12
 */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "render/escape.h"
#include "render/formats.h"
#include "render/place.h"
#include "render/stacks.h"

struct folded {
	struct render render;
	struct stacks stacks;
};

/* A semicolon would be the end of the frame. */
static void print_frame(FILE *out, const char *name)
{
	char text[ESCAPE_SIZE(PLACE_NAME)], *at = text;

	escape_terminal(text, sizeof(text), name);
	for (char *end; (end = strchr(at, ';')); at = end + 1)
		fprintf(out, "%.*s\\x3b", (int)(end - at), at);
	fputs(at, out);
}

static void print_stack(FILE *out, const struct frame *const *stack, size_t depth,
			uint64_t weight)
{
	for (size_t i = 0; i < depth; i++) {
		if (i)
			fputc(';', out);
		print_frame(out, stack[i]->name);
	}
	fprintf(out, " %" PRIu64 "\n", weight);
}

/* @stack has room for one more. */
static void print_below(FILE *out, const struct frame **stack, size_t depth,
			const struct frame *frame)
{
	for (; frame; frame = frame->next) {
		stack[depth] = frame;
		if (frame->self)
			print_stack(out, stack, depth + 1, frame->self);
		print_below(out, stack, depth + 1, frame->below);
	}
}

static int folded_path(struct render *render, const struct path *path)
{
	return stacks_add(&((struct folded *)render)->stacks, path);
}

static int folded_finish(struct render *render)
{
	struct folded *folded = (struct folded *)render;
	const struct frame *stack[STACKS_DEPTH + 4];

	stacks_finish(&folded->stacks);
	print_below(render->out, stack, 0, folded->stacks.all.below);
	return 0;
}

static void folded_free(struct render *render)
{
	stacks_close(&((struct folded *)render)->stacks);
	free(render);
}

static struct render *folded_new(FILE *out, const struct render_options *options)
{
	struct folded *folded = calloc(1, sizeof(*folded));

	if (!folded)
		return NULL;
	folded->render = (struct render){ .ops = &render_folded_ops, .out = out };
	if (!stacks_open(&folded->stacks, options->by_time))
		return &folded->render;
	folded_free(&folded->render);
	return NULL;
}

const struct render_ops render_folded_ops = {
	.name = "folded",
	.help = "collapsed stacks for flamegraph.pl and speedscope",
	.takes = RENDER_WEIGHT,
	.at_end = true,
	.path = folded_path,
	.finish = folded_finish,
	.free = folded_free,
	.new = folded_new,
};
