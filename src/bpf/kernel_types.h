/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * kernel_types.h - the few kernel types and fields that are read
 *
 * Written by hand, so that no BTF is needed to build; CO-RE moves every access
 * to where the running kernel has the field. Only the names matter here, not
 * the order and not what is left out.
 */
#ifndef BPFPATH_KERNEL_TYPES_H
#define BPFPATH_KERNEL_TYPES_H

#include <linux/bpf.h>
#include <linux/types.h>
#include <stdbool.h>

#define AF_INET	 2 /* include/linux/socket.h, on every architecture */
#define AF_INET6 10

#define KERNEL_TYPE __attribute__((preserve_access_index))

struct ns_common {
	const void *ops;
	unsigned int inum;
} KERNEL_TYPE;

struct net {
	struct ns_common ns;
} KERNEL_TYPE;

struct nsproxy {
	struct net *net_ns;
} KERNEL_TYPE;

struct task_struct {
	struct nsproxy *nsproxy;
	void *stack;
	int pid, tgid; /* of the thread, of the process */
	char comm[16];
} KERNEL_TYPE;

typedef struct {
	struct net *net;
} KERNEL_TYPE possible_net_t;

struct net_device {
	char name[16];
	int ifindex;
	unsigned short type;
	possible_net_t nd_net;
	/* what looks at packets that leave; only compared with NULL */
	void *tcx_egress; /* since 6.6 (commit e420bed02507), before that: */
	void *miniq_egress;
	void *nf_hooks_egress; /* since 5.16 (commit 42df6e1d221d) */
	void *xdp_prog;	       /* generic XDP; only compared with NULL */
} KERNEL_TYPE;

struct xdp_rxq_info {
	struct net_device *dev;
} KERNEL_TYPE;

struct xdp_buff {
	void *data;
	void *data_end;
	void *data_hard_start;
	struct xdp_rxq_info *rxq;
} KERNEL_TYPE;

/* Only copied as a whole. */
struct in6_addr {
	__u8 bytes[16];
};

struct sock_common {
	possible_net_t skc_net;
	__be32 skc_daddr;
	__be16 skc_dport;
	__u16 skc_num; /* the local port, in host order */
	unsigned short skc_family;
	struct in6_addr skc_v6_daddr; /* only with CONFIG_IPV6 */
} KERNEL_TYPE;

struct sock {
	struct sock_common __sk_common;
	__u16 sk_protocol;
} KERNEL_TYPE;

struct ipv6_pinfo {
	struct in6_addr saddr;
	void *opt; /* only compared with NULL */
} KERNEL_TYPE;

struct inet_sock {
	struct sock sk;
	struct ipv6_pinfo *pinet6; /* only with CONFIG_IPV6 */
	__be32 inet_saddr;
	__be16 inet_sport;
	void *inet_opt; /* only compared with NULL */
} KERNEL_TYPE;

union flowi_uli {
	struct {
		__be16 dport;
		__be16 sport;
	} ports;
} KERNEL_TYPE;

struct flowi4 {
	union flowi_uli uli;
} KERNEL_TYPE;

struct flowi6 {
	union flowi_uli uli;
} KERNEL_TYPE;

struct dst_ops {
	unsigned short family;
} KERNEL_TYPE;

struct dst_entry {
	struct net_device *dev;
	struct dst_ops *ops;
} KERNEL_TYPE;

/* Both begin with their dst_entry. */
struct rtable {
	__u8 rt_gw_family; /* 0: the destination itself is on the link */
	__be32 rt_gw4;
	struct in6_addr rt_gw6;
} KERNEL_TYPE;

struct rt6_info {
	struct in6_addr rt6i_gateway; /* only with CONFIG_IPV6 */
	__u32 rt6i_flags;
} KERNEL_TYPE;

/* How wide it is differs: to be read like a bit field. */
struct nf_hook_state {
	__u8 hook;
} KERNEL_TYPE;

struct list_head {
	struct list_head *next;
} KERNEL_TYPE;

struct sk_buff {
	struct list_head list; /* shares its memory with next and prev */
	struct net_device *dev;
	struct sock *sk;
	unsigned long _skb_refdst;
	unsigned int len;
	unsigned int data_len;
	__u32 mark;
	__u8 ip_summed : 2;
	__be16 protocol;
	__be16 vlan_proto;
	__u16 vlan_tci;
	__u32 vlan_all; /* both of them since 6.2 (commit 354259fa73e2) */
	__u16 transport_header;
	__u16 network_header;
	__u16 mac_header;
	unsigned int tail;
	unsigned int end;
	unsigned char *head;
	unsigned char *data;
} KERNEL_TYPE;

/* Until 6.2 (commit 354259fa73e2) a bit says that there is a VLAN tag. */
struct sk_buff___vlan_present {
	__u8 vlan_present : 1;
} KERNEL_TYPE;

/* Numbers are __u16 until 7.0: only read as bit fields, whose size CO-RE finds out. */
struct xdp_frame {
	void *data;
	__u32 len;
	__u32 headroom;
} KERNEL_TYPE;

/* What the queue of a veth device begins with. */
struct napi_struct {
	struct net_device *dev;
} KERNEL_TYPE;

/* A packet and the clone that was allocated with it; only measured. */
struct sk_buff_fclones {
	struct sk_buff skb1;
	struct sk_buff skb2;
} KERNEL_TYPE;

/* Only there, or not: fprobe uses the function graph tracer (6.14, 4346ba160409). */
struct fprobe_hlist {
	void *fp;
} KERNEL_TYPE;

/* READ_WORDS(); include/uapi/linux/if_link.h has more of the same kind. */
struct rtnl_link_stats64 {
	__u64 rx_packets;
};

/* struct page is only measured, never read. */
struct page {
	unsigned long flags;
} KERNEL_TYPE;

/*
 * The same layout since 5.4 under three names: a pointer (struct page *, or a
 * netmem_ref since 6.6, whose lowest bit says "no ordinary memory"), length,
 * offset. Not relocated; read as it is.
 */
struct skb_frag {
	__u64 page;
	__u32 len;
	__u32 offset;
};

struct skb_shared_info {
	__u8 nr_frags;
	struct skb_frag frags[1];
} KERNEL_TYPE;

#endif
