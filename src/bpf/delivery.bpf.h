/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * delivery.bpf.h - which socket took the packet, where functions are not probed
 *
 * A small UDP packet may be read, freed and used again with no word of it (6.18). But
 * between netif_receive_skb and the next packet on the same CPU, the socket that it
 * goes to says that it has data: sk_data_ready (6.3, 40e0b0908142). Taps and netlink
 * sockets say so, too, so it has to be one with the packet's protocol and port.
 *
 * Only used where config_reads is true.
 */
#ifndef BPFPATH_DELIVERY_BPF_H
#define BPFPATH_DELIVERY_BPF_H

#include <linux/in.h>

#include "bpf/gate.bpf.h"
#include "bpf/tracepoints.h"

/* The packet that this CPU received last, followed or not, by address; 0: none. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} delivery SEC(".maps");

static __always_inline __u64 *delivery_place(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&delivery, &zero);
}

/* At netif_receive_skb. */
static __always_inline void delivery_expect(__u64 skb)
{
	__u64 *place = delivery_place();

	if (place)
		*place = skb;
}

/* Protocol << 16 | port, in host order; 0: not TCP or UDP. */
static __always_inline __u32 delivery_wanted(const struct skb *skb)
{
	__u64 head = skb_head(skb);
	__u8 ip[20] = {}, protocol;
	__be16 port = 0;

	bpf_probe_read_kernel(ip, sizeof(ip), (void *)(head + skb->from->network_header));
	protocol = ip[0] >> 4 == 6 ? ip[6] : ip[9];
	if (protocol != IPPROTO_TCP && protocol != IPPROTO_UDP)
		return 0;
	bpf_probe_read_kernel(&port, sizeof(port),
			      (void *)(head + skb->from->transport_header + 2));
	return (__u32)protocol << 16 | bpf_ntohs(port);
}

static __always_inline __u32 delivery_offered(__u64 address)
{
	struct sock *sk = (void *)address;
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (family != AF_INET && family != AF_INET6)
		return 0;
	return (__u32)BPF_CORE_READ(sk, sk_protocol) << 16 |
	       BPF_CORE_READ(sk, __sk_common.skc_num);
}

/* Not inlined, for the stack: what it calls afterwards needs it, too. */
static __noinline bool delivery_fits(__u64 address, __u64 sk)
{
	struct skb skb;
	__u32 wanted;

	if (!skb_read(&skb, address))
		return false;
	wanted = delivery_wanted(&skb);
	return wanted && wanted == delivery_offered(sk);
}

SEC("bpfpath_raw_tp/sk_data_ready")
int socket_ready(struct bpf_raw_tracepoint_args *ctx)
{
	struct step step = { .id = TRACEPOINT_sk_data_ready, .kind = EVENT_TRACEPOINT };
	struct followed *followed;
	__u64 *place;

	if (!busy.following)
		return 0;
	place = delivery_place();
	if (!place || !*place)
		return 0;
	step.skb = *place;
	followed = follow_find(step.skb);
	if (!followed || !delivery_fits(step.skb, ctx->args[0]))
		return 0;
	*place = 0;
	gate_step(followed, &step);
	return 0;
}

#endif
