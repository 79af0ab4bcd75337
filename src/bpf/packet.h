/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * packet.h - the bytes of one packet, as a gate hands them to the filter
 *
 * A gate copies the first bytes of the packet here, once; the filter is a pure
 * function of this memory, so that the same code runs behind every kind of
 * gate and in the tests. A VLAN tag that the kernel keeps beside the packet
 * (skb->vlan_tci) has been put back to where it is on the wire.
 */
#ifndef BPFPATH_PACKET_H
#define BPFPATH_PACKET_H

#include <linux/types.h>

/* A filter sees this many bytes of a packet at most. */
#define PACKET_SNAP_MAX 4096

struct packet {
	__u32 captured; /* bytes that are in data[]: <= PACKET_SNAP_MAX */
	__u32 len;	/* length of the packet on the wire */
	__u8 layer;	/* enum event_layer: what data[] begins with */
	__u8 pad[7];
	__u8 data[PACKET_SNAP_MAX] __attribute__((aligned(8)));
};

/*
 * The two places in a BPF program that a compiled filter is put into, one for
 * each layer. A slot is the body of a function
 *
 *	__u32 filter(const __u8 *data, __u64 captured, __u64 len)
 *
 * whose result is not 0 when the packet matches: FILTER_SLOT_INSNS times
 * "goto +0" between two marker instructions ("r0 = marker"), then "exit".
 */
#define FILTER_SLOT_INSNS	   4096
#define FILTER_SLOT_BEGIN_ETHERNET 0x62700a01
#define FILTER_SLOT_BEGIN_IP	   0x62700a02
#define FILTER_SLOT_END		   0x62700aff

#endif
