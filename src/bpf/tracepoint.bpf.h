/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tracepoint.bpf.h - raw tracepoints: on every kernel, open or confined
 */
#ifndef BPFPATH_TRACEPOINT_BPF_H
#define BPFPATH_TRACEPOINT_BPF_H

#include "bpf/blind.bpf.h"
#include "bpf/delivery.bpf.h"
#include "bpf/frame.bpf.h"
#include "bpf/gate.bpf.h"
#include "bpf/stack.bpf.h"
#include "bpf/tracepoints.h"

/*
 * What a tracepoint tells of a packet's memory on a confined kernel, where
 * nothing can be read: that it is at TCP, or in GRO, from where it may go with
 * no word. False: the address belongs to another packet by now.
 */
static __always_inline bool tracepoint_confirm(struct followed *followed, __u8 id)
{
	if (id == TRACEPOINT_tcp_probe) {
		followed->socket = 1;
	} else if (id == TRACEPOINT_napi_gro_receive_entry ||
		   id == TRACEPOINT_napi_gro_frags_entry) {
		if (followed->gro)
			return false;
		followed->gro = 1;
	} else if (id == TRACEPOINT_netif_receive_skb) {
		followed->gro = 0;
	}
	return true;
}

static __always_inline void tracepoint_confined(struct followed *followed,
						struct step *step)
{
	if (!tracepoint_confirm(followed, step->id)) {
		step->kind = EVENT_REUSED;
		step->flags |= EVENT_LAST;
	}
	step_emit(followed, step);
	if (step->kind == EVENT_REUSED)
		follow_end(step->skb);
}

static __always_inline enum packet_at tracepoint_at(__u8 id, enum tracepoint_role role)
{
	return role == TRACEPOINT_ROLE_AGAIN && id == TRACEPOINT_net_dev_queue
		       ? PACKET_AT_DATA
		       : PACKET_AT_MAC;
}

static __always_inline bool tracepoint_is_gate(enum tracepoint_role role)
{
	return role == TRACEPOINT_ROLE_RECEIVE || role == TRACEPOINT_ROLE_AGAIN;
}

/* What the gate before this one writes. */
static __always_inline enum gate_note tracepoint_note(__u8 id)
{
	return id == TRACEPOINT_net_dev_queue ? GATE_NOTE_XMIT : GATE_NOTE_RECEIVED;
}

/* Not inlined, for the stack. True: it is known whether the packet matches. */
static __noinline bool tracepoint_meet(struct followed *followed, struct step *step,
				       enum packet_at at)
{
	struct packet *packet = nest_enter();
	bool known;

	if (!packet)
		return false;
	packet->captured = packet->len = 0;
	gate_meet(followed, step, at, packet);
	known = packet->len && gate_saw(packet);
	nest_leave(packet);
	return known;
}

/* The next socket that has data on this CPU may have this packet. */
static __always_inline void tracepoint_expect(const struct step *step,
					      enum tracepoint_role role)
{
	if (role == TRACEPOINT_ROLE_AGAIN && step->id == TRACEPOINT_netif_receive_skb &&
	    config_reads && !config_functions && busy.following)
		delivery_expect(step->skb);
}

/*
 * What a message between processes meets, too (Unix, netlink, vsock), which may have the
 * memory of a packet that was freed unseen. It meets no gate before.
 */
static __always_inline bool tracepoint_doubts(enum tracepoint_role role)
{
	return config_reads && !config_functions &&
	       (role == TRACEPOINT_ROLE_FREE || role == TRACEPOINT_ROLE_COPY);
}

/*
 * Is there nothing to do? While nothing is followed only what may begin a path is looked
 * at, and what was tested at the gate before is known.
 */
static __always_inline bool tracepoint_idle(__u64 skb, __u8 id, enum tracepoint_role role)
{
	if (busy.following)
		return false;
	if (!config_reads || !tracepoint_is_gate(role))
		return true;
	return role == TRACEPOINT_ROLE_AGAIN && gate_note_take(skb, tracepoint_note(id));
}

/* Does the packet go on as an XDP frame, though its sk_buff is freed? */
static __always_inline bool tracepoint_leaves(const struct followed *followed, __u8 id,
					      enum tracepoint_role role)
{
	return config_frames && role == TRACEPOINT_ROLE_FREE &&
	       id == TRACEPOINT_consume_skb && followed && followed->leaving;
}

