/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * place.bpf.h - on which device and in which namespace a followed packet is
 *
 * Only used where config_reads is true.
 */
#ifndef BPFPATH_PLACE_BPF_H
#define BPFPATH_PLACE_BPF_H

#include "bpf/follow.bpf.h"
#include "bpf/packet_skb.bpf.h"

/* Take over @dev when it is a device. */
static __always_inline bool place_take_dev(struct followed *followed,
					   struct net_device *dev)
{
	__u32 netns = skb_dev_netns(dev);

	if (!netns)
		return false;
	followed->dev = (__u64)dev;
	followed->netns = netns;
	followed->ifindex = READ(struct net_device, dev, ifindex);
	followed->has_mac = packet_has_mac(dev);
	return true;
}

/* Update what is known of a followed packet; true: it is on another device. */
static __always_inline bool place_update(struct followed *followed, const struct skb *skb)
{
	struct net_device *dev = skb_dev(skb);

	followed->len = skb->from->len;
	if (!dev || (__u64)dev == followed->dev)
		return false;
	return place_take_dev(followed, dev);
}

/* Its device; NULL: it has none. */
static __always_inline struct net_device *place_dev(const struct followed *followed)
{
	return followed->ifindex ? (struct net_device *)followed->dev : NULL;
}

#endif
