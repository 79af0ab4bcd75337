// SPDX-License-Identifier: GPL-2.0-only
/*
 * text_live.c - one line per step, as it comes, and one for the packet and for its end
 *
 *	#1     icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84
 *	#1         0.000  red   eth0    ip_output         ip     0  ping/1234
 *	#1     ip_output via 10.9.0.2 dev eth0
 *	#1     ip_output = 0 after 2.125 us
 *	#1     ~ ttl 64 -> 63
 *	#1     delivered to ping_rcv in blue after 23 steps, 61.200 us
 *
 * What is known only when the path has ended is not here: places that are inferred from
 * those behind them. That it is a retransmission is known after some steps, and told with
 * the end. A return comes when it does, a change before the step that has it.
 */
#include <inttypes.h>

#include "render/escape.h"
#include "render/text.h"
#include "render/text_changes.h"

#define NUMBER_WIDTH 6
#define NAME_SIZE    600 /* of a function, what it knew and returned, as they are shown */

static void print_number(FILE *out, const struct path *path)
{
	fprintf(out, "#%-*" PRIu64, NUMBER_WIDTH - 1, path->id);
}

/* At first it is, and where the first headers come. */
static bool flow_is_new(const struct path *path, size_t i)
{
	if (i > 0 && !path->steps[i].flow)
		return false;
	while (i-- > 0) {
		if (path->steps[i].flow)
			return false;
	}
	return true;
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
	if (i == 0 && !relation_is_packet(path->lineage.relation))
		text_origin(out, ", ", path);
	text_end(text, TEXT_BOLD);
	fprintf(out, "\n");
}

static void print_changes(const struct text *text, const struct path *path, size_t i)
{
	text_begin(text, TEXT_BOLD);
	print_number(text->render.out, path);
	fprintf(text->render.out, " ");
	text_changes(text->render.out, &path->steps[i], TEXT_CHANGES_LINE);
	text_end(text, TEXT_BOLD);
	fprintf(text->render.out, "\n");
}

/* "nf_hook_slow = DROP after 1.250 us"; nothing where there is nothing to tell. */
static void print_return(FILE *out, const struct path *path, const struct step *step)
{
	uint64_t ns = step->returned - step->time;
	char name[NAME_SIZE], result[NAME_SIZE];

	if (!columns_result(result, sizeof(result), step))
		return;
	escape_terminal(name, sizeof(name), step->func);
	print_number(out, path);
	fprintf(out, " %s%s after %" PRIu64 ".%03" PRIu64 " us\n", name, result,
		ns / 1000, ns % 1000);
}

/* "nft_do_chain filter.INPUT" */
static void print_detail(FILE *out, const struct path *path, const struct step *step)
{
	char name[NAME_SIZE], detail[NAME_SIZE];

	columns_detail(detail, sizeof(detail), step);
	escape_terminal(name, sizeof(name), step->func);
	print_number(out, path);
	fprintf(out, " %s%s\n", name, detail);
}

static void print_waited(FILE *out, const struct path *path, size_t i)
{
	if (!path_waited(path, i))
		return;
	print_number(out, path);
	text_waited(out, " ", path, i);
	fprintf(out, "\n");
}

int text_live_step(struct render *render, const struct path *path, size_t i)
{
	const struct text *text = (const struct text *)render;

	if (path->steps[i].returned) {
		print_return(render->out, path, &path->steps[i]);
		return 0;
	}
	if (path->steps[i].detail) {
		print_detail(render->out, path, &path->steps[i]);
		return 0;
	}
	print_waited(render->out, path, i);
	if (path->steps[i].changes)
		print_changes(text, path, i);
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
	if (relation_is_packet(path->lineage.relation))
		text_origin(render->out, ", ", path);
	if (!path->complete) {
		fprintf(render->out, "; ");
		text_doubts(text, path);
	}
	fprintf(render->out, "\n");
	return 0;
}
