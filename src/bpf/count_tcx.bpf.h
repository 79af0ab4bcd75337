/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * count_tcx.bpf.h - confined kernels: packets are counted by tcx programs on each device
 */
#ifndef BPFPATH_COUNT_TCX_BPF_H
#define BPFPATH_COUNT_TCX_BPF_H

#include "bpf/count.bpf.h"
#include "bpf/packet_tc.bpf.h"
#include "bpf/tcx_config.bpf.h"

static __always_inline int count_tcx(struct __sk_buff *ctx,
				     enum count_direction direction)
{
	__u64 config = tcx_config();
	const struct count_seen seen = { .place = { .netns = TCX_CONFIG_NETNS(config),
						    .ifindex = ctx->ifindex,
						    .direction = direction } };
	struct packet *packet;

	if (!counting || !(config & TCX_CONFIG_BEGIN))
		return TCX_PASS_ON;
	packet = nest_enter();
	if (!packet)
		return TCX_PASS_ON;
	if (!packet_from_tc(ctx, packet, tcx_layer(config), config_look))
		count_packet(packet, &seen);
	nest_leave(packet);
	return TCX_PASS_ON;
}

SEC("bpfpath_tc/ingress")
int count_tcx_ingress(struct __sk_buff *ctx)
{
	return count_tcx(ctx, COUNT_IN);
}

SEC("bpfpath_tc/egress")
int count_tcx_egress(struct __sk_buff *ctx)
{
	return count_tcx(ctx, COUNT_OUT);
}

#endif
