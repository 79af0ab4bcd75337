// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The filter behind a gate, alone: tests/filter runs it on made-up packets. It
 * consists of what the real gates consist of.
 */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <bpf/bpf_helpers.h>

#include "bpf/packet_tc.bpf.h"
#include "bpf/slot.bpf.h"

/* Returned in place of a verdict (0 or 1) when the packet cannot be read. */
#define FILTER_TEST_UNREAD 2

const volatile __u32 snap = PACKET_SNAP_MAX;
const volatile __u16 push_tci = 0; /* tag to put beside the packet first */

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct packet);
} scratch SEC(".maps");

static __always_inline int filter_test(struct __sk_buff *skb, __u8 layer)
{
	__u32 key = 0;
	struct packet *packet = bpf_map_lookup_elem(&scratch, &key);

	if (!packet || packet_from_tc(skb, packet, layer, snap))
		return FILTER_TEST_UNREAD;
	return filter_match(packet);
}

SEC("bpfpath_tc")
int test_ethernet(struct __sk_buff *skb)
{
	if (push_tci && bpf_skb_vlan_push(skb, bpf_htons(0x8100), push_tci))
		return FILTER_TEST_UNREAD;
	return filter_test(skb, EVENT_LAYER_ETHERNET);
}

/*
 * A type of program whose packets begin with the IP header: those of tc get
 * an Ethernet header in a test run, always.
 */
SEC("bpfpath_ip")
int test_ip(struct __sk_buff *skb)
{
	return filter_test(skb, EVENT_LAYER_IP);
}

char LICENSE[] SEC("license") = "GPL";
