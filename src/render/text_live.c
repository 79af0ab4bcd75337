// SPDX-License-Identifier: GPL-2.0-only
/*
 * text_live.c - one line per step, as it comes, and one for the packet and for its end
 *
 *	#1     icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84
 *	#1         0.000  red   eth0    ip_output         ip     0  ping/1234
 *	#1     delivered to ping_rcv in blue after 23 steps, 61.200 us
 *
 * What is known only later, when the path has ended, is not here: return values,
 * places that are inferred from those behind them.
 */
#include <inttypes.h>

#include "render/text.h"

#define NUMBER_WIDTH 6

static void print_number(FILE *out, const struct path *path)
{
	fprintf(out, "#%-*" PRIu64, NUMBER_WIDTH - 1, path->id);
}

static const struct flow *flow_before(const struct path *path, size_t i)
{
	while (i-- > 0) {
		if (path->steps[i].flow)
			return path->steps[i].flow;
	}
	return NULL;
}

/* Has the packet other addresses or ports than before? At first it has. */
static bool flow_is_new(const struct path *path, size_t i)
{
	const struct flow *before = flow_before(path, i);

	if (i == 0)
		return true;
	return path->steps[i].flow &&
	       (!before || !flow_same_tuple(before, path->steps[i].flow));
}

static void print_flow(const struct text *text, const struct path *path, size_t i)
{
	const struct flow *flow = path->steps[i].flow ?: &path->flow;
	FILE *out = text->render.out;
	char line[512];

	flow_print(flow, line, sizeof(line));
	text_begin(text, TEXT_BOLD);
	print_number(out, path);
	fprintf(out, " %s", line);
	if (i == 0 && path->lineage.maker) {
		fprintf(out, ", ");
		text_parent(out, &path->lineage);
	}
	text_end(text, TEXT_BOLD);
	fprintf(out, "\n");
}

int text_live_step(struct render *render, const struct path *path, size_t i)
{
	const struct text *text = (const struct text *)render;

	if (flow_is_new(path, i))
		print_flow(text, path, i);
	print_number(render->out, path);
	columns_step(text, path, i);
	fprintf(render->out, "\n");
	return 0;
}

int text_live_end(struct render *render, const struct path *path)
{
	const struct text *text = (const struct text *)render;

	print_number(render->out, path);
	fprintf(render->out, " ");
	text_outcome(text, path);
	if (!path->complete) {
		fprintf(render->out, "; ");
		text_doubts(text, path);
	}
	fprintf(render->out, "\n");
	return 0;
}
