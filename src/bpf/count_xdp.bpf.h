/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * count_xdp.bpf.h - packets that never become an sk_buff: a native XDP program took them
 *
 * A device has one XDP program (dev_xdp_attach, net/core/dev.c), so that none can be
 * attached beside it. This one runs when that one has returned (fexit), sees the packet
 * as it was left, and changes nothing. It is loaded once for each program.
 */
#ifndef BPFPATH_COUNT_XDP_BPF_H
#define BPFPATH_COUNT_XDP_BPF_H

#include "bpf/count.bpf.h"
#include "bpf/packet_skb.bpf.h"

/* With generic XDP it was an sk_buff before, and is counted as one. */
static __always_inline bool count_xdp_is_native(const struct net_device *dev)
{
	return !BPF_CORE_READ(dev, xdp_prog);
}

static __always_inline void count_xdp_packet(struct xdp_buff *xdp,
					     const struct count_seen *seen)
{
	__u64 data = (__u64)BPF_CORE_READ(xdp, data);
	__u32 len = (__u64)BPF_CORE_READ(xdp, data_end) - data;
	struct packet *packet;

	if (!config_count_bytes) {
		count_unread(seen, len);
		return;
	}
	packet = nest_enter();
	if (!packet)
		return;
	packet->layer = EVENT_LAYER_ETHERNET;
	packet->len = len;
	packet->captured = 0;
	packet_add(packet, len < config_look ? len : config_look, len, data);
	count_packet(packet, seen);
	nest_leave(packet);
}

/* The argument of the program, and then what it has returned. */
SEC("bpfpath_fexit")
int count_xdp(__u64 *ctx)
{
	struct xdp_buff *xdp = (void *)ctx[0];
	struct count_seen seen = {
		.place.direction = COUNT_IN,
		.end = { .reason = (__u32)ctx[1], .kind = COUNT_END_XDP },
	};
	struct net_device *dev = BPF_CORE_READ(xdp, rxq, dev);

	if (seen.end.reason == COUNT_XDP_PASS || !count_xdp_is_native(dev))
		return 0;
	seen.place.netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	seen.place.ifindex = BPF_CORE_READ(dev, ifindex);
	if (skb_dev_wanted(dev, seen.place.netns))
		count_xdp_packet(xdp, &seen);
	return 0;
}

#endif
