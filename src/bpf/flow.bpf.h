/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * flow.bpf.h - protocol, addresses and ports of a packet
 *
 * They are those that the user side reads from the same bytes (path/flow.c): of as many
 * bytes as a snapshot has, and of the outermost IP header.
 */
#ifndef BPFPATH_FLOW_BPF_H
#define BPFPATH_FLOW_BPF_H

#include <bpf/bpf_endian.h>
#include <stdbool.h>

#include "bpf/count.h"
#include "bpf/event.h"
#include "bpf/packet.h"

#define FLOW_LOOK	EVENT_SNAP_LEN
#define FLOW_ETHERNET	14
#define FLOW_TAGS	4 /* VLAN tags that are stepped over */
#define FLOW_EXTENSIONS 8 /* headers of IPv6 likewise */
#define FLOW_8021Q	0x8100
#define FLOW_8021AD	0x88a8
#define FLOW_FRAGMENT	44 /* IP protocols */
#define FLOW_AH		51

/* What lies at @at of the packet; NULL: there are no @bytes of it. */
static __always_inline const __u8 *flow_at(const struct packet *packet, __u32 at,
					   __u32 bytes)
{
	asm volatile("" : "+r"(at));
	if (at > FLOW_LOOK - bytes || at + bytes > packet->captured)
		return NULL;
	return packet->data + at;
}

static __always_inline __u16 flow_u16(const __u8 *at)
{
	return bpf_ntohs(*(const __be16 *)at);
}

static __always_inline bool flow_has_ports(__u8 proto)
{
	return proto == 6 || proto == 17 || proto == 132 || proto == 136;
}

static __always_inline void flow_ports(struct count_flow *flow,
				       const struct packet *packet, __u32 at)
{
	const __u8 *ports;

	if (!flow_has_ports(flow->ip_proto))
		return;
	ports = flow_at(packet, at, 4);
	if (!ports)
		return;
	flow->sport = flow_u16(ports);
	flow->dport = flow_u16(ports + 2);
	flow->flags |= COUNT_FLOW_PORTS;
}

/* Where the header behind that of IP begins; 0: it cannot be seen. */
static __always_inline __u32 flow_ipv4(struct count_flow *flow,
				       const struct packet *packet, __u32 at)
{
	const __u8 *ip = flow_at(packet, at, 20);
	__u32 header;

	if (!ip || ip[0] >> 4 != 4)
		return 0;
	flow->flags = COUNT_FLOW_ADDRESSES;
	flow->ip_proto = ip[9];
	*(__u32 *)flow->src = *(const __u32 *)(ip + 12);
	*(__u32 *)flow->dst = *(const __u32 *)(ip + 16);
	header = (ip[0] & 0xf) * 4;
	if (header < 20 || flow_u16(ip + 6) & 0x1fff)
		return 0;
	flow_ports(flow, packet, at + header);
	return at + header;
}

static __always_inline bool flow_is_extension(__u8 proto)
{
	return proto == 0 || proto == 43 || proto == FLOW_FRAGMENT || proto == FLOW_AH ||
	       proto == 60 || proto == 135;
}

/* How long a header is that is no fragment's. */
static __always_inline __u32 flow_extension_length(__u8 proto, const __u8 *extension)
{
	return 8 + extension[1] * (proto == FLOW_AH ? 4 : 8);
}

/*
 * The first header that is no extension; 0: it is in another fragment, or cannot be
 * seen.
 */
static __always_inline __u32 flow_extensions(struct count_flow *flow,
					     const struct packet *packet, __u32 at)
{
#pragma clang loop unroll(disable)
	for (int i = 0; i < FLOW_EXTENSIONS; i++) {
		__u8 proto = flow->ip_proto;
		const __u8 *extension;

		if (!flow_is_extension(proto))
			return at;
		extension = flow_at(packet, at, 8);
		if (!extension)
			return 0;
		flow->ip_proto = extension[0];
		if (proto != FLOW_FRAGMENT)
			at += flow_extension_length(proto, extension);
		else if (flow_u16(extension + 2) >> 3)
			return 0;
		else
			at += 8;
	}
	return 0;
}

/* As flow_ipv4(). */
static __always_inline __u32 flow_ipv6(struct count_flow *flow,
				       const struct packet *packet, __u32 at)
{
	const __u8 *ip = flow_at(packet, at, 40);

	if (!ip || ip[0] >> 4 != 6)
		return 0;
	flow->flags = COUNT_FLOW_ADDRESSES;
	flow->ip_proto = ip[6];
#pragma clang loop unroll(full)
	for (int i = 0; i < 16; i += 4) {
		*(__u32 *)(flow->src + i) = *(const __u32 *)(ip + 8 + i);
		*(__u32 *)(flow->dst + i) = *(const __u32 *)(ip + 24 + i);
	}
	at = flow_extensions(flow, packet, at + 40);
	if (at)
		flow_ports(flow, packet, at);
	return at;
}

/* RFC 826, for IPv4 over Ethernet */
static __always_inline void flow_arp(struct count_flow *flow, const struct packet *packet,
				     __u32 at)
{
	const __u8 *arp = flow_at(packet, at, 28);

	if (!arp || flow_u16(arp + 2) != COUNT_IPV4 || arp[4] != 6 || arp[5] != 4)
		return;
	flow->flags = COUNT_FLOW_ADDRESSES;
	*(__u32 *)flow->src = *(const __u32 *)(arp + 14);
	*(__u32 *)flow->dst = *(const __u32 *)(arp + 24);
}

/* Behind the Ethernet header and its tags; 0: they are cut off. */
static __always_inline __u32 flow_ethernet(struct count_flow *flow,
					   const struct packet *packet)
{
	const __u8 *type = flow_at(packet, FLOW_ETHERNET - 2, 2);
	__u32 at = FLOW_ETHERNET;

#pragma clang loop unroll(full)
	for (int i = 0; type && i <= FLOW_TAGS; i++) {
		flow->ethertype = flow_u16(type);
		if (flow->ethertype != FLOW_8021Q && flow->ethertype != FLOW_8021AD)
			return at;
		type = flow_at(packet, at + 2, 2);
		at += 4;
	}
	return 0;
}

/* @flow is all 0. Where the header behind that of IP begins; 0: it cannot be seen. */
static __always_inline __u32 flow_read(struct count_flow *flow,
				       const struct packet *packet)
{
	const __u8 *ip = flow_at(packet, 0, 1);
	__u32 at = 0;

	if (packet->layer == EVENT_LAYER_ETHERNET)
		at = flow_ethernet(flow, packet);
	else if (ip && ip[0] >> 4 == 4)
		flow->ethertype = COUNT_IPV4;
	else if (ip && ip[0] >> 4 == 6)
		flow->ethertype = COUNT_IPV6;
	if (flow->ethertype == COUNT_IPV4)
		return flow_ipv4(flow, packet, at);
	if (flow->ethertype == COUNT_IPV6)
		return flow_ipv6(flow, packet, at);
	if (flow->ethertype == COUNT_ARP)
		flow_arp(flow, packet, at);
	return 0;
}

#endif
