/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * headers.bpf.h - the headers of a packet that is followed: are they still the same?
 *
 * A hash of them is kept with the packet. Where it differs from the one before, the
 * step brings the headers with it, and the user side tells what was altered.
 *
 * Only used where config_reads is true.
 */
#ifndef BPFPATH_HEADERS_BPF_H
#define BPFPATH_HEADERS_BPF_H

#include "bpf/follow.bpf.h"
#include "bpf/packet_skb.bpf.h"

#define HEADERS_WORDS  8 /* 64 bytes: Ethernet, IPv6, ports; Ethernet, IPv4, TCP */
#define HEADERS_LEN    (HEADERS_WORDS * 8)
#define HEADERS_FACTOR 0x9e3779b97f4a7c15ULL /* 2^64 / golden ratio */

struct headers {
	__u64 start, end; /* addresses, in the linear part */
	__u8 layer;	  /* enum event_layer */
};

/*
 * The MAC header counts when it lies before the network header: in an outgoing tunnel
 * it is that of the packet inside. A packet from a driver has no network header yet.
 */
static __always_inline void headers_find(const struct skb *skb, struct headers *headers)
{
	__u16 mac = SKB_FIELD(skb, mac_header), network = SKB_FIELD(skb, network_header);
	__u64 head = SKB_ADDRESS(skb, head);

	headers->layer = EVENT_LAYER_IP;
	headers->start = head + network;
	headers->end = SKB_ADDRESS(skb, data) + SKB_FIELD(skb, len) -
		       SKB_FIELD(skb, data_len);
	if (mac != SKB_HEADER_UNSET && (!network || mac + PACKET_MAC_LEN <= network) &&
	    packet_has_mac(skb)) {
		headers->layer = EVENT_LAYER_ETHERNET;
		headers->start = head + mac;
	}
}

/*
 * Is there an IP header with the length of the packet in it? On the way down from a
 * socket that is written last (__ip_local_out, ip6_xmit), over what was in the memory.
 */
static __always_inline bool headers_complete(const struct skb *skb)
{
	__u16 network = SKB_FIELD(skb, network_header);
	__u64 start = SKB_ADDRESS(skb, head) + network;
	__u64 len = SKB_FIELD(skb, len) + SKB_ADDRESS(skb, data) - start;
	__u8 version;
	__be16 words[3];

	if (!network || bpf_probe_read_kernel(words, sizeof(words), (void *)start))
		return false;
	version = *(__u8 *)words >> 4;
	return (version == 4 && bpf_ntohs(words[1]) == len) ||
	       (version == 6 && bpf_ntohs(words[2]) + 40ULL == len);
}

static __always_inline __u64 headers_hash(const struct skb *skb,
					  const struct headers *headers)
{
	__u64 words[HEADERS_WORDS] = {}, hash = headers->layer;
	__u64 size = headers->end - headers->start;

	hash |= (__u64)SKB_FIELD(skb, vlan_tci) << 16 | (__u64)SKB_FIELD(skb, vlan_proto)
								<< 32;
	if (size > HEADERS_LEN)
		size = HEADERS_LEN;
	bpf_probe_read_kernel(words, size, (void *)headers->start);
	for (int i = 0; i < HEADERS_WORDS; i++) {
		hash = (hash ^ words[i]) * HEADERS_FACTOR;
		hash ^= hash >> 32;
	}
	return hash;
}

/* Learn the headers of a followed packet; true: they are others than before. */
static __always_inline bool headers_update(struct followed *followed,
					   const struct skb *skb)
{
	struct headers headers;
	__u64 hash;

	headers_find(skb, &headers);
	if (headers.end <= headers.start)
		return false;
	hash = headers_hash(skb, &headers);
	if (hash == followed->headers)
		return false;
	followed->headers = hash;
	return true;
}

/* The bytes for a snapshot. */
static __always_inline void headers_snapshot(const struct skb *skb, struct packet *packet)
{
	struct headers headers;
	__u64 skipped = 0;

	headers_find(skb, &headers);
	packet->layer = headers.layer;
	packet->captured = 0;
	packet->len = SKB_FIELD(skb, len) +
		      (__u32)(SKB_ADDRESS(skb, data) - headers.start);
	if (headers.end <= headers.start)
		return;
	if (headers.layer == EVENT_LAYER_ETHERNET && skb_has_vlan(skb)) {
		packet_add_vlan(packet, skb, headers.start);
		skipped = packet->captured ? 12 : 0;
	}
	packet_add(packet, EVENT_SNAP_LEN, headers.end - headers.start - skipped,
		   headers.start + skipped);
	if (headers.layer == EVENT_LAYER_IP)
		packet_fix_length(packet);
}

#endif
