// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/* What xdp.c attaches: UDP over IPv4 to one port has one fate, all else passes. */
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

const volatile __u16 port;
const volatile __u32 action;
const volatile __u32 target; /* of XDP_REDIRECT: the index of a device */

SEC("xdp")
int xdp_fate(struct xdp_md *ctx)
{
	struct {
		struct ethhdr ethernet;
		struct iphdr ip;
		struct udphdr udp;
	} __attribute__((packed)) *headers = (void *)(__u64)ctx->data;

	if ((void *)(headers + 1) > (void *)(__u64)ctx->data_end)
		return XDP_PASS;
	if (headers->ethernet.h_proto != bpf_htons(ETH_P_IP) ||
	    headers->ip.protocol != IPPROTO_UDP || headers->udp.dest != bpf_htons(port))
		return XDP_PASS;
	if (action == XDP_REDIRECT)
		return bpf_redirect(target, 0);
	return action;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
