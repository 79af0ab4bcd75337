/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tcx.bpf.h - gates on a confined kernel: a tcx program on every device
 *
 * A tcx program sees the packet's bytes, and the address of its context is the
 * address of the sk_buff: the same that the raw tracepoints get. The verdict
 * is always "next", as if we were not there.
 */
#ifndef BPFPATH_TCX_BPF_H
#define BPFPATH_TCX_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/config.bpf.h"
#include "bpf/conversation.bpf.h"
#include "bpf/identity.bpf.h"
#include "bpf/nest.bpf.h"
#include "bpf/packet_tc.bpf.h"
#include "bpf/slot.bpf.h"
#include "bpf/step.bpf.h"
#include "bpf/tcx_config.bpf.h"

/*
 * The address of the context as a number: the verifier allows arithmetic only
 * once it was in memory that it does not track.
 */
static __always_inline __u64 tcx_skb(struct __sk_buff *ctx, struct packet *packet)
{
	*(volatile __u64 *)packet->data = (__u64)ctx;
	return *(volatile __u64 *)packet->data;
}

/* A tag that was put back into the bytes is not in the packet itself. */
static __always_inline void tcx_identity(struct __sk_buff *ctx,
					 const struct packet *packet, __u8 gate,
					 __u32 netns, struct identity *id)
{
	__u32 tag = packet->len - ctx->len;

	identity_read(packet, id);
	id->egress = gate == EVENT_GATE_EGRESS;
	id->netns = netns;
	id->local = ctx->sk != NULL;
	if (id->tail_at)
		bpf_skb_load_bytes(ctx, id->tail_at - tag, &id->tail, IDENTITY_TAIL);
}

/* The helpers are open to tc programs since 6.10 (pid) and later (comm). */
static __always_inline void tcx_fill_task(struct event *event)
{
	event->pid = event->tid = 0;
	__builtin_memset(event->comm, 0, sizeof(event->comm));
	if (config_tc_task)
		step_fill_task(event);
}

/* The place is the gate's: steps in between do not know theirs. */
static __always_inline void tcx_emit(struct __sk_buff *ctx, struct followed *followed,
				     const struct step *step, struct packet *packet,
				     __u64 config)
{
	struct event_snapshot *event;

	conversation_note(followed, packet, TCX_CONFIG_NETNS(config));
	event = step_reserve(followed, step, sizeof(*event));
	if (!event)
		return;
	step_fill(&event->event, followed, step);
	tcx_fill_task(&event->event);
	event->event.netns = TCX_CONFIG_NETNS(config);
	event->event.ifindex = ctx->ifindex;
	event->event.len = ctx->len;
	__builtin_memset(event->dev, 0, sizeof(event->dev));
	step_fill_packet(event, packet);
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

static __always_inline void tcx_reused(struct followed *followed, __u64 skb)
{
	struct step step = { .skb = skb, .kind = EVENT_REUSED, .flags = EVENT_LAST };
	struct event *event = step_reserve(followed, &step, sizeof(*event));

	if (event) {
		step_fill(event, followed, &step);
		tcx_fill_task(event);
		bpf_ringbuf_submit(event, step_wakeup(followed));
	}
	follow_end(skb);
}

static __always_inline struct followed *tcx_begin(struct packet *packet, __u64 skb,
						  __u64 config)
{
	struct followed init = {};

	if (!(config & TCX_CONFIG_BEGIN) || !conversation_match(packet))
		return NULL;
	init.packet = step_room() ? follow_id(bpf_ktime_get_ns()) : FOLLOW_REFUSED;
	return follow_begin(skb, &init);
}

static __always_inline void tcx_step(struct __sk_buff *ctx, struct packet *packet,
				     __u8 gate)
{
	struct step step = { .kind = EVENT_GATE, .id = gate, .flags = EVENT_SNAPSHOT };
	__u64 config = tcx_config();
	__u8 layer = tcx_layer(config);
	struct followed *followed;
	struct identity id;

	step.skb = tcx_skb(ctx, packet);
	step.mark = ctx->mark;
	if (packet_from_tc(ctx, packet, layer, config_snap))
		return;
	conversation_read(packet, TCX_CONFIG_NETNS(config));
	followed = follow_find(step.skb);
	if (followed) {
		tcx_identity(ctx, packet, gate, TCX_CONFIG_NETNS(config), &id);
		if (!identity_same(followed, &id)) {
			tcx_reused(followed, step.skb);
			followed = NULL;
		}
	}
	if (!followed) {
		followed = tcx_begin(packet, step.skb, config);
		if (!followed)
			return;
		tcx_identity(ctx, packet, gate, TCX_CONFIG_NETNS(config), &id);
		step.flags |= follow_first(bpf_ktime_get_ns());
	}
	identity_keep(followed, &id);
	tcx_emit(ctx, followed, &step, packet, config);
}

static __always_inline int tcx_gate(struct __sk_buff *ctx, __u8 gate)
{
	struct packet *packet = nest_enter();

	if (packet) {
		tcx_step(ctx, packet, gate);
		nest_leave(packet);
	}
	return TCX_PASS_ON;
}

SEC("bpfpath_tc/ingress")
int tcx_ingress(struct __sk_buff *ctx)
{
	return tcx_gate(ctx, EVENT_GATE_INGRESS);
}

SEC("bpfpath_tc/egress")
int tcx_egress(struct __sk_buff *ctx)
{
	return tcx_gate(ctx, EVENT_GATE_EGRESS);
}

#endif
