// SPDX-License-Identifier: GPL-2.0-only
#include "count/group.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "path/naming.h"
#include "path/path.h"
#include "path/result.h"
#include "render/words.h"
#include "render/writer.h"

/* The values of enum xdp_action are in share/returns.conf, under this function. */
#define XDP_FUNCTION "do_xdp_generic"

#define XDP_WORD_SIZE 16

const char *const group_names[COUNT_BY_SIZE] = {
	[COUNT_BY_PROTO] = "proto", [COUNT_BY_SRC] = "src",	[COUNT_BY_DST] = "dst",
	[COUNT_BY_FLOW] = "flow",   [COUNT_BY_NETNS] = "netns", [COUNT_BY_DEV] = "dev",
	[COUNT_BY_END] = "end",
};

static bool flow_is_ip(const struct count_flow *flow)
{
	return flow->ethertype == COUNT_IPV4 || flow->ethertype == COUNT_IPV6;
}

/* ---- protocol, addresses, ports */

static struct flow flow_of(const struct count_flow *key)
{
	struct flow flow = {
		.proto = flow_proto(key->ethertype, key->ip_proto),
		.ethertype = key->ethertype,
		.ip_proto = key->ip_proto,
		.ports = key->flags & COUNT_FLOW_PORTS,
		.sport = key->sport,
		.dport = key->dport,
	};

	if (key->flags & COUNT_FLOW_ADDRESSES)
		flow.family = key->ethertype == COUNT_IPV6 ? AF_INET6 : AF_INET;
	memcpy(flow.src, key->src, sizeof(flow.src));
	memcpy(flow.dst, key->dst, sizeof(flow.dst));
	return flow;
}

static struct flow flow_of_address(const struct count_address *key)
{
	struct flow flow = { 0 };

	if (key->ethertype)
		flow.family = key->ethertype == COUNT_IPV6 ? AF_INET6 : AF_INET;
	memcpy(flow.src, key->bytes, sizeof(flow.src));
	return flow;
}

/* A protocol without a name of its own: by it alone IPv4 and IPv6 are the same. */
static const char *proto_name(const struct count_flow *key, bool *named)
{
	const char *name = flow_proto(key->ethertype, key->ip_proto);
	const char *family = flow_proto(key->ethertype, UINT8_MAX);

	*named = !flow_is_ip(key) ? strcmp(name, "ethernet") : strcmp(name, family);
	return *named || !flow_is_ip(key) ? name : "ip";
}

static void proto_text(const struct count_flow *key, char *text, size_t size)
{
	bool named;
	const char *name = proto_name(key, &named);

	if (named)
		snprintf(text, size, "%s", name);
	else if (flow_is_ip(key))
		snprintf(text, size, "%s proto %u", name, key->ip_proto);
	else
		snprintf(text, size, "%s type 0x%04x", name, key->ethertype);
}

static void proto_json(const struct count_flow *key, struct writer *writer)
{
	bool named;

	writer_text(writer, "proto", proto_name(key, &named));
	if (named)
		return;
	if (flow_is_ip(key))
		writer_number(writer, "ip_proto", key->ip_proto);
	else
		writer_number(writer, "ethertype", key->ethertype);
}

static void address_text(const struct count_address *key, char *text, size_t size)
{
	struct flow flow = flow_of_address(key);

	if (flow.family)
		flow_address(&flow, flow.src, text, size);
	else
		snprintf(text, size, "no address");
}

static void address_json(const char *name, const uint8_t *bytes, const struct flow *flow,
			 struct writer *writer)
{
	char text[INET6_ADDRSTRLEN];

	WRITER_KEY(writer, name);
	if (!flow->family) {
		writer_raw(writer, "null", 4);
		return;
	}
	flow_address(flow, bytes, text, sizeof(text));
	writer_put_text(writer, text);
}

static void flow_json(const struct count_flow *key, struct writer *writer)
{
	struct flow flow = flow_of(key);

	writer_text(writer, "proto", flow.proto);
	address_json("src", flow.src, &flow, writer);
	address_json("dst", flow.dst, &flow, writer);
	if (flow.ports) {
		writer_number(writer, "sport", flow.sport);
		writer_number(writer, "dport", flow.dport);
	}
}

/* ---- namespaces and devices */

/* As it is called now, or was called when it was still there; NULL: not known. */
static const char *device_name(const struct count_place *key, struct naming *naming)
{
	struct names *names = naming->names;
	const char *name = names->ops->device(names, key->netns, key->ifindex);

	return name ?: naming_device(naming, key->netns, key->ifindex);
}

static const char *direction_name(const struct count_place *key)
{
	return key->direction == COUNT_OUT ? "out" : "in";
}

