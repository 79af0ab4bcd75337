// SPDX-License-Identifier: GPL-2.0-only
#include "path/flow.h"

#include <arpa/inet.h>
#include <string.h>

/* What is left of the snapshot. */
struct cursor {
	const uint8_t *data;
	size_t left;
	size_t behind; /* bytes that were taken */
};

/* EtherTypes, https://www.iana.org/assignments/ieee-802-numbers */
enum {
	ETHERTYPE_LLC_MAX = 0x05dc, /* up to here it is a length (IEEE 802.3) */
	ETHERTYPE_IPV4 = 0x0800,
	ETHERTYPE_ARP = 0x0806,
	ETHERTYPE_8021Q = 0x8100,
	ETHERTYPE_IPV6 = 0x86dd,
	ETHERTYPE_8021AD = 0x88a8,
};

/* IP protocols, https://www.iana.org/assignments/protocol-numbers */
enum {
	IP_HOP_BY_HOP = 0,
	IP_ICMP = 1,
	IP_TCP = 6,
	IP_UDP = 17,
	IP_ROUTING = 43,
	IP_FRAGMENT = 44,
	IP_AH = 51,
	IP_ICMP6 = 58,
	IP_DESTINATION = 60,
	IP_SCTP = 132,
	IP_MOBILITY = 135,
	IP_UDPLITE = 136,
};

struct number_name {
	uint16_t number;
	const char *name;
};

static const struct number_name ip_names[] = {
	{ IP_ICMP, "icmp" },   { 2, "igmp" },
	{ 4, "ipip" },	       { IP_TCP, "tcp" },
	{ IP_UDP, "udp" },     { 33, "dccp" },
	{ 41, "ip6ip" },       { 47, "gre" },
	{ 50, "esp" },	       { IP_AH, "ah" },
	{ IP_ICMP6, "icmp6" }, { 89, "ospf" },
	{ 103, "pim" },	       { 112, "vrrp" },
	{ IP_SCTP, "sctp" },   { IP_UDPLITE, "udplite" },
};

static const struct number_name ethernet_names[] = {
	{ 0x8847, "mpls" },   { 0x8848, "mpls" },  { 0x8863, "pppoe" },
	{ 0x8864, "pppoe" },  { 0x888e, "eapol" }, { 0x88cc, "lldp" },
	{ 0x88e5, "macsec" }, { 0x88f7, "ptp" },
};

#define NAME_OF(table, number, otherwise)                                                \
	name_of(table, sizeof(table) / sizeof((table)[0]), number, otherwise)

static const char *name_of(const struct number_name *table, size_t count, uint16_t number,
			   const char *otherwise)
{
	for (size_t i = 0; i < count; i++) {
		if (table[i].number == number)
			return table[i].name;
	}
	return otherwise;
}

static uint16_t be16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t be32(const uint8_t *bytes)
{
	return (uint32_t)be16(bytes) << 16 | be16(bytes + 2);
}

/* The next @size bytes, which are then behind the cursor; NULL when cut off. */
static const uint8_t *cursor_take(struct cursor *cursor, size_t size)
{
	const uint8_t *bytes = cursor->data;

	if (cursor->left < size)
		return NULL;
	cursor->data += size;
	cursor->left -= size;
	cursor->behind += size;
	return bytes;
}

static void decode_ports(struct flow *flow, struct cursor cursor)
{
	const uint8_t *ports = cursor_take(&cursor, 4);

	if (!ports)
		return;
	flow->ports = true;
	flow->sport = be16(ports);
	flow->dport = be16(ports + 2);
}

/* RFC 9293. @header: bytes from the IP header on. */
static void decode_tcp(struct flow *flow, struct cursor cursor, size_t header)
{
	const uint8_t *tcp;

	decode_ports(flow, cursor);
	tcp = cursor_take(&cursor, 14);
	if (!tcp)
		return;
	flow->tcp = true;
	flow->tcp_seq = be32(tcp + 4);
	flow->tcp_ack = be32(tcp + 8);
	flow->tcp_flags = tcp[13];
	flow->tcp_data = (uint16_t)(header + (tcp[12] >> 4) * 4u);
}

static bool icmp_is_echo(const struct flow *flow)
{
	if (flow->ip_proto == IP_ICMP)
		return flow->icmp_type == 0 || flow->icmp_type == 8;
	return flow->icmp_type == 128 || flow->icmp_type == 129;
}