static __always_inline int tracepoint_step(struct step *step, enum tracepoint_role role)
{
	struct followed *followed = follow_find(step->skb);
	bool known = false;

	if (role == TRACEPOINT_ROLE_AGAIN && config_reads && !followed &&
	    gate_note_take(step->skb, tracepoint_note(step->id))) {
		tracepoint_expect(step, role);
		return 0;
	}
	if (config_frames && frames_seen && !followed && tracepoint_is_gate(role) &&
	    frame_find(step->skb))
		followed = follow_find(step->skb);
	step->kind = EVENT_TRACEPOINT;
	if (role == TRACEPOINT_ROLE_FREE)
		step->flags |= tracepoint_leaves(followed, step->id, role) ? EVENT_FRAME
									   : EVENT_LAST;
	if (config_cpu_offsets && followed)
		step->flags |= blind_now(followed);
	if (followed && tracepoint_doubts(role) && !gate_same(followed, step->skb)) {
		gate_reused(followed, step->skb);
		return 0;
	}
	if (!config_reads) {
		if (followed)
			tracepoint_confined(followed, step);
	} else if (tracepoint_is_gate(role) && !config_functions) {
		known = tracepoint_meet(followed, step, tracepoint_at(step->id, role));
	} else if (followed) {
		if (step->id == TRACEPOINT_tcp_probe)
			followed->socket = 1;
		gate_step(followed, step);
	} else if (tracepoint_is_gate(role)) {
		known = gate_test(step, tracepoint_at(step->id, role));
	}
	if (role == TRACEPOINT_ROLE_RECEIVE && known && !followed)
		gate_note_write(step->skb, GATE_NOTE_RECEIVED);
	if (tracepoint_leaves(followed, step->id, role))
		frame_begin(followed, step->skb);
	else if (followed && role == TRACEPOINT_ROLE_FREE)
		follow_end(step->skb);
	tracepoint_expect(step, role);
	return 0;
}

/* The arguments that some tracepoints add to the packet. */
static __always_inline void tracepoint_extra(struct step *step, const __u64 *arguments,
					     enum tracepoint_role role)
{
	if (role != TRACEPOINT_ROLE_FREE)
		return;
	if (step->id == TRACEPOINT_consume_skb && config_consume_location)
		step->where = arguments[1];
	if (step->id == TRACEPOINT_kfree_skb) {
		step->where = arguments[1];
		if (config_drop_reason)
			step->value = (__u32)arguments[2];
	}
}

static __always_inline int tracepoint_met(struct bpf_raw_tracepoint_args *ctx, __u64 skb,
					  __u8 id, enum tracepoint_role role)
{
	struct step step = { .skb = skb, .frame = stack_place_of_context(ctx), .id = id };

	tracepoint_extra(&step, ctx->args, role);
	return tracepoint_step(&step, role);
}

