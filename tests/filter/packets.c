// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "packets.h"

#define PACKETS_CRAFTED_MAX 400
#define PACKETS_MUTATIONS   7 /* of each crafted packet */
#define PACKETS_NOISE	    60

#define ETH_IP	   0x0800
#define ETH_ARP	   0x0806
#define ETH_RARP   0x8035
#define ETH_VLAN   0x8100
#define ETH_QINQ   0x88a8
#define ETH_IP6	   0x86dd
#define ETH_MPLS   0x8847
#define ETH_PPPOED 0x8863
#define ETH_PPPOES 0x8864

/* splitmix64: the same packets everywhere, from one seed */
static uint64_t packets_random(uint64_t *seed)
{
	uint64_t z = *seed += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

static void put8(struct test_packet *p, uint8_t value)
{
	p->data[p->len++] = value;
}

static void put16(struct test_packet *p, uint16_t value)
{
	put8(p, value >> 8);
	put8(p, value);
}

static void put32(struct test_packet *p, uint32_t value)
{
	put16(p, value >> 16);
	put16(p, value);
}

static void put_bytes(struct test_packet *p, const void *bytes, size_t len)
{
	memcpy(p->data + p->len, bytes, len);
	p->len += len;
}

static void put_text(struct test_packet *p, const char *text)
{
	put_bytes(p, text, strlen(text));
}

static void put_zeros(struct test_packet *p, size_t len)
{
	memset(p->data + p->len, 0, len);
	p->len += len;
}

/* 02:00:00:00:00:@dst, 02:00:00:00:00:@src */
static void put_macs(struct test_packet *p, uint8_t dst, uint8_t src)
{
	put_bytes(p, "\x02\0\0\0\0", 5);
	put8(p, dst);
	put_bytes(p, "\x02\0\0\0\0", 5);
	put8(p, src);
}

struct ip4 {
	uint32_t src, dst;
	uint8_t proto, tos, ttl;
	uint8_t options; /* in words */
	uint16_t fragment;
	uint16_t payload;
};

static void put_ip4(struct test_packet *p, const struct ip4 *ip)
{
	put8(p, 0x45 + ip->options);
	put8(p, ip->tos);
	put16(p, 20 + 4 * ip->options + ip->payload);
	put16(p, 0x1234);
	put16(p, ip->fragment);
	put8(p, ip->ttl ? ip->ttl : 64);
	put8(p, ip->proto);
	put16(p, 0xbeef);
	put32(p, ip->src);
	put32(p, ip->dst);
	for (int i = 0; i < ip->options; i++)
		put32(p, 0x01010101);
}

/* 2001:db8::@src to 2001:db8::@dst, ff02::@dst where @dst has its top bit set */
static void put_ip6(struct test_packet *p, uint8_t next, uint16_t payload, uint8_t src,
		    uint8_t dst)
{
	put32(p, 0x60000000);
	put16(p, payload);
	put8(p, next);
	put8(p, dst & 1 ? 255 : 1);
	put32(p, 0x20010db8);
	put_zeros(p, 11);
	put8(p, src);
	put32(p, dst & 0x80 ? 0xff020000 : 0x20010db8);
	put_zeros(p, 11);
	put8(p, dst);
}

static void put_tcp(struct test_packet *p, uint16_t sport, uint16_t dport, uint8_t flags,
		    uint8_t options, const char *payload)
{
	put16(p, sport);
	put16(p, dport);
	put32(p, 1);
	put32(p, flags & 0x10 ? 2 : 0);
	put8(p, (5 + options) << 4);
	put8(p, flags);
	put16(p, 512 + flags * 16);
	put32(p, 0xabcd0000);
	for (int i = 0; i < options; i++)
		put32(p, 0x01010402);
	put_text(p, payload);
}

static void put_udp(struct test_packet *p, uint16_t sport, uint16_t dport,
		    const void *payload, uint16_t len)
{
	put16(p, sport);
	put16(p, dport);
	put16(p, 8 + len);
	put16(p, len % 3 ? 0x5555 : 0);
	put_bytes(p, payload, len);
}

static const char packets_dns_query[] =
	"\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x07"
	"example\x03org\x00\x00\x01\x00";
static const char packets_dns_reply[] =
	"\x12\x34\x81\x80\x00\x01\x00\x00\x00\x00\x00\x00\x03www\x00\x00\x01\x00\x01";

/* What is above IP, by number. */
enum upper {
	UPPER_SYN,
	UPPER_SYNACK,
	UPPER_GET,
	UPPER_REPLY,
	UPPER_TLS,
	UPPER_RST,
	UPPER_XMAS,
	UPPER_DNS_QUERY,
	UPPER_DNS_REPLY,
	UPPER_UDP_EMPTY,
	UPPER_UDP_MARK,
	UPPER_PING,
	UPPER_PONG,
	UPPER_UNREACH,
	UPPER_EXCEEDED,
	UPPER_IGMP,
	UPPER_SCTP,
	UPPER_OTHER, /* and what follows: any protocol, no payload known */
	UPPER_COUNT = UPPER_OTHER + 11
};

static const uint8_t packets_other[] = { 0, 47, 50, 51, 103, 112, 9, 89, 41, 4, 255 };

static void put_upper_tcp(struct test_packet *p, enum upper upper)
{
	switch (upper) {
	case UPPER_SYN:
		put_tcp(p, 1234, 80, 0x02, 5, "");
		break;
	case UPPER_SYNACK:
		put_tcp(p, 80, 1234, 0x12, 1, "");
		break;
	case UPPER_GET:
		put_tcp(p, 1234, 80, 0x18, 3,
			"GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
		break;
	case UPPER_REPLY:
		put_tcp(p, 80, 40000, 0x10, 0, "HTTP/1.1 200 OK\r\n\r\n");
		break;
	case UPPER_TLS:
		put_tcp(p, 40000, 443, 0x18, 10, "\x16\x03\x01\x02\x01\x01");
		break;
	case UPPER_RST:
		put_tcp(p, 22, 443, 0x04, 0, "");
		break;
	default:
		put_tcp(p, 53, 50, 0xe9, 0, "x");
	}
}

static void put_icmp(struct test_packet *p, uint8_t type, uint8_t code)
{
	put8(p, type);
	put8(p, code);
	put16(p, 0x7777);
	put16(p, 7);
	put16(p, 3 + code);
	put_text(p, "abcdefgh");
}

/* Returns the IP protocol. @six: the kinds that ICMPv6 has in their place. */
static uint8_t put_upper(struct test_packet *p, enum upper upper, bool six)
{
	switch (upper) {
	case UPPER_SYN ... UPPER_XMAS:
		put_upper_tcp(p, upper);
		return 6;
	case UPPER_DNS_QUERY:
		put_udp(p, 5353, 53, packets_dns_query, sizeof(packets_dns_query));
		return 17;
	case UPPER_DNS_REPLY:
		put_udp(p, 53, 5353, packets_dns_reply, sizeof(packets_dns_reply));
		return 17;
	case UPPER_UDP_EMPTY:
		put_udp(p, 7, 9, "", 0);
		return 17;
	case UPPER_UDP_MARK:
		put_udp(p, 1234, 5678, "\x12\x34\x56\x78", 4);
		return 17;
	case UPPER_PING ... UPPER_EXCEEDED: {
		static const uint8_t types[][2] = {
			{ 8, 128 }, { 0, 129 }, { 3, 135 }, { 11, 136 }
		};

		put_icmp(p, types[upper - UPPER_PING][six],
			 upper == UPPER_UNREACH ? 4 : 0);
		return six ? 58 : 1;
	}
	case UPPER_IGMP:
		put32(p, 0x16000000);
		put32(p, 0xe0000001);
		return 2;
	case UPPER_SCTP:
		put16(p, 80);
		put16(p, 8080);
		put_zeros(p, 8);
		return 132;
	default:
		put_text(p, "other protocol's data");
		return packets_other[upper - UPPER_OTHER];
	}
}

/* The variety of IP headers, by number. */
static const struct ip4 packets_ip4[] = {
	{ .src = 0x0a000001, .dst = 0x0a000002 },
	{ .src = 0x0a000002, .dst = 0x0a000001, .ttl = 1, .tos = 0xb8 },
	{ .src = 0x0a000001, .dst = 0xc0a80101, .options = 1, .tos = 3 },
	{ .src = 0xc0a80101, .dst = 0xac100001, .options = 10, .ttl = 32 },
	{ .src = 0x0a090909, .dst = 0xe0000001, .fragment = 0x4000, .ttl = 255 },
	{ .src = 0x0a000001, .dst = 0x0a000002, .fragment = 0x2000 },
	{ .src = 0x0a000001, .dst = 0x0a000002, .fragment = 0x20b9 },
	{ .src = 0x7f000001, .dst = 0xffffffff, .fragment = 0x00b9, .options = 2 },
};

#define PACKETS_IP4 (sizeof(packets_ip4) / sizeof(*packets_ip4))
#define PACKETS_IP6 6

static void put_ip4_packet(struct test_packet *p, unsigned int header, enum upper upper)
{
	struct test_packet body = {};
	struct ip4 ip = packets_ip4[header % PACKETS_IP4];

	ip.proto = put_upper(&body, upper, false);
	ip.payload = body.len;
	put_ip4(p, &ip);
	put_bytes(p, body.data, body.len);
}

/* Extension headers: hop-by-hop, routing, fragment (first, later), two. */
static void put_ip6_packet(struct test_packet *p, unsigned int header, enum upper upper)
{
	static const uint8_t firsts[PACKETS_IP6] = { 0, 0, 43, 44, 44, 0 };
	struct test_packet body = {};
	unsigned int kind = header % PACKETS_IP6;
	uint8_t next = put_upper(&body, upper, true);
	uint8_t src = 1 + (header & 1), dst = upper % 5 ? 3 - src : 0x81;

	if (!kind) {
		put_ip6(p, next, body.len, src, dst);
	} else {
		put_ip6(p, firsts[kind], body.len + 8 * (1 + (kind == 5)), src, dst);
		put8(p, kind == 5 ? 60 : next);
		put8(p, 0);
		put16(p, kind == 3 ? 1 : kind == 4 ? 0x0b9 : 0x0104);
		put32(p, kind);
		if (kind == 5) {
			put8(p, next);
			put_bytes(p, "\0\x01\x04\0\0\0\0", 7);
		}
	}
	put_bytes(p, body.data, body.len);
}

/* What is between the MAC addresses and IP, by number. */
enum lower {
	LOWER_PLAIN,
	LOWER_VLAN,
	LOWER_QINQ,
	LOWER_VLAN_VLAN,
	LOWER_MPLS,
	LOWER_MPLS_MPLS,
	LOWER_VLAN_MPLS,
	LOWER_PPPOE,
	LOWER_VLAN_PPPOE,
	LOWER_COUNT
};

static void put_vlan(struct test_packet *p, uint16_t type, uint16_t tci)
{
	put16(p, type);
	put16(p, tci);
}

static void put_lower(struct test_packet *p, enum lower lower, bool six)
{
	uint16_t type = six ? ETH_IP6 : ETH_IP;

	if (lower == LOWER_VLAN || lower == LOWER_VLAN_MPLS || lower == LOWER_VLAN_PPPOE)
		put_vlan(p, ETH_VLAN, 0x2000 | 100);
	if (lower == LOWER_QINQ || lower == LOWER_VLAN_VLAN) {
		put_vlan(p, lower == LOWER_QINQ ? ETH_QINQ : ETH_VLAN, 100);
		put_vlan(p, ETH_VLAN, 200);
	}
	if (lower == LOWER_MPLS || lower == LOWER_MPLS_MPLS || lower == LOWER_VLAN_MPLS) {
		put16(p, ETH_MPLS);
		if (lower == LOWER_MPLS_MPLS)
			put32(p, 100 << 12 | 64);
		put32(p, (lower == LOWER_MPLS_MPLS ? 200 : 100) << 12 | 0x100 | 64);
		return;
	}
	if (lower == LOWER_PPPOE || lower == LOWER_VLAN_PPPOE) {
		put16(p, ETH_PPPOES);
		put32(p, 0x11000000 | 17);
		put16(p, 64);
		put16(p, six ? 0x0057 : 0x0021);
		return;
	}
	put16(p, type);
}

static struct test_packet *packets_add(struct test_packets *packets, const char *name)
{
	struct test_packet *p = &packets->list[packets->count++];

	p->name = name;
	return p;
}

static void packets_make_ip(struct test_packets *packets)
{
	for (unsigned int upper = 0; upper < UPPER_COUNT; upper++) {
		for (unsigned int turn = 0; turn < 6; turn++) {
			struct test_packet *p = packets_add(packets, "ip");
			unsigned int number = upper + 7 * turn;
			bool six = turn % 3 == 2;

			put_macs(p, turn & 1 ? 1 : 2, turn & 1 ? 2 : 1);
			put_lower(p, turn < 3 ? LOWER_PLAIN : number % LOWER_COUNT, six);
			if (six)
				put_ip6_packet(p, number, upper);
			else
				put_ip4_packet(p, turn ? number : 0, upper);
			if (number % 4 == 1) /* padding, as of short frames */
				put_zeros(p, 12);
		}
	}
}

static void packets_make_arp(struct test_packets *packets)
{
	for (unsigned int i = 0; i < 4; i++) {
		struct test_packet *p = packets_add(packets, "arp");

		if (i & 1) {
			put_macs(p, 1, 2);
		} else {
			put_bytes(p, "\xff\xff\xff\xff\xff\xff\x02\0\0\0\0\x01", 12);
		}
		if (i == 3)
			put_vlan(p, ETH_VLAN, 200);
		put16(p, i == 2 ? ETH_RARP : ETH_ARP);
		put_bytes(p, "\0\x01\x08\0\x06\x04\0", 7);
		put8(p, 1 + (i & 1));
		put_bytes(p, "\x02\0\0\0\0\x01\x0a\0\0\x01", 10);
		put_bytes(p, "\0\0\0\0\0\0\x0a\0\0\x02", 10);
		put_zeros(p, 18);
	}
}

/* 802.3 frames: a length where the type is, then LLC. */
static void packets_make_llc(struct test_packets *packets)
{
	static const char *const heads[] = {
		"\x42\x42\x03",			    /* spanning tree */
		"\xfe\xfe\x03\x83\x1b\x01\x00\x0f", /* IS-IS, level 1 */
		"\xfe\xfe\x03\x81",		    /* CLNP */
		"\xe0\xe0\x03",			    /* IPX */
		"\xf0\xf0\x03",			    /* NetBEUI */
		"\xaa\xaa\x03\x08\x07\x80\x9b",	    /* SNAP, AppleTalk */
		"\x04\x04\x01",
		"\x04\x04\x02",
	};

	for (size_t i = 0; i < sizeof(heads) / sizeof(*heads); i++) {
		struct test_packet *p = packets_add(packets, "llc");

		put_bytes(p, "\x01\x80\xc2\0\0\0\x02\0\0\0\0\x01", 12);
		put16(p, 46);
		put_text(p, heads[i]);
		put_zeros(p, 46);
	}
}

static void packets_make_types(struct test_packets *packets)
{
	static const uint16_t types[] = { 0x88cc, 0x6004,     0x6002,  0x6001,
					  0x6007, 0x80f3,     0x809b,  0x6003,
					  0x8137, ETH_PPPOED, ETH_MPLS };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct test_packet *p = packets_add(packets, "type");

		put_bytes(p, i & 1 ? "\x01\x80\xc2\0\0\x0e" : "\x02\0\0\0\0\x02", 6);
		put_bytes(p, "\x02\0\0\0\0\x01", 6);
		put16(p, types[i]);
		put32(p, 0x02010203);
		put_text(p, "what the type's own protocol says");
	}
}

static void packets_make_geneve(struct test_packets *packets)
{
	for (unsigned int i = 0; i < 6; i++) {
		struct test_packet *p = packets_add(packets, "geneve");
		struct test_packet inner = {}, body = {};

		put32(&inner, i & 1 ? 0x02006558 : 0x00006558);
		put32(&inner, (i < 4 ? 7 : 8) << 8);
		if (i & 1)
			put_zeros(&inner, 8);
		put_macs(&inner, 2, 1);
		put_lower(&inner, i == 2 ? LOWER_VLAN : LOWER_PLAIN, i == 3);
		if (i == 3)
			put_ip6_packet(&inner, 0, UPPER_GET);
		else
			put_ip4_packet(&inner, 0, i & 1 ? UPPER_PING : UPPER_SYN);

		put_udp(&body, 40000, 6081, inner.data, inner.len);
		put_macs(p, 2, 1);
		put16(p, i == 5 ? ETH_IP6 : ETH_IP);
		if (i == 5)
			put_ip6(p, 17, body.len, 1, 2);
		else
			put_ip4(p, &(struct ip4){ .src = 0xc0a80101,
						  .dst = 0xc0a80102,
						  .proto = 17,
						  .options = i == 4,
						  .payload = body.len });
		put_bytes(p, body.data, body.len);
	}
}

/* Long ones: past the bound of most filters, and up to what a test run takes. */
static void packets_make_long(struct test_packets *packets)
{
	static const unsigned int lens[] = { 576, 1400, 1514, 1515, 2500, 2990 };

	for (size_t i = 0; i < sizeof(lens) / sizeof(*lens); i++) {
		struct test_packet *p = packets_add(packets, "long");

		put_macs(p, 2, 1);
		put16(p, ETH_IP);
		put_ip4_packet(p, i, i & 1 ? UPPER_GET : UPPER_UDP_MARK);
		while (p->len < lens[i])
			put8(p, p->len * 7);
	}
}

static void packets_mutate(struct test_packet *p, uint64_t *seed)
{
	unsigned int changes = packets_random(seed) % 5;

	if (packets_random(seed) % 3 == 0)
		p->len = packets_random(seed) % (p->len + 1);
	for (unsigned int i = 0; p->len && i < changes; i++) {
		unsigned int reach = p->len > 80 ? 80 : p->len;

		p->data[packets_random(seed) % reach] ^= 1U << packets_random(seed) % 8;
	}
	p->name = "mutation";
}

static void packets_make_mutations(struct test_packets *packets, uint64_t *seed)
{
	size_t crafted = packets->count;

	for (size_t i = 0; i < crafted * PACKETS_MUTATIONS; i++) {
		struct test_packet *p = packets_add(packets, "");

		*p = packets->list[i % crafted];
		packets_mutate(p, seed);
	}
}

static void packets_make_noise(struct test_packets *packets, uint64_t *seed)
{
	for (unsigned int i = 0; i < PACKETS_NOISE; i++) {
		struct test_packet *p = packets_add(packets, "noise");

		/* every length around the Ethernet header, then any */
		p->len = i < 20 ? i : packets_random(seed) % 200;
		for (unsigned int k = 0; k < p->len; k++)
			p->data[k] = packets_random(seed);
	}
}

void packets_make(struct test_packets *packets)
{
	size_t most = PACKETS_CRAFTED_MAX * (1 + PACKETS_MUTATIONS) + PACKETS_NOISE;
	uint64_t seed = 0x62706670617468;

	packets->list = calloc(most, sizeof(*packets->list));
	packets->count = 0;
	if (!packets->list)
		abort();

	packets_make_ip(packets);
	packets_make_arp(packets);
	packets_make_llc(packets);
	packets_make_types(packets);
	packets_make_geneve(packets);
	packets_make_long(packets);
	packets_make_mutations(packets, &seed);
	packets_make_noise(packets, &seed);
}

void packets_free(struct test_packets *packets)
{
	free(packets->list);
	packets->list = NULL;
	packets->count = 0;
}
