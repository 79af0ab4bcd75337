/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * headers.bpf.h - the headers of a packet that is followed: are they still the same?
 *
 * They are kept with the packet. Where they differ from those before, the step brings the
 * headers with it, and the user side tells what was altered.
 *
 * Only used where config_reads is true.
 */
#ifndef BPFPATH_HEADERS_BPF_H
#define BPFPATH_HEADERS_BPF_H

#include <linux/in.h>

#include "bpf/packet_skb.bpf.h"
#include "bpf/place.bpf.h"

#define HEADERS_LEN	 (FOLLOW_HEADERS * 8)
#define HEADERS_IPV4_LEN 20 /* without options, which hardly any packet has */

struct headers {
	__u64 start, end; /* addresses, in the linear part */
	__u8 layer;	  /* enum event_layer */
};

/*
 * Does the packet have what is said to be its MAC header? It lies before the network
 * header: in an outgoing tunnel it is that of the packet inside. A copy may have the
 * place alone, with what was in the memory before, until the header is made there.
 */
static __always_inline bool headers_have_mac(const struct followed *followed,
					     const struct skb *skb, __u16 mac,
					     __u16 network)
{
	if (mac == SKB_HEADER_UNSET || (network && mac + PACKET_MAC_LEN > network))
		return false;
	return !followed->bare || skb_head(skb) + mac >= skb_data(skb);
}

/*
 * A packet from a driver has no network header yet, and one in a socket's queue no device
 * any more, but what it had on the last one.
 */
static __always_inline void headers_find(const struct followed *followed,
					 const struct skb *skb, struct headers *headers)
{
	const struct skb_places at = skb_places(skb);
	__u64 head = skb_head(skb);

	headers->layer = EVENT_LAYER_IP;
	headers->start = head + at.network;
	headers->end = head + at.tail;
	if (followed->has_mac && headers_have_mac(followed, skb, at.mac, at.network)) {
		headers->layer = EVENT_LAYER_ETHERNET;
		headers->start = head + at.mac;
	}
}

/*
 * Is there an IP header with the length of the packet in it? On the way down from a
 * socket that is written last (__ip_local_out, ip6_xmit), over what was in the memory.
 */
static __always_inline bool headers_complete(const struct skb *skb)
{
	__u16 network = skb->from->network_header;
	__u64 start = skb_head(skb) + network;
	__u64 len = skb->from->len + skb_data(skb) - start;
	__u8 version;
	__be16 words[3];

	if (!network || bpf_probe_read_kernel(words, sizeof(words), (void *)start))
		return false;
	version = *(__u8 *)words >> 4;
	return (version == 4 && bpf_ntohs(words[1]) == len) ||
	       (version == 6 && bpf_ntohs(words[2]) + 40ULL == len);
}

static __always_inline __u32 headers_vlan(const struct skb *skb)
{
	if (bpf_core_field_exists(skb->from->vlan_all))
		return skb->from->vlan_all;
	return (__u32)skb->from->vlan_tci << 16 | skb->from->vlan_proto;
}

/* What the headers are beside their bytes; never 0. */
static __always_inline __u64 headers_shape(const struct skb *skb,
					   const struct headers *headers)
{
	return (__u64)headers_vlan(skb) << 32 | headers->layer << 1 | 1;
}

/*
 * How many words the headers are, rounded up: what lies behind the ports, or TCP's
 * options, is data. Of what is not IPv4 with UDP or TCP, all may be headers.
 */
static __always_inline __u8 headers_words(const __u64 known[FOLLOW_HEADERS], __u8 layer)
{
	const __u32 ip = layer == EVENT_LAYER_ETHERNET ? PACKET_MAC_LEN : 0;
	const __u8 *bytes = (const __u8 *)known;
	__u32 length = ip + HEADERS_IPV4_LEN;

	if (ip && (bytes[12] != 0x08 || bytes[13] != 0x00))
		return FOLLOW_HEADERS;
	if (bytes[ip] != 0x45)
		return FOLLOW_HEADERS;
	if (bytes[ip + 9] == IPPROTO_UDP)
		length += 8;
	else if (bytes[ip + 9] == IPPROTO_TCP)
		length += bytes[ip + HEADERS_IPV4_LEN + 12] >> 4 << 2;
	else
		return FOLLOW_HEADERS;
	return length < HEADERS_LEN ? (length + 7) / 8 : FOLLOW_HEADERS;
}

/*
 * Is one of the @count first words another than before? At least four are compared, and
 * each costs as much as all that is done here besides.
 */
static __always_inline __u64 headers_differ(const __u64 *known, const __u64 *words,
					    __u8 count)
{
	__u64 other = 0;

	for (int i = 0; i < FOLLOW_HEADERS; i++) {
		if (i >= 4 && i == count)
			break;
		other |= words[i] ^ known[i];
	}
	return other;
}

/* Learn @words; true: one of them is another than before, or @other is not 0. */
static __always_inline bool headers_take(struct followed *followed, const __u64 *words,
					 __u64 other)
{
	__u64 *known = follow_headers(followed);

	if (!other && !headers_differ(known, words, followed->words))
		return false;
	for (int i = 0; i < FOLLOW_HEADERS; i++)
		known[i] = words[i];
	return true;
}

/* Words behind the end are left 0. */
static __always_inline bool headers_learn_copy(struct followed *followed,
					       const struct headers *headers, __u64 other)
{
	__u64 copy[FOLLOW_HEADERS] = {}, size = headers->end - headers->start;

	if (size > HEADERS_LEN)
		size = HEADERS_LEN;
	bpf_probe_read_kernel(copy, size, (void *)headers->start);
	return headers_take(followed, copy, other);
}

/* Most packets are as long as that. */
static __always_inline bool headers_learn(struct followed *followed,
					  const struct headers *headers, __u64 other)
{
	if (config_direct && headers->end - headers->start >= HEADERS_LEN)
		return headers_take(followed, READ_WORDS(headers->start), other);
	return headers_learn_copy(followed, headers, other);
}

/* Learn the headers of a followed packet; true: they are others than before. */
static __always_inline bool headers_update(struct followed *followed,
					   const struct skb *skb)
{
	struct headers headers;
	__u64 shape, other;

	headers_find(followed, skb, &headers);
	if (headers.layer == EVENT_LAYER_ETHERNET)
		followed->bare = 0;
	if (headers.end <= headers.start)
		return false;
	shape = headers_shape(skb, &headers);
	other = shape ^ followed->headers;
	followed->headers = shape;
	if (!headers_learn(followed, &headers, other))
		return false;
	followed->words = headers_words(follow_headers(followed), headers.layer);
	return true;
}

/* The bytes for a snapshot. */
static __always_inline void headers_snapshot(const struct followed *followed,
					     const struct skb *skb, struct packet *packet)
{
	struct headers headers;
	__u64 skipped = 0;

	headers_find(followed, skb, &headers);
	packet->layer = headers.layer;
	packet->captured = 0;
	packet->len = skb->from->len + (__u32)(skb_data(skb) - headers.start);
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
