// SPDX-License-Identifier: GPL-2.0-only
/* json.c - one JSON object per path and line; man/bpfpath-json.5.scd tells its shape */
#include "render/render.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "render/escape.h"
#include "render/formats.h"

/* Long enough for every name: symbols have at most 512 bytes (KSYM_NAME_LEN). */
#define NAME_MAX_SIZE 512

static const char *const kind_names[] = {
	[EVENT_FUNCTION] = "function",
	[EVENT_TRACEPOINT] = "tracepoint",
	[EVENT_GATE] = "gate",
	[EVENT_FREE] = "free",
};
static_assert(sizeof(kind_names) / sizeof(kind_names[0]) == EVENT_STEP_KINDS,
	      "a name per kind");

/* Nothing here checks for memory: json-c aborts when a small object finds none. */
static void add(struct json_object *object, const char *key, struct json_object *value)
{
	json_object_object_add_ex(object, key, value, JSON_C_OBJECT_ADD_CONSTANT_KEY);
}

static void add_number(struct json_object *object, const char *key, uint64_t number)
{
	add(object, key, json_object_new_uint64(number));
}

static void add_text(struct json_object *object, const char *key, const char *text)
{
	char utf8[ESCAPE_SIZE(NAME_MAX_SIZE)];

	escape_utf8(utf8, sizeof(utf8), text);
	add(object, key, json_object_new_string(utf8));
}

static void add_mac(struct json_object *object, const char *key, const uint8_t mac[6])
{
	char text[18];

	snprintf(text, sizeof(text), "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1],
		 mac[2], mac[3], mac[4], mac[5]);
	add_text(object, key, text);
}

static struct json_object *json_mac(const struct flow *flow)
{
	struct json_object *object = json_object_new_object();

	add_mac(object, "src", flow->mac_src);
	add_mac(object, "dst", flow->mac_dst);
	return object;
}

static struct json_object *json_icmp(const struct flow *flow)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "type", flow->icmp_type);
	add_number(object, "code", flow->icmp_code);
	if (flow->icmp_echo) {
		add_number(object, "id", flow->icmp_id);
		add_number(object, "seq", flow->icmp_seq);
	}
	return object;
}

static struct json_object *json_tcp(const struct flow *flow)
{
	struct json_object *object = json_object_new_object();
	char flags[40];

	add_text(object, "flags", flow_tcp_flags(flow, flags, sizeof(flags)));
	add_number(object, "seq", flow->tcp_seq);
	add_number(object, "ack", flow->tcp_ack);
	return object;
}

static struct json_object *json_arp(const struct flow *flow)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "op", flow->arp_op);
	add_mac(object, "mac", flow->arp_mac);
	return object;
}

static void add_addresses(struct json_object *object, const struct flow *flow)
{
	char text[INET6_ADDRSTRLEN];

	if (!flow->family)
		return;
	flow_address(flow, flow->src, text, sizeof(text));
	add_text(object, "src", text);
	flow_address(flow, flow->dst, text, sizeof(text));
	add_text(object, "dst", text);
	if (!flow->ports)
		return;
	add_number(object, "sport", flow->sport);
	add_number(object, "dport", flow->dport);
}

static struct json_object *json_packet(const struct flow *flow)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "proto", flow->proto);
	add_addresses(object, flow);
	add_number(object, "len", flow->len);
	if (flow->family && !flow->arp_op)
		add_number(object, "ttl", flow->ttl);
	if (flow->fragment)
		add(object, "fragment", json_object_new_boolean(true));
	if (flow->vlan)
		add_number(object, "vlan", flow->vlan_id);
	if (flow->ethernet) {
		add(object, "mac", json_mac(flow));
		add_number(object, "ethertype", flow->ethertype);
	}
	if (flow->icmp)
		add(object, "icmp", json_icmp(flow));
	if (flow->tcp)
		add(object, "tcp", json_tcp(flow));
	if (flow->arp_op)
		add(object, "arp", json_arp(flow));
	return object;
}