/* What is more than a look is called, as in probe.bpf.h. */
#define X(name, argument, role)                                                          \
	static __noinline int tracepoint_met_##name(struct bpf_raw_tracepoint_args *ctx) \
	{                                                                                \
		return tracepoint_met(ctx, ctx->args[argument], TRACEPOINT_##name,       \
				      TRACEPOINT_ROLE_##role);                           \
	}                                                                                \
                                                                                         \
	SEC("bpfpath_raw_tp/" #name)                                                     \
	int tracepoint_##name(struct bpf_raw_tracepoint_args *ctx)                       \
	{                                                                                \
		bool idle = tracepoint_idle(ctx->args[argument], TRACEPOINT_##name,      \
					    TRACEPOINT_ROLE_##role);                     \
                                                                                         \
		return idle ? 0 : tracepoint_met_##name(ctx);                            \
	}
TRACEPOINTS(X)
#undef X

/*
 * Since 6.10 (68ca5d4eebb8) a tracepoint may tell its program which it is. One program
 * for all of a role is a fraction of the time that loading takes; but a program that is
 * interrupted in the middle of a run by what runs it again is skipped there. So only
 * where the functions' programs, which are few, have that in common already, and not
 * what runs with interrupts: copies to processes, and what ends a path.
 */
static __noinline int tracepoints_met_receive(struct bpf_raw_tracepoint_args *ctx)
{
	const __u64 cookie = bpf_get_attach_cookie(ctx);

	return tracepoint_met(ctx, ctx->args[0], TRACEPOINT_COOKIE_ID(cookie),
			      TRACEPOINT_ROLE_RECEIVE);
}

SEC("bpfpath_raw_tp/receive")
int tracepoints_receive(struct bpf_raw_tracepoint_args *ctx)
{
	const bool idle = tracepoint_idle(ctx->args[0], 0, TRACEPOINT_ROLE_RECEIVE);

	return idle ? 0 : tracepoints_met_receive(ctx);
}

/*
 * A tracepoint with fewer arguments than its program looks at is refused
 * (kernel/trace/bpf_trace.c, bpf_probe_register), so they are looked at as memory.
 */
#define TRACEPOINT_ARGUMENT(arguments, number)                                           \
	({                                                                               \
		__u64 value = (arguments)[number];                                       \
                                                                                         \
		asm volatile("/* " #number " */" : "+r"(value));                         \
		value;                                                                   \
	})

/* Each is read from its fixed place, as in function.bpf.h. */
static __always_inline __u64 tracepoint_argument(struct bpf_raw_tracepoint_args *ctx,
						 __u32 argument)
{
	const __u64 *arguments = READ_WORDS(ctx);

	switch (argument) {
	case 0:
		return TRACEPOINT_ARGUMENT(arguments, 0);
	case 1:
		return TRACEPOINT_ARGUMENT(arguments, 1);
	case 2:
		return TRACEPOINT_ARGUMENT(arguments, 2);
	default:
		return TRACEPOINT_ARGUMENT(arguments, 3);
	}
}

static __noinline int tracepoints_met_step(struct bpf_raw_tracepoint_args *ctx)
{
	const __u64 cookie = bpf_get_attach_cookie(ctx);
	const __u64 skb = tracepoint_argument(ctx, TRACEPOINT_COOKIE_ARGUMENT(cookie));

	return tracepoint_met(ctx, skb, TRACEPOINT_COOKIE_ID(cookie),
			      TRACEPOINT_ROLE_STEP);
}

SEC("bpfpath_raw_tp/step")
int tracepoints_step(struct bpf_raw_tracepoint_args *ctx)
{
	return busy.following ? tracepoints_met_step(ctx) : 0;
}

static __always_inline void tracepoint_freed(__u64 skb, __u64 call_site)
{
	struct step step = {
		.skb = skb, .where = call_site, .kind = EVENT_FREE, .flags = EVENT_LAST
	};
	struct followed *followed = follow_find(skb);

	if (!followed)
		return;
	step_emit(followed, &step);
	follow_end(skb);
}

/*
 * Every way to free an sk_buff without a word of its own (__kfree_skb,
 * kfree_skb_partial, ...) still gives its memory back: the address must not be
 * inherited by the next packet. A fast clone goes with its origin.
 */
static __noinline int memory_freed_followed(struct bpf_raw_tracepoint_args *ctx)
{
	__u64 object = ctx->args[1];

	tracepoint_freed(object, ctx->args[0]);
	tracepoint_freed(object + bpf_core_field_offset(struct sk_buff_fclones, skb2),
			 ctx->args[0]);
	return 0;
}

SEC("bpfpath_raw_tp/kmem_cache_free")
int memory_freed(struct bpf_raw_tracepoint_args *ctx)
{
	return busy.following ? memory_freed_followed(ctx) : 0;
}

/* Devices and namespaces come and go with calls of netdev notifiers. */
SEC("bpfpath_raw_tp/notifier_run")
int devices_changed(struct bpf_raw_tracepoint_args *ctx)
{
	struct event *event;

	if (!config_device_notifier || ctx->args[0] != config_device_notifier)
		return 0;
	event = step_reserve_any(sizeof(*event));
	if (!event)
		return 0;
	step_clear(event);
	event->kind = EVENT_DEVICES;
	bpf_ringbuf_submit(event, BPF_RB_FORCE_WAKEUP);
	return 0;
}

#endif
