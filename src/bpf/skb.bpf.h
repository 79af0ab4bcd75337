/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * skb.bpf.h - an sk_buff of an open kernel
 *
 * Where it cannot be looked at directly it is read with one bulk read, and fields are
 * taken from the copy: CO-RE gives their offsets. Only used where config_reads is true.
 */
#ifndef BPFPATH_SKB_BPF_H
#define BPFPATH_SKB_BPF_H

#include "bpf/kernel_types.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/config.bpf.h"
#include "bpf/read.bpf.h"

/* At least up to the end of ->data in every kernel: 208 to 224 bytes. */
#define SKB_BYTES 224

#define SKB_HEADER_UNSET 0xffff
#define SKB_DST_PTRMASK	 (~3UL) /* SKB_DST_NOREF and friends, net/dst.h */

#define ARPHRD_ETHER	1
#define ARPHRD_LOOPBACK 772

struct skb {
	__u64 address;
	__u8 bytes[SKB_BYTES]; /* a copy, unless it can be looked at */
};

#define SKB_COPIED(skb, field)                                                           \
	(*(__typeof__(((struct sk_buff *)0)->field) *)((skb)->bytes +                    \
						       bpf_core_field_offset(            \
							       struct sk_buff, field)))

#define SKB_FIELD(skb, field)                                                            \
	(config_direct ? READ_DIRECT(struct sk_buff, (skb)->address, field)              \
		       : SKB_COPIED(skb, field))

/*
 * A field that is the address of bytes, as a number. On 6.18, not yet on 6.12, it stays
 * a pointer where it is looked at.
 */
#define SKB_ADDRESS(skb, field)                                                          \
	(config_direct && config_leaves ? READ_NUMBER(SKB_FIELD(skb, field))             \
					: (__u64)SKB_FIELD(skb, field))

/* The same for that of a struct, which is a pointer on every kernel then. */
#define SKB_STRUCT(skb, field)                                                           \
	(config_direct ? READ_NUMBER(SKB_FIELD(skb, field))                              \
		       : (__u64)SKB_FIELD(skb, field))

/* Up to ->data: of what is used, it is the last in every kernel. */
static __always_inline bool skb_read(struct skb *skb, __u64 address)
{
	__u32 size = bpf_core_field_offset(struct sk_buff, data) + sizeof(void *);

	skb->address = address;
	if (config_direct)
		return true;
	if (size > SKB_BYTES)
		size = SKB_BYTES;
	return !bpf_probe_read_kernel(skb->bytes, size, (void *)address);
}

static __always_inline bool skb_has_vlan(const struct skb *skb)
{
	struct sk_buff___vlan_present *old = (void *)skb->address;

	if (bpf_core_field_exists(old->vlan_present))
		return BPF_CORE_READ_BITFIELD_PROBED(old, vlan_present);
	return SKB_FIELD(skb, vlan_proto) != 0;
}

/* &netns_operations, learnt from the first task that met a probe. */
__u64 skb_netns_ops;

static __always_inline __u64 skb_net_ops(void)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	if (!skb_netns_ops)
		skb_netns_ops = (__u64)BPF_CORE_READ(task, nsproxy, net_ns, ns.ops);
	return skb_netns_ops;
}

/* The inode of @net, 0 when it is no namespace but some other memory. */
static __always_inline __u32 skb_net_inode(struct net *net)
{
	__u64 ops = (__u64)READ(struct net, net, ns.ops);

	if (!ops || ops != skb_net_ops())
		return 0;
	return READ(struct net, net, ns.inum);
}

/*
 * The namespace of @dev, by inode; 0 when it is no device: skb->dev shares its memory
 * with other things while the packet is in a socket's queue (dev_scratch, rbnode), so
 * that it must prove itself by leading to a namespace.
 */
static __always_inline __u32 skb_dev_netns(struct net_device *dev)
{
	return skb_net_inode(READ(struct net_device, dev, nd_net.net));
}

/* No device yet: the namespace is that of the route, or of the socket. 0: no word. */
static __always_inline __u32 skb_origin_netns(const struct skb *skb)
{
	struct dst_entry *dst = (void *)(SKB_FIELD(skb, _skb_refdst) & SKB_DST_PTRMASK);
	struct sock *sk = SKB_FIELD(skb, sk);
	__u32 netns = 0;

	if (dst)
		netns = skb_net_inode(BPF_CORE_READ(dst, dev, nd_net.net));
	if (!netns && sk)
		netns = skb_net_inode(BPF_CORE_READ(sk, __sk_common.skc_net.net));
	return netns;
}

/* The name of @dev, EVENT_DEV_LEN bytes; "" for NULL. */
static __always_inline void skb_dev_name(struct net_device *dev, char *name)
{
	__builtin_memset(name, 0, EVENT_DEV_LEN);
	if (dev)
		bpf_probe_read_kernel(name, EVENT_DEV_LEN,
				      __builtin_preserve_access_index(&dev->name));
}

/* Are @dev (NULL: none) and @netns what -i and -n ask for? */
static __always_inline bool skb_dev_wanted(struct net_device *dev, __u32 netns)
{
	char name[EVENT_DEV_LEN];

	if (config_netns && netns != config_netns)
		return false;
	if (!config_dev_set)
		return true;
	skb_dev_name(dev, name);
	for (int i = 0; i < EVENT_DEV_LEN; i++) {
		if (name[i] != config_dev[i])
			return false;
		if (!name[i])
			return true;
	}
	return true;
}

#endif