/* Destination unreachable, packet too big, time exceeded, parameter problem. */
static bool icmp_is_error(const struct flow *flow)
{
	if (flow->ip_proto == IP_ICMP)
		return flow->icmp_type == 3 || flow->icmp_type == 11 ||
		       flow->icmp_type == 12;
	return flow->icmp_type >= 1 && flow->icmp_type <= 4;
}

/* RFC 792, RFC 4443: both begin alike */
static void decode_icmp(struct flow *flow, struct cursor cursor)
{
	const uint8_t *icmp = cursor_take(&cursor, 4);
	const uint8_t *echo = cursor_take(&cursor, 4);

	if (!icmp)
		return;
	flow->icmp = true;
	flow->icmp_type = icmp[0];
	flow->icmp_code = icmp[1];
	if (!echo)
		return;
	if (icmp_is_error(flow))
		flow->icmp_quoted = (uint16_t)cursor.behind;
	if (!icmp_is_echo(flow))
		return;
	flow->icmp_echo = true;
	flow->icmp_id = be16(echo);
	flow->icmp_seq = be16(echo + 2);
}

static void decode_transport(struct flow *flow, struct cursor cursor, size_t header)
{
	flow->proto = NAME_OF(ip_names, flow->ip_proto, flow->proto);
	flow->transport = cursor.left ? (uint16_t)cursor.behind : 0;
	if (flow->fragment)
		return;
	switch (flow->ip_proto) {
	case IP_TCP:
		decode_tcp(flow, cursor, header);
		break;
	case IP_UDP:
	case IP_UDPLITE:
	case IP_SCTP:
		decode_ports(flow, cursor);
		break;
	case IP_ICMP:
	case IP_ICMP6:
		decode_icmp(flow, cursor);
		break;
	}
}

/*
 * RFC 791. The total length is not looked at: where local output begins
 * (__ip_local_out) it has not been written yet.
 */
static void decode_ipv4(struct flow *flow, struct cursor cursor)
{
	const uint8_t *ip = cursor_take(&cursor, 20);
	size_t header;

	flow->proto = "ipv4";
	if (!ip || ip[0] >> 4 != 4)
		return;
	flow->family = AF_INET;
	memcpy(flow->src, ip + 12, 4);
	memcpy(flow->dst, ip + 16, 4);
	flow->ip_len = be16(ip + 2);
	flow->ttl = ip[8];
	flow->ip_proto = ip[9];
	flow->fragment = (be16(ip + 6) & 0x1fff) != 0;
	flow->fragmented = (be16(ip + 6) & 0x3fff) != 0; /* or more fragments follow */
	flow->fragment_id = be16(ip + 4);
	header = (ip[0] & 0xf) * 4u;
	if (header < 20 || !cursor_take(&cursor, header - 20))
		cursor.left = 0;
	decode_transport(flow, cursor, header);
}

/*
 * Step over one IPv6 extension header (RFC 8200, RFC 4302, RFC 6275). False
 * when flow->ip_proto is none, or what follows it cannot be seen.
 */
static bool ipv6_extension(struct flow *flow, struct cursor *cursor)
{
	const uint8_t *extension;
	size_t rest;

	switch (flow->ip_proto) {
	case IP_HOP_BY_HOP:
	case IP_ROUTING:
	case IP_FRAGMENT:
	case IP_DESTINATION:
	case IP_AH:
	case IP_MOBILITY:
		break;
	default:
		return false;
	}
	extension = cursor_take(cursor, 8);
	if (!extension)
		return false;
	rest = extension[1] * 8u; /* the length is that after the first 8 bytes */
	if (flow->ip_proto == IP_AH)
		rest = extension[1] * 4u; /* likewise, in words of 4 */
	if (flow->ip_proto == IP_FRAGMENT) {
		flow->fragment = be16(extension + 2) >> 3 != 0;
		flow->fragmented = (be16(extension + 2) & 0xfff9) != 0;
		flow->fragment_id = be32(extension + 4);
		rest = 0; /* the byte is reserved there */
	}
	flow->ip_proto = extension[0];
	if (!cursor_take(cursor, rest))
		cursor->left = 0;
	return !flow->fragment;
}

static void decode_ipv6(struct flow *flow, struct cursor cursor)
{
	const uint8_t *ip = cursor_take(&cursor, 40);

	flow->proto = "ipv6";
	if (!ip || ip[0] >> 4 != 6)
		return;
	flow->family = AF_INET6;
	memcpy(flow->src, ip + 8, 16);
	memcpy(flow->dst, ip + 24, 16);
	flow->ip_len = be16(ip + 4) ? be16(ip + 4) + 40u : 0;
	flow->ttl = ip[7];
	flow->ip_proto = ip[6];
	while (ipv6_extension(flow, &cursor))
		;
	decode_transport(flow, cursor, (size_t)(cursor.data - ip));
}

