/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * count.h - what packets are counted by: the contract of 'bpfpath count'
 *
 * The kernel side counts in a hash map by group. What it knows of a packet depends on
 * what is grouped by, and so does how much of a key there is: count_key_size().
 */
#ifndef BPFPATH_COUNT_H
#define BPFPATH_COUNT_H

#include <linux/types.h>
#include <stddef.h>

enum count_by {
	COUNT_BY_PROTO,
	COUNT_BY_SRC,
	COUNT_BY_DST,
	COUNT_BY_FLOW,
	COUNT_BY_NETNS,
	COUNT_BY_DEV,
	COUNT_BY_END,
	COUNT_BY_SIZE
};

enum count_direction { COUNT_IN, COUNT_OUT };

enum count_end_kind {
	COUNT_END_CONSUMED,
	COUNT_END_DROPPED,
	COUNT_END_XDP, /* a native XDP program did not let it pass */
};

enum count_flow_flags {
	COUNT_FLOW_ADDRESSES = 1 << 0, /* .src and .dst are there */
	COUNT_FLOW_PORTS = 1 << 1,     /* .sport and .dport are there */
};

/* Of COUNT_BY_PROTO the first two members. In host order, but for addresses. */
struct count_flow {
	__u16 ethertype; /* 0: not known; by proto all of IP is COUNT_IPV4 */
	__u8 ip_proto;
	__u8 flags; /* enum count_flow_flags */
	__u16 sport, dport;
	__u8 src[16], dst[16]; /* IPv4, and ARP for it: the first four bytes */
};

struct count_address {
	__u16 ethertype; /* COUNT_IPV4 or COUNT_IPV6; 0: the packet has no address */
	__u16 zero;
	__u8 bytes[16];
};

/* Of COUNT_BY_NETNS the first member. */
struct count_place {
	__u32 netns; /* inode */
	__u32 ifindex;
	__u32 direction; /* enum count_direction */
};

struct count_end {
	__u64 where;  /* COUNT_END_DROPPED: the call site of who freed it */
	__u32 reason; /* the drop reason, or the verdict of the XDP program */
	__u32 kind;   /* enum count_end_kind */
};

union count_key {
	struct count_flow flow;
	struct count_address address;
	struct count_place place;
	struct count_end end;
};

#define COUNT_IPV4 0x0800 /* EtherTypes */
#define COUNT_ARP  0x0806
#define COUNT_IPV6 0x86dd

#define COUNT_XDP_PASS 2 /* XDP_PASS, enum xdp_action in linux/bpf.h */

struct count_value {
	__u64 packets, bytes;
};

#define COUNT_VALUES (sizeof(struct count_value) / sizeof(__u64))

/* How many of the first bytes of a key are compared. */
static inline size_t count_key_size(enum count_by by)
{
	static const size_t sizes[COUNT_BY_SIZE] = {
		[COUNT_BY_PROTO] = offsetof(struct count_flow, sport),
		[COUNT_BY_SRC] = sizeof(struct count_address),
		[COUNT_BY_DST] = sizeof(struct count_address),
		[COUNT_BY_FLOW] = sizeof(struct count_flow),
		[COUNT_BY_NETNS] = offsetof(struct count_place, ifindex),
		[COUNT_BY_DEV] = sizeof(struct count_place),
		[COUNT_BY_END] = sizeof(struct count_end),
	};

	return sizes[by];
}

#endif