static struct json_object *json_netns(const struct step *step)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "inode", step->netns);
	if (step->netns_name)
		add_text(object, "name", step->netns_name);
	return object;
}

static struct json_object *json_device(const struct step *step)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "index", step->ifindex);
	if (step->dev[0])
		add_text(object, "name", step->dev);
	return object;
}

static void add_place(struct json_object *object, const struct step *step)
{
	if (step->netns)
		add(object, "netns", json_netns(step));
	if (step->ifindex)
		add(object, "dev", json_device(step));
	if (step->inferred)
		add(object, "inferred", json_object_new_boolean(true));
}

static struct json_object *json_step(const struct step *step, uint64_t start)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "t", step->time - start);
	add_number(object, "cpu", step->cpu);
	add_number(object, "pid", step->pid);
	add_text(object, "comm", step->comm);
	add_place(object, step);
	add_text(object, "stage", step->stage);
	add_text(object, "func", step->func);
	add_text(object, "kind", kind_names[step->kind]);
	if (step->value)
		add_number(object, "value", step->value);
	if (step->len)
		add_number(object, "len", step->len);
	if (step->mark)
		add_number(object, "mark", step->mark);
	return object;
}

static struct json_object *json_steps(const struct path *path)
{
	struct json_object *steps = json_object_new_array_ext((int)path->count);

	for (size_t i = 0; i < path->count; i++)
		json_object_array_add(steps,
				      json_step(&path->steps[i], path->steps[0].time));
	return steps;
}

static struct json_object *json_end(const struct path *path)
{
	const struct step *reader = path_reader(path);
	struct json_object *object = json_object_new_object();
	const char *explanation = path_explanation(path);

	add_text(object, "kind", path_end_name(path->end));
	if (path->reason)
		add_text(object, "reason", path->reason);
	if (path->end == PATH_DROPPED)
		add_number(object, "value", path->reason_value);
	if (path->where[0])
		add_text(object, "where", path->where);
	if (explanation)
		add_text(object, "explanation", explanation);
	if (path->end == PATH_DELIVERED && reader) {
		add_number(object, "pid", reader->pid);
		add_text(object, "comm", reader->comm);
	}
	return object;
}

static struct json_object *json_object_of(const struct path *path)
{
	struct json_object *object = json_object_new_object();

	add_number(object, "id", path->id);
	add(object, "parent", NULL);
	add(object, "relation", NULL);
	if (path->count)
		add_number(object, "time", path->steps[0].time);
	add(object, "packet", json_packet(&path->flow));
	add(object, "steps", json_steps(path));
	add(object, "end", json_end(path));
	add(object, "complete", json_object_new_boolean(path->complete));
	add_number(object, "lost", path->lost);
	if (path->skipped)
		add_number(object, "skipped", path->skipped);
	return object;
}

/*
 * json-c writes DEL and C1 (U+0080..009F) as they are, which JSON allows and a
 * terminal obeys. Outside of strings there are none of these bytes.
 */
static void json_write(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)text[0], next = (unsigned char)text[1];

		if (c == 0x7f) {
			fprintf(out, "\\u007f");
		} else if (c == 0xc2 && next >= 0x80 && next <= 0x9f) {
			fprintf(out, "\\u%04x", next);
			text++;
		} else {
			putc(c, out);
		}
	}
	putc('\n', out);
}

static int json_path(struct render *render, const struct path *path)
{
	struct json_object *object = json_object_of(path);
	const char *text = json_object_to_json_string_ext(
		object, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);

	if (text)
		json_write(render->out, text);
	json_object_put(object);
	return text ? 0 : -ENOMEM;
}

static void json_free(struct render *render)
{
	free(render);
}

static struct render *json_new(FILE *out, const struct render_options *options)
{
	struct render *render = malloc(sizeof(*render));

	if (render)
		*render = (struct render){ &render_json_ops, out };
	return render;
}

const struct render_ops render_json_ops = {
	.name = "json",
	.help = "one JSON object per path and line",
	.path = json_path,
	.free = json_free,
	.new = json_new,
};