/* RFC 826, for IPv4 over Ethernet */
static void decode_arp(struct flow *flow, struct cursor cursor)
{
	const uint8_t *arp = cursor_take(&cursor, 28);

	flow->proto = "arp";
	if (!arp || be16(arp + 2) != ETHERTYPE_IPV4 || arp[4] != 6 || arp[5] != 4)
		return;
	flow->family = AF_INET;
	flow->arp_op = be16(arp + 6);
	memcpy(flow->arp_mac, arp + 8, 6);
	memcpy(flow->src, arp + 14, 4);
	memcpy(flow->dst, arp + 24, 4);
}

static void decode_ethertype(struct flow *flow, struct cursor cursor)
{
	switch (flow->ethertype) {
	case ETHERTYPE_IPV4:
		decode_ipv4(flow, cursor);
		break;
	case ETHERTYPE_IPV6:
		decode_ipv6(flow, cursor);
		break;
	case ETHERTYPE_ARP:
		decode_arp(flow, cursor);
		break;
	default:
		flow->proto = NAME_OF(ethernet_names, flow->ethertype, flow->proto);
		if (flow->ethertype <= ETHERTYPE_LLC_MAX)
			flow->proto = "llc";
	}
}

static void decode_ethernet(struct flow *flow, struct cursor cursor)
{
	const uint8_t *ethernet = cursor_take(&cursor, 14);

	if (!ethernet)
		return;
	flow->proto = "ethernet";
	flow->ethernet = true;
	memcpy(flow->mac_dst, ethernet, 6);
	memcpy(flow->mac_src, ethernet + 6, 6);
	flow->ethertype = be16(ethernet + 12);
	while (flow->ethertype == ETHERTYPE_8021Q ||
	       flow->ethertype == ETHERTYPE_8021AD) {
		const uint8_t *tag = cursor_take(&cursor, 4);

		if (!tag)
			return;
		if (!flow->vlan)
			flow->vlan_id = be16(tag) & 0xfff;
		flow->vlan = true;
		flow->ethertype = be16(tag + 2);
	}
	decode_ethertype(flow, cursor);
}

static const char unknown[] = "unknown";

void flow_decode(struct flow *flow, const uint8_t *data, size_t captured, bool ethernet)
{
	struct cursor cursor = { data, captured, 0 };

	*flow = (struct flow){ .proto = unknown };
	if (ethernet)
		decode_ethernet(flow, cursor);
	else if (captured && data[0] >> 4 == 4)
		decode_ipv4(flow, cursor);
	else if (captured && data[0] >> 4 == 6)
		decode_ipv6(flow, cursor);
}

bool flow_decode_quoted(struct flow *quoted, const struct flow *flow, const uint8_t *data,
			size_t captured)
{
	if (!flow->icmp_quoted)
		return false;
	flow_decode(quoted, data + flow->icmp_quoted, captured - flow->icmp_quoted,
		    false);
	return true;
}

const char *flow_proto(uint16_t ethertype, uint8_t ip_proto)
{
	if (!ethertype)
		return unknown;
	if (ethertype <= ETHERTYPE_LLC_MAX)
		return "llc";
	switch (ethertype) {
	case ETHERTYPE_IPV4:
		return NAME_OF(ip_names, ip_proto, "ipv4");
	case ETHERTYPE_IPV6:
		return NAME_OF(ip_names, ip_proto, "ipv6");
	case ETHERTYPE_ARP:
		return "arp";
	}
	return NAME_OF(ethernet_names, ethertype, "ethernet");
}

bool flow_is_decoded(const struct flow *flow)
{
	return strcmp(flow->proto, unknown);
}

bool flow_same_kind(const struct flow *a, const struct flow *b)
{
	return !strcmp(a->proto, b->proto) && a->icmp == b->icmp &&
	       (!a->icmp ||
		(a->icmp_type == b->icmp_type && a->icmp_code == b->icmp_code)) &&
	       a->arp_op == b->arp_op;
}

bool flow_same_tuple(const struct flow *a, const struct flow *b)
{
	return !strcmp(a->proto, b->proto) && a->family == b->family &&
	       !memcmp(a->src, b->src, sizeof(a->src)) &&
	       !memcmp(a->dst, b->dst, sizeof(a->dst)) && a->ports == b->ports &&
	       a->sport == b->sport && a->dport == b->dport;
}
