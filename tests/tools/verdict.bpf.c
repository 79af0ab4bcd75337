// SPDX-License-Identifier: GPL-2.0-only
/* An XDP program that has a verdict on UDP over IPv4, and lets all else pass. */
#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define UDP	 17
#define PROTO_AT 23 /* behind Ethernet, in the IPv4 header */

const volatile __u32 verdict = XDP_DROP;

SEC("xdp")
int give_verdict(struct xdp_md *ctx)
{
	const __u8 *data = (void *)(long)ctx->data;

	if (data + PROTO_AT + 1 > (const __u8 *)(long)ctx->data_end)
		return XDP_PASS;
	if (*(const __be16 *)(data + 12) != bpf_htons(0x0800) || data[PROTO_AT] != UDP)
		return XDP_PASS;
	return verdict;
}

char LICENSE[] SEC("license") = "GPL";