static bool dev_text(const struct count_place *key, struct naming *naming, char *text,
		     size_t size)
{
	const char *name = device_name(key, naming);
	struct step step = { .netns = key->netns,
			     .netns_name = naming_netns(naming, key->netns),
			     .ifindex = key->ifindex };
	char netns[WORDS_SIZE], device[WORDS_SIZE];

	snprintf(step.dev, sizeof(step.dev), "%s", name ?: "");
	words_netns(netns, sizeof(netns), &step);
	words_device(device, sizeof(device), &step);
	snprintf(text, size, "%.500s %.100s %s", netns, device, direction_name(key));
	return name;
}

static bool netns_text(const struct count_place *key, struct naming *naming, char *text,
		       size_t size)
{
	const struct step step = { .netns = key->netns,
				   .netns_name = naming_netns(naming, key->netns) };

	words_netns(text, size, &step);
	return step.netns_name;
}

static void netns_json(const struct count_place *key, struct naming *naming,
		       struct writer *writer)
{
	const char *name = naming_netns(naming, key->netns);

	writer_open(writer, "netns", '{');
	writer_number(writer, "inode", key->netns);
	if (name)
		writer_text(writer, "name", name);
	writer_close(writer, '}');
}

static void dev_json(const struct count_place *key, struct naming *naming,
		     struct writer *writer)
{
	const char *name = device_name(key, naming);

	netns_json(key, naming, writer);
	writer_open(writer, "dev", '{');
	writer_number(writer, "index", key->ifindex);
	if (name)
		writer_text(writer, "name", name);
	writer_close(writer, '}');
	writer_text(writer, "direction", direction_name(key));
}

/* ---- ends */

/* "DROP", "TX"; the number of what is no verdict */
static void xdp_word(const struct count_end *key, char word[XDP_WORD_SIZE])
{
	struct result result;

	if (result_read(XDP_FUNCTION, key->reason, NULL, &result) && result.word)
		snprintf(word, XDP_WORD_SIZE, "%s", result.word);
	else
		snprintf(word, XDP_WORD_SIZE, "%" PRIu32, key->reason);
}

static const char *end_reason(const struct count_end *key, struct naming *naming)
{
	struct names *names = naming->names;

	return key->reason ? names->ops->drop_reason(names, key->reason) : NULL;
}

static void end_text(const struct count_end *key, struct naming *naming, char *text,
		     size_t size)
{
	struct path path = { .end = PATH_DROPPED };
	char word[XDP_WORD_SIZE];

	if (key->kind == COUNT_END_CONSUMED) {
		snprintf(text, size, "%s", path_end_name(PATH_CONSUMED));
	} else if (key->kind == COUNT_END_XDP) {
		xdp_word(key, word);
		snprintf(text, size, "taken by XDP: %s", word);
	} else {
		path.reason = end_reason(key, naming);
		path.where = naming_function(naming, key->where);
		words_outcome(text, size, &path);
	}
}

static void end_json(const struct count_end *key, struct naming *naming,
		     struct writer *writer)
{
	char word[XDP_WORD_SIZE];

	if (key->kind == COUNT_END_CONSUMED) {
		writer_text(writer, "end", path_end_name(PATH_CONSUMED));
	} else if (key->kind == COUNT_END_XDP) {
		xdp_word(key, word);
		writer_text(writer, "end", "xdp");
		writer_text(writer, "verdict", word);
	} else {
		const char *reason = end_reason(key, naming);

		writer_text(writer, "end", path_end_name(PATH_DROPPED));
		if (reason)
			writer_text(writer, "reason", reason);
		writer_text(writer, "where", naming_function(naming, key->where));
	}
}

/* ---- all of them */

bool group_text(enum count_by by, const union count_key *key, struct naming *naming,
		char *text, size_t size)
{
	struct flow flow;

	switch (by) {
	case COUNT_BY_PROTO:
		proto_text(&key->flow, text, size);
		return true;
	case COUNT_BY_FLOW:
		flow = flow_of(&key->flow);
		flow_print(&flow, text, size);
		return true;
	case COUNT_BY_NETNS:
		return netns_text(&key->place, naming, text, size);
	case COUNT_BY_DEV:
		return dev_text(&key->place, naming, text, size);
	case COUNT_BY_END:
		end_text(&key->end, naming, text, size);
		return true;
	default:
		address_text(&key->address, text, size);
		return true;
	}
}

void group_json(enum count_by by, const union count_key *key, struct naming *naming,
		struct writer *writer)
{
	struct flow flow;

	switch (by) {
	case COUNT_BY_PROTO:
		proto_json(&key->flow, writer);
		break;
	case COUNT_BY_FLOW:
		flow_json(&key->flow, writer);
		break;
	case COUNT_BY_NETNS:
		netns_json(&key->place, naming, writer);
		break;
	case COUNT_BY_DEV:
		dev_json(&key->place, naming, writer);
		break;
	case COUNT_BY_END:
		end_json(&key->end, naming, writer);
		break;
	default:
		flow = flow_of_address(&key->address);
		address_json(group_names[by], flow.src, &flow, writer);
	}
}
