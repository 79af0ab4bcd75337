// SPDX-License-Identifier: GPL-2.0-only
#include "diff/packet.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "path/flow.h"

#define TEXT INET6_ADDRSTRLEN

/* Each writes its field into @text, or nothing when the packet has none. */
static void put_number(char text[TEXT], bool known, unsigned int number)
{
	if (known)
		snprintf(text, TEXT, "%u", number);
}

static void put_proto(const struct flow *flow, char text[TEXT])
{
	snprintf(text, TEXT, "%s", flow->proto);
}

static void put_src(const struct flow *flow, char text[TEXT])
{
	flow_address(flow, flow->src, text, TEXT);
}

static void put_dst(const struct flow *flow, char text[TEXT])
{
	flow_address(flow, flow->dst, text, TEXT);
}

static void put_sport(const struct flow *flow, char text[TEXT])
{
	put_number(text, flow->ports, flow->sport);
}

static void put_dport(const struct flow *flow, char text[TEXT])
{
	put_number(text, flow->ports, flow->dport);
}

static void put_ttl(const struct flow *flow, char text[TEXT])
{
	put_number(text, flow->family && !flow->tuple, flow->ttl);
}

static void put_vlan(const struct flow *flow, char text[TEXT])
{
	put_number(text, flow->vlan, flow->vlan_id);
}

static void put_mac_src(const struct flow *flow, char text[TEXT])
{
	if (flow->ethernet)
		flow_mac(flow->mac_src, text);
}

static void put_mac_dst(const struct flow *flow, char text[TEXT])
{
	if (flow->ethernet)
		flow_mac(flow->mac_dst, text);
}

static const struct {
	const char *name;
	void (*put)(const struct flow *flow, char text[TEXT]);
} all_fields[] = {
	{ "proto", put_proto }, { "src", put_src },	    { "sport", put_sport },
	{ "dst", put_dst },	{ "dport", put_dport },	    { "ttl", put_ttl },
	{ "vlan", put_vlan },	{ "mac_src", put_mac_src }, { "mac_dst", put_mac_dst },
};
static_assert(sizeof(all_fields) / sizeof(all_fields[0]) == PACKET_FIELDS,
	      "room for each field");

size_t packet_compare(const struct flow *left, const struct flow *right,
		      struct packet_field fields[PACKET_FIELDS])
{
	size_t count = 0;

	for (size_t i = 0; i < PACKET_FIELDS; i++) {
		struct packet_field *field = &fields[count];

		*field = (struct packet_field){ .name = all_fields[i].name };
		all_fields[i].put(left, field->left);
		all_fields[i].put(right, field->right);
		if (field->left[0] && field->right[0] &&
		    strcmp(field->left, field->right) != 0)
			count++;
	}
	return count;
}
