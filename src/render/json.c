// SPDX-License-Identifier: GPL-2.0-only
/* json.c - one JSON object per path and line; man/bpfpath-json.5.scd tells its shape */
#include "render/render.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "path/kinds.h"
#include "render/formats.h"
#include "render/json.h"
#include "render/writer.h"

#define JSON_PIECE 65536 /* bytes that are written at once, and some more */

struct json {
	struct render render;
	struct writer writer;
};

static void add_mac(struct writer *writer, const char *key, const uint8_t mac[6])
{
	char text[FLOW_MAC_SIZE];

	writer_text(writer, key, flow_mac(mac, text));
}

static void add_macs(struct writer *writer, const struct flow *flow)
{
	writer_open(writer, "mac", '{');
	add_mac(writer, "src", flow->mac_src);
	add_mac(writer, "dst", flow->mac_dst);
	writer_close(writer, '}');
}

static void add_icmp(struct writer *writer, const struct flow *flow)
{
	writer_open(writer, "icmp", '{');
	writer_number(writer, "type", flow->icmp_type);
	writer_number(writer, "code", flow->icmp_code);
	if (flow->icmp_echo) {
		writer_number(writer, "id", flow->icmp_id);
		writer_number(writer, "seq", flow->icmp_seq);
	}
	writer_close(writer, '}');
}

static void add_tcp(struct writer *writer, const struct flow *flow)
{
	char flags[40];

	writer_open(writer, "tcp", '{');
	writer_text(writer, "flags", flow_tcp_flags(flow, flags, sizeof(flags)));
	writer_number(writer, "seq", flow->tcp_seq);
	writer_number(writer, "ack", flow->tcp_ack);
	writer_close(writer, '}');
}

static void add_arp(struct writer *writer, const struct flow *flow)
{
	writer_open(writer, "arp", '{');
	writer_number(writer, "op", flow->arp_op);
	add_mac(writer, "mac", flow->arp_mac);
	writer_close(writer, '}');
}

static void add_addresses(struct writer *writer, const struct flow *flow)
{
	char text[INET6_ADDRSTRLEN];

	if (!flow->family)
		return;
	flow_address(flow, flow->src, text, sizeof(text));
	writer_text(writer, "src", text);
	flow_address(flow, flow->dst, text, sizeof(text));
	writer_text(writer, "dst", text);
	if (!flow->ports)
		return;
	writer_number(writer, "sport", flow->sport);
	writer_number(writer, "dport", flow->dport);
}

static void add_packet(struct writer *writer, const struct flow *flow)
{
	writer_open(writer, "packet", '{');
	writer_text(writer, "proto", flow->proto);
	add_addresses(writer, flow);
	writer_number(writer, "len", flow->len);
	if (flow->family && !flow->arp_op && !flow->tuple)
		writer_number(writer, "ttl", flow->ttl);
	if (flow->fragment)
		writer_bool(writer, "fragment", true);
	if (flow->vlan)
		writer_number(writer, "vlan", flow->vlan_id);
	if (flow->ethernet) {
		add_macs(writer, flow);
		writer_number(writer, "ethertype", flow->ethertype);
	}
	if (flow->icmp)
		add_icmp(writer, flow);
	if (flow->tcp)
		add_tcp(writer, flow);
	if (flow->arp_op)
		add_arp(writer, flow);
	writer_close(writer, '}');
}

/* "dev":{"index":2,"name":"eth0"}; @name may be NULL */
static void add_named(struct writer *writer, const char *key, const char *number_key,
		      uint32_t number, const char *name)
{
	writer_open(writer, key, '{');
	writer_number(writer, number_key, number);
	if (name)
		writer_text(writer, "name", name);
	writer_close(writer, '}');
}

static void add_place(struct writer *writer, const struct step *step)
{
	if (step->netns)
		add_named(writer, "netns", "inode", step->netns, step->netns_name);
	if (step->ifindex)
		add_named(writer, "dev", "index", step->ifindex,
			  step->dev[0] ? step->dev : NULL);
	if (step->inferred)
		writer_bool(writer, "inferred", true);
}

/* Of 16 bytes; by halves, of which each is compared without a call. */
static bool same_name(const char *a, const char *b)
{
	static_assert(EVENT_COMM_LEN == 16 && EVENT_DEV_LEN == 16, "two halves");

	return !memcmp(a, b, 8) && !memcmp(a + 8, b + 8, 8);
}

