/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * packet_skb.bpf.h - the bytes of a packet, read from an sk_buff
 *
 * Only used where config_reads is true.
 */
#ifndef BPFPATH_PACKET_SKB_BPF_H
#define BPFPATH_PACKET_SKB_BPF_H

#include "bpf/skb.bpf.h"

#include <bpf/bpf_endian.h>

#include "bpf/packet.h"

#define PACKET_MAC_LEN	 14
#define PACKET_VLAN_LEN	 4
#define PACKET_FRAGS	 4 /* of a packet that are looked at for headers */
#define PACKET_PAGE_SIZE 4096

/* Where a packet is in memory, as seen from a gate. */
enum packet_at {
	PACKET_AT_DATA, /* at skb->data: on its way out through a device */
	PACKET_AT_MAC,	/* at the MAC header: received */
	PACKET_AT_IP,	/* at the network header: local output, no device yet */
};

/*
 * Read @len bytes to @offset of the packet; false: they cannot be read. The
 * compiler must not know what the verifier has to see.
 */
static __always_inline bool packet_copy(struct packet *packet, __u32 offset, __u32 len,
					__u64 from)
{
	asm volatile("" : "+r"(offset), "+r"(len));
	if (offset >= PACKET_SNAP_MAX || len > PACKET_SNAP_MAX)
		return false;
	if (!len)
		return true;
	return !bpf_probe_read_kernel(packet->data + offset, len, (void *)from);
}

/* Add up to @len bytes to what is captured, as far as @want. */
static __always_inline bool packet_add(struct packet *packet, __u32 want, __u32 len,
				       __u64 from)
{
	__u32 captured = packet->captured;

	if (captured >= want)
		return false;
	if (len > want - captured)
		len = want - captured;
	if (!packet_copy(packet, captured, len, from))
		return false;
	packet->captured = captured + len;
	return true;
}

/* The address of the memory that @page stands for; 0: cannot be told. */
static __always_inline __u64 packet_page_address(__u64 page)
{
	__u64 pages, memory;

	if (!config_vmemmap_base || !config_page_offset_base || (page & 1))
		return 0;
	if (bpf_probe_read_kernel(&pages, sizeof(pages), (void *)config_vmemmap_base) ||
	    bpf_probe_read_kernel(&memory, sizeof(memory),
				  (void *)config_page_offset_base))
		return 0;
	return memory +
	       (page - pages) / bpf_core_type_size(struct page) * PACKET_PAGE_SIZE;
}

/* What lies behind the linear part: headers may be there, too. */
static __always_inline void packet_add_frags(struct packet *packet, const struct skb *skb,
					     __u32 want)
{
	__u64 shared = skb_head(skb) + skb->from->end;
	__u64 frags = shared + bpf_core_field_offset(struct skb_shared_info, frags);
	struct skb_frag frag;
	__u8 count = 0;

	bpf_probe_read_kernel(
		&count, sizeof(count),
		(void *)(shared +
			 bpf_core_field_offset(struct skb_shared_info, nr_frags)));
	for (int i = 0; i < PACKET_FRAGS; i++) {
		__u64 page;

		if (i >= count || packet->captured >= want)
			return;
		if (bpf_probe_read_kernel(&frag, sizeof(frag),
					  (void *)(frags + i * sizeof(frag))))
			return;
		page = packet_page_address(frag.page);
		if (!page || !packet_add(packet, want, frag.len, page + frag.offset))
			return;
	}
}

/* The two MAC addresses, then the tag that the kernel keeps beside the packet. */
static __always_inline void packet_add_vlan(struct packet *packet, const struct skb *skb,
					    __u64 start)
{
	__be16 tag[2] = { skb->from->vlan_proto, bpf_htons(skb->from->vlan_tci) };

	if (bpf_probe_read_kernel(packet->data, 12, (void *)start))
		return;
	__builtin_memcpy(packet->data + 12, tag, sizeof(tag));
	packet->captured = 12 + PACKET_VLAN_LEN;
	packet->len += PACKET_VLAN_LEN;
}

/* Of a packet on @dev, NULL: it has none. */
static __always_inline bool packet_has_mac(const struct net_device *dev)
{
	__u16 type = READ(struct net_device, dev, type);

	return type == ARPHRD_ETHER || type == ARPHRD_LOOPBACK;
}

static __always_inline __u64 packet_start(const struct skb *skb, enum packet_at at,
					  __u8 layer)
{
	__u64 head = skb_head(skb);

	if (at == PACKET_AT_IP)
		return head + skb->from->network_header;
	if (at == PACKET_AT_MAC && layer == EVENT_LAYER_ETHERNET &&
	    skb->from->mac_header != SKB_HEADER_UNSET)
		return head + skb->from->mac_header;
	return skb_data(skb);
}

/*
 * Until ip_local_out the total length of an IPv4 header is not written yet: it
 * is put in, so that filters see the packet as it will be. Likewise IPv6.
 */
static __always_inline void packet_fix_length(struct packet *packet)
{
	__u8 version = packet->data[0] >> 4;
	__be16 zero = 0;

	if (version == 4 && *(__be16 *)(packet->data + 2) == zero)
		*(__be16 *)(packet->data + 2) = bpf_htons(packet->len);
	if (version == 6 && *(__be16 *)(packet->data + 4) == zero)
		*(__be16 *)(packet->data + 4) = bpf_htons(packet->len - 40);
}

static __always_inline __u8 packet_layer(const struct skb *skb, enum packet_at at)
{
	return at != PACKET_AT_IP && packet_has_mac(skb_dev(skb)) ? EVENT_LAYER_ETHERNET
								  : EVENT_LAYER_IP;
}

/* Of a packet that begins at @start, without a tag that the kernel keeps beside it. */
static __always_inline __u32 packet_length(const struct skb *skb, __u64 start)
{
	return skb->from->len + (__u32)(skb_data(skb) - start);
}

/* Fill @packet with the first @snap bytes of @skb; false: they cannot be read. */
static __always_inline bool packet_from_skb(struct packet *packet, const struct skb *skb,
					    enum packet_at at, __u32 snap)
{
	__u32 data_len = skb->from->data_len, want;
	__u64 start, skipped = 0;

	packet->layer = packet_layer(skb, at);
	start = packet_start(skb, at, packet->layer);
	packet->captured = 0;
	packet->len = packet_length(skb, start);
	if (packet->layer == EVENT_LAYER_ETHERNET && skb_has_vlan(skb)) {
		packet_add_vlan(packet, skb, start);
		skipped = packet->captured ? 12 : 0;
	}
	want = packet->len < snap ? packet->len : snap;
	if (!packet_add(packet, want, packet->len - data_len - packet->captured,
			start + skipped))
		return packet->captured > 0;
	if (data_len && packet->captured < want)
		packet_add_frags(packet, skb, want);
	if (at == PACKET_AT_IP)
		packet_fix_length(packet);
	return true;
}

#endif
