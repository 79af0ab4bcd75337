// SPDX-License-Identifier: GPL-2.0-only
/*
 * hops.c - one line for each device that a packet crosses, as mtr has one for each
 * router
 *
 *	#1      0.000 us  [4026531840 host]  docker0 out  icmp echo request 172.17.0.1 ->
 *...
 *
 * and the same in the columns of tracepkt, for scripts that read those.
 */
#include "render/render.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdlib.h>

#include "path/decision.h"
#include "path/hop.h"
#include "render/escape.h"
#include "render/formats.h"
#include "render/words.h"

#define NAME_SIZE   256 /* of a name as it is shown */
#define NETNS_WIDTH 32	/* longer ones push their line to the right */

static void print_start(FILE *out, const struct path *path, uint64_t time)
{
	uint64_t ns = time - path->steps[0].time;

	fprintf(out, "#%-4" PRIu64 " %9" PRIu64 ".%03u us  ", path->id, ns / 1000,
		(unsigned int)(ns % 1000));
}

static void print_place(FILE *out, const struct step *step)
{
	char netns[WORDS_SIZE], device[WORDS_SIZE];

	words_netns(netns, sizeof(netns), step);
	words_device(device, sizeof(device), step);
	fprintf(out, "%-*s  %-15s  ", NETNS_WIDTH, netns, device);
}

/* An end that is none of the good ones. */
static bool end_matters(const struct path *path)
{
	return path->end == PATH_DROPPED || path->end == PATH_LOST ||
	       path->end == PATH_OPEN || !path->complete;
}

static void print_end(FILE *out, const struct path *path)
{
	char end[WORDS_SIZE];

	words_end(end, sizeof(end), path);
	print_start(out, path, path->steps[path->count - 1].time);
	fprintf(out, "%s\n", end);
}

/* With the length that does not change where headers are taken off and put on. */
static void print_flow(FILE *out, const struct hop *hop)
{
	struct flow flow = *hop->flow;
	char line[512];

	if (flow.ip_len)
		flow.len = flow.ip_len;
	flow_print(&flow, line, sizeof(line));
	fprintf(out, "%-3s  %s", hop->out ? "out" : "in", line);
}

static void print_decision(FILE *out, const struct decision *decision)
{
	char detail[DETAIL_TEXT], name[ESCAPE_SIZE(DETAIL_TEXT)];

	if (decision->detail) {
		detail_text(decision->detail, detail);
		escape_terminal(name, sizeof(name), detail);
	} else {
		snprintf(name, sizeof(name), "%s",
			 decision->hook ? decision->hook : "route");
	}
	fprintf(out, "%s%s%s", name, decision->verdict ? ":" : "",
		decision->verdict ? decision->verdict : "");
}

/* "filter.FORWARD:ACCEPT via 10.0.0.1 dev eth0": up to where the next hop begins */
static void print_decisions(FILE *out, const struct path *path, size_t end,
			    struct decision *decision)
{
	const char *separator = "  ";

	for (; decision_next(path, end, decision); separator = " ") {
		fprintf(out, "%s", separator);
		print_decision(out, decision);
	}
}

static void print_origin(FILE *out, const struct path *path)
{
	char origin[WORDS_SIZE];

	if (!words_origin(origin, sizeof(origin), path))
		return;
	print_start(out, path, path->steps[0].time);
	fprintf(out, "%s\n", origin);
}

static int hops_path(struct render *render, const struct path *path)
{
	struct decision decision = { 0 };
	struct hop hop = { 0 };
	bool first = true;

	if (!path->count)
		return 0;
	for (; hop_next(path, &hop); first = false) {
		if (first)
			print_origin(render->out, path);
		print_start(render->out, path, hop.step->time);
		print_place(render->out, hop.step);
		print_flow(render->out, &hop);
		print_decisions(render->out, path, hop_end(path, &hop), &decision);
		fprintf(render->out, "\n");
	}
	if (end_matters(path))
		print_end(render->out, path);
	return 0;
}

/* Echo requests and replies only: the columns have no words for anything else. */
static bool tracepkt_wants(const struct path *path)
{
	struct hop hop = { 0 };

	while (hop_next(path, &hop)) {
		if (hop.flow->icmp_echo)
			return true;
	}
	return false;
}

static int tracepkt_path(struct render *render, const struct path *path)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN], dev[NAME_SIZE];
	struct hop hop = { 0 };

	while (hop_next(path, &hop)) {
		const struct flow *flow = hop.flow;
		bool request = flow->icmp_type == 8 || flow->icmp_type == 128;

		if (!flow->icmp_echo)
			continue;
		flow_address(flow, flow->src, src, sizeof(src));
		flow_address(flow, flow->dst, dst, sizeof(dst));
		escape_terminal(dev, sizeof(dev), hop.step->dev);
		fprintf(render->out, "[%12" PRIu32 "] %16s %7s #%u.%03u %s -> %s\n",
			hop.step->netns, dev, request ? "request" : "reply",
			flow->icmp_id, flow->icmp_seq, src, dst);
	}
	return 0;
}

static void hops_free(struct render *render)
{
	free(render);
}

static struct render *render_new(FILE *out, const struct render_ops *ops)
{
	struct render *render = malloc(sizeof(*render));

	if (render)
		*render = (struct render){ .ops = ops, .out = out };
	return render;
}

static struct render *hops_new(FILE *out, const struct render_options *options)
{
	return render_new(out, &render_hops_ops);
}

static struct render *tracepkt_new(FILE *out, const struct render_options *options)
{
	return render_new(out, &render_tracepkt_ops);
}

const struct render_ops render_hops_ops = {
	.name = "hops",
	.help = "a line for each device that a packet crosses",
	.path = hops_path,
	.free = hops_free,
	.new = hops_new,
};

const struct render_ops render_tracepkt_ops = {
	.name = "tracepkt",
	.help = "the same for echoes, in the columns of tracepkt",
	.wants = tracepkt_wants,
	.path = tracepkt_path,
	.free = hops_free,
	.new = tracepkt_new,
};