/* Where a step was, and who ran there: mostly the same as of the step before. */
static bool same_place(const struct step *a, const struct step *b)
{
	return a->cpu == b->cpu && a->pid == b->pid && a->netns == b->netns &&
	       a->ifindex == b->ifindex && a->netns_name == b->netns_name &&
	       a->inferred == b->inferred && same_name(a->comm, b->comm) &&
	       same_name(a->dev, b->dev);
}

static void add_call(struct writer *writer, const struct step *step, bool nested)
{
	const struct result *result = &step->result;

	if (nested)
		writer_number(writer, "depth", step->depth);
	if (!step->returned)
		return;
	if (nested)
		writer_number(writer, "duration", step->returned - step->time);
	if (result->numeric)
		writer_signed(writer, "ret", result->number);
	if (result->word)
		writer_text(writer, "result", result->word);
}

static void add_change(struct writer *writer, const struct change *change,
		       const char *text)
{
	if (!text[0]) {
		writer_null(writer, NULL);
	} else if (change_is_number(change->field)) {
		writer_key(writer, NULL, 0);
		writer_raw(writer, text, strlen(text));
	} else {
		writer_text(writer, NULL, text);
	}
}

/* "changes":{"src":["10.0.0.1","203.0.113.7"]} */
static void add_changes(struct writer *writer, const struct changes *changes)
{
	writer_open(writer, "changes", '{');
	if (changes->tunnel)
		writer_text(writer, "tunnel",
			    changes->tunnel == CHANGE_TUNNEL_ENTERED ? "entered"
								     : "left");
	for (size_t i = 0; i < changes->count; i++) {
		const struct change *change = &changes->list[i];

		writer_open(writer, change_name(change->field), '[');
		add_change(writer, change, change->before);
		add_change(writer, change, change->after);
		writer_close(writer, ']');
	}
	writer_close(writer, '}');
}

static void add_chain(struct writer *writer, const struct detail *detail)
{
	writer_open(writer, "chain", '{');
	writer_text(writer, "table", detail->table);
	writer_text(writer, "name", detail->chain);
	writer_close(writer, '}');
}

static void add_route(struct writer *writer, const struct detail *detail)
{
	writer_open(writer, "route", '{');
	if (detail->gateway[0])
		writer_text(writer, "via", detail->gateway);
	writer_text(writer, "dev", detail->dev);
	writer_close(writer, '}');
}

static void add_detail(struct writer *writer, const struct detail *detail)
{
	if (detail->kind == DETAIL_CHAIN)
		add_chain(writer, detail);
	else
		add_route(writer, detail);
}

/* Few functions make up all paths: of each this is written out once. */
static void add_name(struct writer *writer, const struct step *step)
{
	uint64_t key = (uint64_t)(uintptr_t)step->func << 4 | step->kind;
	size_t from = writer->used;

	if (writer_recall(writer, key))
		return;
	writer_text(writer, "stage", step->stage);
	writer_text(writer, "func", step->func);
	writer_text(writer, "kind", kind_names[step->kind]);
	writer_keep(writer, key, from);
}

/* Before the step, in a queue. */
static void add_waited(struct writer *writer, const struct path *path, size_t i)
{
	enum queue queue = path_waited(path, i);

	if (!queue)
		return;
	writer_open(writer, "waited", '{');
	writer_text(writer, "queue", queue_name(queue));
	writer_number(writer, "time", path_between(&path->steps[i - 1], &path->steps[i]));
	writer_close(writer, '}');
}

static void add_step(struct writer *writer, const struct path *path, size_t i)
{
	const struct step *step = &path->steps[i], *before = i ? step - 1 : NULL;

	writer_constant(writer, i ? ",{\"t\":" : "{\"t\":");
	writer_put_number(writer, step->time - path->steps[0].time);
	if (before && same_place(step, before)) {
		writer_again(writer);
	} else {
		writer_mark(writer);
		writer_number(writer, "cpu", step->cpu);
		writer_number(writer, "pid", step->pid);
		writer_text(writer, "comm", step->comm);
		add_place(writer, step);
		writer_marked(writer);
	}
	add_name(writer, step);
	if (step->detail)
		add_detail(writer, step->detail);
	add_call(writer, step, path->nested);
	if (step->value)
		writer_number(writer, "value", step->value);
	if (step->len) {
		writer_constant(writer, ",\"len\":");
		writer_put_number(writer, step->len);
	}
	if (step->mark)
		writer_number(writer, "mark", step->mark);
	if (step->changes)
		add_changes(writer, step->changes);
	add_waited(writer, path, i);
	writer_close(writer, '}');
}

