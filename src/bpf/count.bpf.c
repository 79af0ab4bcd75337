// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel side of 'bpfpath count': nothing is followed, each packet is counted once
 * where it comes in or goes out of a device, or once where it ends.
 */
#include "bpf/count.bpf.h"
#include "bpf/count_points.h"
#include "bpf/count_tcx.bpf.h"
#include "bpf/count_xdp.bpf.h"
#include "bpf/packet_skb.bpf.h"

static __always_inline __u32 count_length(const struct skb *skb, enum packet_at at)
{
	__u8 layer = packet_layer(skb, at);
	__u32 len = packet_length(skb, packet_start(skb, at, layer));

	if (layer == EVENT_LAYER_ETHERNET && skb_has_vlan(skb))
		len += PACKET_VLAN_LEN;
	return len;
}

/* What cannot be read matches if the filter asks for nothing. */
static __always_inline void count_skb(const struct skb *skb, enum packet_at at,
				      const struct count_seen *seen)
{
	struct packet *packet;

	if (!config_count_bytes) {
		count_unread(seen, count_length(skb, at));
		return;
	}
	packet = nest_enter();
	if (!packet)
		return;
	packet_from_skb(packet, skb, at, config_look);
	count_packet(packet, seen);
	nest_leave(packet);
}

static __always_inline int count_crossing(__u64 address, enum count_direction direction)
{
	enum packet_at at = direction == COUNT_OUT ? PACKET_AT_DATA : PACKET_AT_MAC;
	struct count_seen seen = { .place.direction = direction };
	struct net_device *dev;
	struct skb skb;

	if (!counting || !skb_read(&skb, address))
		return 0;
	dev = skb_dev(&skb);
	if (config_count_place) {
		struct net *net = READ(struct net_device, dev, nd_net.net);

		seen.place.netns = READ(struct net, net, ns.inum);
		seen.place.ifindex = READ(struct net_device, dev, ifindex);
	}
	if (skb_dev_wanted(dev, seen.place.netns))
		count_skb(&skb, at, &seen);
	return 0;
}

/*
 * Where the packet begins when it ends: data has moved on by then. @dev is its device,
 * NULL: it has none.
 */
static __always_inline enum packet_at count_end_at(const struct skb *skb,
						   const struct net_device *dev)
{
	__u16 mac = skb->from->mac_header, network = skb->from->network_header;

	if (dev && mac != SKB_HEADER_UNSET && network >= mac + PACKET_MAC_LEN &&
	    packet_has_mac(dev))
		return PACKET_AT_MAC;
	return PACKET_AT_IP;
}

/* Messages between processes, and what a socket keeps to send again, have no protocol. */
static __always_inline int count_ended(__u64 address, const struct count_end *end)
{
	struct count_seen seen = { .end = *end };
	struct net_device *dev;
	struct skb skb;

	if (!counting || !skb_read(&skb, address) || !skb.from->protocol)
		return 0;
	dev = skb_dev(&skb);
	seen.place.netns = skb_dev_netns(dev);
	if (!seen.place.netns) {
		dev = NULL;
		seen.place.netns = skb_origin_netns(&skb);
	}
	if (skb_dev_wanted(dev, seen.place.netns))
		count_skb(&skb, count_end_at(&skb, dev), &seen);
	return 0;
}

#define X(name, argument, direction)                                                     \
	SEC("bpfpath_raw_tp/" #name)                                                     \
	int count_##name(struct bpf_raw_tracepoint_args *ctx)                            \
	{                                                                                \
		return count_crossing(ctx->args[argument], COUNT_##direction);           \
	}
COUNT_CROSSINGS(X)
#undef X

SEC("bpfpath_raw_tp/consume_skb")
int count_consume_skb(struct bpf_raw_tracepoint_args *ctx)
{
	const struct count_end end = { .kind = COUNT_END_CONSUMED };

	return count_ended(ctx->args[0], &end);
}

SEC("bpfpath_raw_tp/kfree_skb")
int count_kfree_skb(struct bpf_raw_tracepoint_args *ctx)
{
	const struct count_end end = {
		.where = ctx->args[1],
		.reason = config_drop_reason ? (__u32)ctx->args[2] : 0,
		.kind = COUNT_END_DROPPED,
	};

	return count_ended(ctx->args[0], &end);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
