/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * skb.bpf.h - what is looked at of an sk_buff of an open kernel
 *
 * Where memory cannot be looked at as a struct, fields are taken from a copy that is made
 * by one call. Only used where config_reads is true.
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

/*
 * Volatile, so that each use is a load: of a value that is kept the verifier would go
 * through all that follows once for each branch that the value has taken.
 */
struct skb {
	const volatile struct sk_buff *from; /* as it lies in memory, or a copy */
	__u64 address;
};

/* An address of bytes, as a number. On 6.18, not yet on 6.12, it is a pointer first. */
#define SKB_NUMBER(pointer) (config_leaves ? READ_NUMBER(pointer) : (__u64)(pointer))

static __always_inline __u64 skb_head(const struct skb *skb)
{
	return SKB_NUMBER(skb->from->head);
}

static __always_inline __u64 skb_data(const struct skb *skb)
{
	return SKB_NUMBER(skb->from->data);
}

/* Where in its memory a packet's headers begin, and where its linear part ends. */
struct skb_places {
	__u16 network, mac;
	__u32 tail;
};

/* They lie side by side, but on kernels with KCOV; the verifier removes the other way. */
static __always_inline struct skb_places skb_places(const struct skb *skb)
{
	const __u64 first = bpf_core_field_offset(struct sk_buff, network_header);
	__u64 word;

	if (!config_direct || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__ ||
	    bpf_core_field_offset(struct sk_buff, mac_header) != first + 2 ||
	    bpf_core_field_offset(struct sk_buff, tail) != first + 4)
		return (struct skb_places){ skb->from->network_header,
					    skb->from->mac_header, skb->from->tail };
	word = *READ_WORDS(skb->address + first);
	return (struct skb_places){ word, word >> 16, word >> 32 };
}

/* NULL also where something else lies in its place, if that can be told. */
static __always_inline struct net_device *skb_dev(const struct skb *skb)
{
	struct net_device *dev = skb->from->dev;

	if (READ_IS_ADDRESS(dev))
		return dev;
	asm volatile(""); /* a branch it stays: no arithmetic with pointers */
	return NULL;
}

/* What is copied ends with ->data: of what is used, it is the last in every kernel. */
static __always_inline bool skb_read_by(struct skb *skb, __u64 address,
					__u8 copy[SKB_BYTES])
{
	__u32 size = bpf_core_field_offset(struct sk_buff, data) + sizeof(void *);

	skb->address = address;
	if (config_direct) {
		skb->from = READ_CAST(struct sk_buff, address);
		return true;
	}
	skb->from = (const struct sk_buff *)copy;
	if (size > SKB_BYTES)
		size = SKB_BYTES;
	return !bpf_probe_read_kernel(copy, size, (void *)address);
}

/* The same where there is enough stack. */
static __always_inline bool skb_read(struct skb *skb, __u64 address)
{
	__u8 copy[SKB_BYTES] __attribute__((aligned(8)));

	return skb_read_by(skb, address, copy);
}

static __always_inline bool skb_has_vlan(const struct skb *skb)
{
	struct sk_buff___vlan_present *old = (void *)skb->address;

	if (bpf_core_field_exists(old->vlan_present))
		return BPF_CORE_READ_BITFIELD_PROBED(old, vlan_present);
	return skb->from->vlan_proto != 0;
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

static __always_inline __u32 skb_sock_netns(struct sock *sk)
{
	return skb_net_inode(BPF_CORE_READ(sk, __sk_common.skc_net.net));
}

/* No device yet: the namespace is that of the route, or of the socket. 0: no word. */
static __always_inline __u32 skb_origin_netns(const struct skb *skb)
{
	struct dst_entry *dst = (void *)(skb->from->_skb_refdst & SKB_DST_PTRMASK);
	struct sock *sk = skb->from->sk;
	__u32 netns = 0;

	if (dst)
		netns = skb_net_inode(BPF_CORE_READ(dst, dev, nd_net.net));
	if (!netns && sk)
		netns = skb_sock_netns(sk);
	return netns;
}

/* The name of @dev, EVENT_DEV_LEN bytes, aligned like numbers; "" for NULL. */
static __always_inline void skb_dev_name(struct net_device *dev, char *name)
{
	__u64 *to = (__u64 *)name;
	const __u64 *from;

	to[0] = to[1] = 0;
	if (!dev)
		return;
	if (config_direct) {
		from = (const __u64 *)READ_CAST(struct net_device, dev)->name;
		to[0] = from[0];
		to[1] = from[1];
		return;
	}
	bpf_probe_read_kernel(name, EVENT_DEV_LEN,
			      __builtin_preserve_access_index(&dev->name));
}

/* Are @dev (NULL: none) and @netns what -i and -n ask for? */
static __always_inline bool skb_dev_wanted(struct net_device *dev, __u32 netns)
{
	char name[EVENT_DEV_LEN] __attribute__((aligned(8)));

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
