/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * packet_tc.bpf.h - a packet's bytes, read in a tc program
 *
 * With what UAPI and the tc helpers give: no kernel memory is read, so this
 * works on a kernel in confidentiality lockdown.
 */
#ifndef BPFPATH_PACKET_TC_BPF_H
#define BPFPATH_PACKET_TC_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/packet.h"

#define PACKET_TC_MACS_LEN 12 /* both addresses, in front of a VLAN tag */
#define PACKET_TC_VLAN_LEN 4

/*
 * Copy @bytes bytes at @from of the packet to @to. 0, or negative when it is
 * shorter or @bytes is more than @limit, a constant that fits @to.
 */
static __always_inline int packet_tc_copy(struct __sk_buff *skb, __u32 from, void *to,
					  __u64 bytes, __u64 limit)
{
	if (!bytes)
		return 0;
	/*
	 * The verifier wants to see 1 <= size <= limit of the very register that
	 * is passed: clang must not move the check, and the value is 64 bits
	 * wide, or else clang checks a copy whose upper half it has cleared.
	 */
	bytes--;
	asm volatile("" : "+r"(bytes));
	if (bytes >= limit)
		return -1;
	return bpf_skb_load_bytes(skb, from, to, bytes + 1);
}

/*
 * A tag that the kernel or the device took off is put back to where it was on
 * the wire: the filter sees bytes, and libpcap's programs look for it there.
 */
static __always_inline int packet_tc_copy_tagged(struct __sk_buff *skb, struct packet *p,
						 __u32 bytes)
{
	__be16 tag[] = { skb->vlan_proto, bpf_htons(skb->vlan_tci) };

	if (bytes > PACKET_SNAP_MAX - PACKET_TC_VLAN_LEN)
		bytes = PACKET_SNAP_MAX - PACKET_TC_VLAN_LEN;
	if (bpf_skb_load_bytes(skb, 0, p->data, PACKET_TC_MACS_LEN))
		return -1;

	__builtin_memcpy(p->data + PACKET_TC_MACS_LEN, tag, PACKET_TC_VLAN_LEN);
	p->captured = bytes + PACKET_TC_VLAN_LEN;
	p->len += PACKET_TC_VLAN_LEN;
	return packet_tc_copy(skb, PACKET_TC_MACS_LEN,
			      p->data + PACKET_TC_MACS_LEN + PACKET_TC_VLAN_LEN,
			      bytes - PACKET_TC_MACS_LEN,
			      PACKET_SNAP_MAX - PACKET_TC_MACS_LEN - PACKET_TC_VLAN_LEN);
}

/*
 * Fill in @p, which lies in a map value, with the first @snap bytes of the
 * packet at most. @layer is what the packet begins with on this device. 0, or
 * negative when it cannot be read. Bytes in page fragments are read like the
 * others.
 */
static __always_inline int packet_from_tc(struct __sk_buff *skb, struct packet *p,
					  __u8 layer, __u32 snap)
{
	__u32 bytes;

	/* never less than what is in front of a tag: that is read as one piece */
	if (snap < PACKET_TC_MACS_LEN)
		snap = PACKET_TC_MACS_LEN;
	if (snap > PACKET_SNAP_MAX)
		snap = PACKET_SNAP_MAX;
	bytes = skb->len < snap ? skb->len : snap;

	p->layer = layer;
	p->len = skb->len;
	p->captured = bytes;

	if (layer == EVENT_LAYER_ETHERNET && skb->vlan_present)
		return packet_tc_copy_tagged(skb, p, bytes);
	return packet_tc_copy(skb, 0, p->data, bytes, PACKET_SNAP_MAX);
}

#endif