static void add_steps(struct writer *writer, const struct path *path)
{
	writer_open(writer, "steps", '[');
	for (size_t i = 0; i < path->count; i++)
		add_step(writer, path, i);
	writer_close(writer, ']');
}

static void add_end(struct writer *writer, const struct path *path)
{
	const struct step *reader = path_reader(path);
	const char *explanation = path_explanation(path);

	writer_open(writer, "end", '{');
	writer_text(writer, "kind", path_end_name(path->end));
	if (path->reason)
		writer_text(writer, "reason", path->reason);
	if (path->end == PATH_DROPPED)
		writer_number(writer, "value", path->reason_value);
	if (path->where)
		writer_text(writer, "where", path->where);
	if (path->lineage.merged_into)
		writer_number(writer, "into", path->lineage.merged_into);
	if (explanation)
		writer_text(writer, "explanation", explanation);
	if (path->end == PATH_DELIVERED && reader) {
		writer_number(writer, "pid", reader->pid);
		writer_text(writer, "comm", reader->comm);
	}
	writer_close(writer, '}');
}

static void add_parent(struct writer *writer, const struct lineage *lineage)
{
	if (lineage->parent)
		writer_number(writer, "parent", lineage->parent);
	else
		writer_null(writer, "parent");
	if (!lineage->relation) {
		writer_null(writer, "relation");
		return;
	}
	writer_text(writer, "relation", relation_name(lineage->relation));
	if (lineage->number)
		writer_number(writer, "number", lineage->number);
	if (lineage->maker)
		writer_text(writer, "maker", lineage->maker);
	if (lineage->caller)
		writer_text(writer, "caller", lineage->caller);
}

static void add_relatives(struct writer *writer, const char *key,
			  const struct relatives *relatives)
{
	if (!relatives->count)
		return;
	writer_open(writer, key, '[');
	for (size_t i = 0; i < relatives->count; i++)
		writer_number(writer, NULL, relatives->list[i].id);
	writer_close(writer, ']');
}

static void add_lineage(struct writer *writer, const struct lineage *lineage)
{
	writer_number(writer, "root", lineage->root);
	add_parent(writer, lineage);
	add_relatives(writer, "branches", &lineage->branches);
	add_relatives(writer, "members", &lineage->members);
}

static void add_missed(struct writer *writer, const struct missed_list *missed)
{
	if (!missed->count)
		return;
	writer_open(writer, "missed", '[');
	for (size_t i = 0; i < missed->count; i++) {
		writer_open(writer, NULL, '{');
		writer_text(writer, "kind", missed_kind_name(missed->list[i].kind));
		writer_text(writer, "probe", missed->list[i].name);
		writer_number(writer, "runs", missed->list[i].runs);
		writer_close(writer, '}');
	}
	writer_close(writer, ']');
}

void json_write(struct writer *writer, const struct path *path)
{
	writer_raw(writer, "{", 1);
	writer_number(writer, "id", path->id);
	add_lineage(writer, &path->lineage);
	if (path->conversation)
		writer_number(writer, "conversation", path->conversation);
	if (path->count)
		writer_number(writer, "time", path->steps[0].time);
	add_packet(writer, &path->flow);
	add_steps(writer, path);
	add_end(writer, path);
	writer_bool(writer, "complete", path->complete);
	writer_number(writer, "lost", path->lost);
	if (path->skipped)
		writer_number(writer, "skipped", path->skipped);
	add_missed(writer, &path->missed);
	if (path->blind)
		writer_number(writer, "blind", path->blind);
	writer_close(writer, '}');
}

/* What the file does not take is told by render_path(). */
static int json_flush(struct render *render)
{
	writer_out(&((struct json *)render)->writer, render->out);
	return 0;
}

static int json_path(struct render *render, const struct path *path)
{
	struct writer *writer = &((struct json *)render)->writer;
	const size_t from = writer->used;
	int err;

	json_write(writer, path);
	err = writer_line(writer, from);
	if (!render->patient || writer->used >= JSON_PIECE)
		json_flush(render);
	return err;
}

static void json_free(struct render *render)
{
	writer_free(&((struct json *)render)->writer);
	free(render);
}

static struct render *json_new(FILE *out, const struct render_options *options)
{
	struct json *json = calloc(1, sizeof(*json));

	if (!json)
		return NULL;
	json->render = (struct render){ .ops = &render_json_ops, .out = out };
	return &json->render;
}

const struct render_ops render_json_ops = {
	.name = "json",
	.help = "one JSON object per path and line",
	.path = json_path,
	.flush = json_flush,
	.free = json_free,
	.new = json_new,
};
