// SPDX-License-Identifier: GPL-2.0-only
#include "path/flow.h"

#include <arpa/inet.h>
#include <net/if_arp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "base/number.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* A line that grows; what does not fit is cut. */
struct line {
	char *text;
	size_t size, used;
};

static void line_add(struct line *line, const char *format, ...) PRINTF_LIKE(2, 3);

static void line_add(struct line *line, const char *format, ...)
{
	size_t room = line->size - line->used;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(line->text + line->used, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		line->used += (size_t)length < room ? (size_t)length : room - 1;
}

struct icmp_name {
	uint8_t type;
	int16_t code; /* -1: any */
	const char *name;
};

/* https://www.iana.org/assignments/icmp-parameters; the first match counts */
static const struct icmp_name icmp_names[] = {
	{ 0, -1, "echo reply" },
	{ 3, 0, "network unreachable" },
	{ 3, 1, "host unreachable" },
	{ 3, 2, "protocol unreachable" },
	{ 3, 3, "port unreachable" },
	{ 3, 4, "fragmentation needed" },
	{ 3, 9, "network prohibited" },
	{ 3, 10, "host prohibited" },
	{ 3, 13, "communication prohibited" },
	{ 3, -1, "destination unreachable" },
	{ 4, -1, "source quench" },
	{ 5, -1, "redirect" },
	{ 8, -1, "echo request" },
	{ 9, -1, "router advertisement" },
	{ 10, -1, "router solicitation" },
	{ 11, 0, "ttl exceeded" },
	{ 11, 1, "reassembly time exceeded" },
	{ 12, -1, "parameter problem" },
	{ 13, -1, "timestamp request" },
	{ 14, -1, "timestamp reply" },
};

/* https://www.iana.org/assignments/icmpv6-parameters */
static const struct icmp_name icmp6_names[] = {
	{ 1, 0, "no route" },
	{ 1, 1, "communication prohibited" },
	{ 1, 3, "address unreachable" },
	{ 1, 4, "port unreachable" },
	{ 1, -1, "destination unreachable" },
	{ 2, -1, "packet too big" },
	{ 3, 0, "hop limit exceeded" },
	{ 3, 1, "reassembly time exceeded" },
	{ 4, -1, "parameter problem" },
	{ 128, -1, "echo request" },
	{ 129, -1, "echo reply" },
	{ 130, -1, "multicast listener query" },
	{ 131, -1, "multicast listener report" },
	{ 132, -1, "multicast listener done" },
	{ 133, -1, "router solicitation" },
	{ 134, -1, "router advertisement" },
	{ 135, -1, "neighbour solicitation" },
	{ 136, -1, "neighbour advertisement" },
	{ 137, -1, "redirect" },
	{ 143, -1, "multicast listener report" },
};

const char *flow_icmp_name(const struct flow *flow)
{
	bool v6 = flow->ip_proto == IPPROTO_ICMPV6;
	const struct icmp_name *names = v6 ? icmp6_names : icmp_names;
	size_t count = v6 ? COUNT(icmp6_names) : COUNT(icmp_names);

	for (size_t i = 0; i < count; i++) {
		if (names[i].type == flow->icmp_type &&
		    (names[i].code == flow->icmp_code || names[i].code < 0))
			return names[i].name;
	}
	return NULL;
}

/* As inet_ntop(3) writes it, which calls sprintf(3). */
static void ipv4_write(char *text, const uint8_t address[4])
{
	for (size_t i = 0; i < 4; i++) {
		text += number_write(text, address[i]);
		*text++ = i < 3 ? '.' : '\0';
	}
}

void flow_address(const struct flow *flow, const uint8_t address[16], char *text,
		  size_t size)
{
	if (flow->family == AF_INET)
		ipv4_write(text, address);
	else if (!flow->family ||
		 !inet_ntop(flow->family, address, text, (socklen_t)size))
		text[0] = '\0';
}

const char *flow_tcp_flags(const struct flow *flow, char *text, size_t size)
{
	static const char *const names[8] = { "FIN", "SYN", "RST", "PSH",
					      "ACK", "URG", "ECE", "CWR" };
	struct line line = { text, size, 0 };

	text[0] = '\0';
	for (size_t i = 0; i < COUNT(names); i++) {
		if (flow->tcp_flags & 1 << i)
			line_add(&line, "%s%s", line.used ? "," : "", names[i]);
	}
	if (!line.used)
		line_add(&line, "none");
	return text;
}

const char *flow_mac(const uint8_t mac[6], char text[FLOW_MAC_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	char *at = text;

	for (size_t i = 0; i < 6; i++) {
		*at++ = digits[mac[i] >> 4];
		*at++ = digits[mac[i] & 15];
		*at++ = i < 5 ? ':' : '\0';
	}
	return text;
}

static void print_mac(struct line *line, const uint8_t mac[6])
{
	char text[FLOW_MAC_SIZE];

	line_add(line, "%s", flow_mac(mac, text));
}

static void print_arp(struct line *line, const char *src, const char *dst,
		      const struct flow *flow)
{
	if (flow->arp_op == ARPOP_REQUEST) {
		line_add(line, " who-has %s tell %s", dst, src);
	} else if (flow->arp_op == ARPOP_REPLY) {
		line_add(line, " reply %s is-at ", src);
		print_mac(line, flow->arp_mac);
	} else {
		line_add(line, " op %u %s -> %s", flow->arp_op, src, dst);
	}
}

static void print_endpoint(struct line *line, const struct flow *flow,
			   const char *address, uint16_t port)
{
	if (!flow->ports)
		line_add(line, "%s", address);
	else if (flow->family == AF_INET6)
		line_add(line, "[%s]:%u", address, port);
	else
		line_add(line, "%s:%u", address, port);
}

static void print_addresses(struct line *line, const struct flow *flow)
{
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];

	flow_address(flow, flow->src, src, sizeof(src));
	flow_address(flow, flow->dst, dst, sizeof(dst));
	if (flow->arp_op) {
		print_arp(line, src, dst, flow);
	} else if (flow->family) {
		line_add(line, " ");
		print_endpoint(line, flow, src, flow->sport);
		line_add(line, " -> ");
		print_endpoint(line, flow, dst, flow->dport);
	} else if (flow->ethernet) {
		line_add(line, " ");
		print_mac(line, flow->mac_src);
		line_add(line, " -> ");
		print_mac(line, flow->mac_dst);
		line_add(line, " type 0x%04x", flow->ethertype);
	}
}

static void print_icmp_type(struct line *line, const struct flow *flow)
{
	const char *name = flow_icmp_name(flow);

	if (name)
		line_add(line, " %s", name);
	else
		line_add(line, " type %u code %u", flow->icmp_type, flow->icmp_code);
}

static void print_details(struct line *line, const struct flow *flow)
{
	char flags[40];

	if (flow->tcp)
		line_add(line, " [%s] seq %u", flow_tcp_flags(flow, flags, sizeof(flags)),
			 flow->tcp_seq);
	if (flow->icmp_echo)
		line_add(line, " id %u seq %u", flow->icmp_id, flow->icmp_seq);
	if (flow->family && !flow->arp_op && !strcmp(flow->proto, "ipv4"))
		line_add(line, " proto %u", flow->ip_proto);
	if (flow->family && !strcmp(flow->proto, "ipv6"))
		line_add(line, " next %u", flow->ip_proto);
	if (flow->fragment)
		line_add(line, " fragment");
	if (flow->vlan)
		line_add(line, " vlan %u", flow->vlan_id);
	if (flow->len)
		line_add(line, " len %u", flow->len);
}

void flow_print(const struct flow *flow, char *text, size_t size)
{
	struct line line = { text, size, 0 };

	text[0] = '\0';
	line_add(&line, "%s", flow->proto);
	if (!flow_is_decoded(flow))
		line_add(&line, " packet");
	if (flow->icmp)
		print_icmp_type(&line, flow);
	print_addresses(&line, flow);
	print_details(&line, flow);
}
