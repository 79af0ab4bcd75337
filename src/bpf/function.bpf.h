/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.bpf.h - functions that take an sk_buff, on an open kernel
 *
 * One program for each position of the argument: the cheapest way to it. Each
 * exists twice, for kprobe.multi and for kprobes of perf events.
 */
#ifndef BPFPATH_FUNCTION_BPF_H
#define BPFPATH_FUNCTION_BPF_H

#include <linux/ptrace.h>

#include "bpf/function.h"
#include "bpf/gate.bpf.h"
#include "bpf/socket.bpf.h"
#include "bpf/stack.bpf.h"

#include <bpf/bpf_tracing.h>

#define FUNCTION_LIST_MAX 64 /* packets of a list that are looked at */

/*
 * The address of the function. Without bpf_get_func_ip (5.15, 9ffd9f3ff719) it
 * is that of the probe, which lies in the function: symbols_at() finds the name.
 * On x86 the register points behind the breakpoint, also where the probe is no
 * breakpoint (kprobe_ftrace_handler, optimized_callback).
 */
static __always_inline __u64 function_where(struct pt_regs *ctx)
{
	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_ip))
		return bpf_get_func_ip(ctx);
#ifdef __TARGET_ARCH_x86
	return PT_REGS_IP(ctx) - 1;
#else
	return PT_REGS_IP(ctx);
#endif
}

static __always_inline int function_step(struct pt_regs *ctx, __u64 skb)
{
	struct followed *followed = follow_find(skb);
	struct step step = { .skb = skb, .kind = EVENT_FUNCTION };

	if (!followed)
		return 0;
	step.where = function_where(ctx);
	step.frame = stack_place(PT_REGS_SP(ctx));
	gate_step(followed, &step);
	return 0;
}

/* The packet may be another one when the function returns: seen is the first. */
static __always_inline int function_step_ref(struct pt_regs *ctx, __u64 ref)
{
	__u64 skb = 0;

	if (!following || bpf_probe_read_kernel(&skb, sizeof(skb), (void *)ref))
		return 0;
	return function_step(ctx, skb);
}

/*
 * A function of its own, which the verifier looks at once and not once for each
 * packet of a list. Arguments that are no pointers: what 5.10 allows.
 */
__noinline int function_list_step(__u64 skb, __u64 where, __u32 frame)
{
	struct followed *followed = follow_find(skb);
	struct step step = {
		.skb = skb, .where = where, .frame = frame, .kind = EVENT_FUNCTION
	};

	if (followed)
		gate_step(followed, &step);
	return 0;
}

static __always_inline int function_step_list(struct pt_regs *ctx, __u64 head)
{
	const __u64 offset = bpf_core_field_offset(struct sk_buff, list);
	__u64 at = head;

	if (!following)
		return 0;
	for (int i = 0; i < FUNCTION_LIST_MAX; i++) {
		struct list_head *next = (void *)at;

		if (bpf_probe_read_kernel(&at, sizeof(at),
					  __builtin_preserve_access_index(&next->next)) ||
		    at == head)
			break;
		if (presence_maybe(at - offset))
			function_list_step(at - offset, function_where(ctx),
					   stack_place(PT_REGS_SP(ctx)));
	}
	return 0;
}

#define FUNCTION(position)                                                               \
	SEC("bpfpath_multi")                                                             \
	int function_##position(struct pt_regs *ctx)                                     \
	{                                                                                \
		return function_step(ctx, PT_REGS_PARM##position(ctx));                  \
	}                                                                                \
	SEC("bpfpath_multi")                                                             \
	int function_ref_##position(struct pt_regs *ctx)                                 \
	{                                                                                \
		return function_step_ref(ctx, PT_REGS_PARM##position(ctx));              \
	}                                                                                \
	SEC("bpfpath_multi")                                                             \
	int function_list_##position(struct pt_regs *ctx)                                \
	{                                                                                \
		return function_step_list(ctx, PT_REGS_PARM##position(ctx));             \
	}                                                                                \
	SEC("bpfpath_kprobe")                                                            \
	int kprobe_##position(struct pt_regs *ctx)                                       \
	{                                                                                \
		return function_step(ctx, PT_REGS_PARM##position(ctx));                  \
	}                                                                                \
	SEC("bpfpath_kprobe")                                                            \
	int kprobe_ref_##position(struct pt_regs *ctx)                                   \
	{                                                                                \
		return function_step_ref(ctx, PT_REGS_PARM##position(ctx));              \
	}                                                                                \
	SEC("bpfpath_kprobe")                                                            \
	int kprobe_list_##position(struct pt_regs *ctx)                                  \
	{                                                                                \
		return function_step_list(ctx, PT_REGS_PARM##position(ctx));             \
	}
FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)

/* A function at which a packet begins; what it begins with is in the cookie. */
static __always_inline void function_test(struct step *step, __u64 socket, __u64 cookie)
{
	struct followed *followed = follow_find(step->skb);
	bool known = true;

	if (followed) {
		gate_step(followed, step);
		return;
	}
	if (cookie & FUNCTION_COOKIE_AGAIN && gate_note_take(step->skb, GATE_NOTE_OUTPUT))
		return;
	if (!(cookie & FUNCTION_COOKIE_IP) || !gate_note_take_socket(step->skb, socket))
		known = gate_test(step, cookie & FUNCTION_COOKIE_IP ? PACKET_AT_IP
								    : PACKET_AT_DATA);
	if (known && cookie & FUNCTION_COOKIE_OUTPUT)
		gate_note_write(step->skb, GATE_NOTE_OUTPUT);
}

static __always_inline int function_begin(struct pt_regs *ctx, __u64 skb, __u64 cookie)
{
	struct step step = {
		.skb = skb,
		.where = function_where(ctx),
		.frame = stack_place(PT_REGS_SP(ctx)),
		.kind = EVENT_FUNCTION,
	};

	function_test(&step, PT_REGS_PARM2(ctx), cookie);
	return 0;
}

/*
 * Each register is read from its fixed place in the context, as the verifier
 * wants it: the compiler must not choose the place first and then read.
 */
static __always_inline __u64 function_argument(struct pt_regs *ctx, __u8 position)
{
	__u64 first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx),
	      third = PT_REGS_PARM3(ctx);

	asm volatile("" : "+r"(first), "+r"(second), "+r"(third));
	return position == 1 ? first : position == 2 ? second : third;
}

/* Few functions are gates: what they are is in the cookie. */
SEC("bpfpath_multi")
int function_gate(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	__u64 skb = function_argument(ctx, FUNCTION_COOKIE_ARGUMENT(cookie));

	return function_begin(ctx, skb, cookie);
}

/* Perf events have cookies since 5.15 only: a program for each that there is. */
SEC("bpfpath_kprobe")
int kprobe_gate_ip(struct pt_regs *ctx)
{
	return function_begin(ctx, PT_REGS_PARM3(ctx), FUNCTION_COOKIE_IP);
}

SEC("bpfpath_kprobe")
int kprobe_gate_data(struct pt_regs *ctx)
{
	return function_begin(ctx, PT_REGS_PARM1(ctx), 0);
}

/* True: the packet is followed already, and this was a step of it. */
static __always_inline bool function_followed(struct pt_regs *ctx, struct step *step)
{
	struct followed *followed = follow_find(step->skb);

	step->where = function_where(ctx);
	step->frame = stack_place(PT_REGS_SP(ctx));
	if (followed)
		gate_step(followed, step);
	return followed;
}

/* Functions between a socket and IP: what the packet will be is known. */
static __always_inline int function_test_tcp(struct pt_regs *ctx)
{
	struct step step = { .skb = PT_REGS_PARM2(ctx), .kind = EVENT_FUNCTION };

	if (!function_followed(ctx, &step))
		socket_test_tcp(&step, PT_REGS_PARM1(ctx));
	return 0;
}

static __always_inline int function_test_udp(struct pt_regs *ctx)
{
	struct step step = { .skb = PT_REGS_PARM1(ctx), .kind = EVENT_FUNCTION };

	if (!function_followed(ctx, &step))
		socket_test_udp(&step, PT_REGS_PARM2(ctx));
	return 0;
}

SEC("bpfpath_multi")
int function_tcp(struct pt_regs *ctx)
{
	return function_test_tcp(ctx);
}

SEC("bpfpath_multi")
int function_udp(struct pt_regs *ctx)
{
	return function_test_udp(ctx);
}

SEC("bpfpath_kprobe")
int kprobe_tcp(struct pt_regs *ctx)
{
	return function_test_tcp(ctx);
}

SEC("bpfpath_kprobe")
int kprobe_udp(struct pt_regs *ctx)
{
	return function_test_udp(ctx);
}

/* Functions with which the memory of a packet goes, or goes to be reused. */
static __always_inline int function_forget(struct pt_regs *ctx)
{
	struct step step = {
		.skb = PT_REGS_PARM1(ctx),
		.kind = EVENT_FREE,
		.flags = EVENT_LAST,
	};
	struct followed *followed = follow_find(step.skb);

	if (!followed)
		return 0;
	step.where = function_where(ctx);
	step.frame = stack_place(PT_REGS_SP(ctx));
	step_emit(followed, &step);
	follow_end(step.skb);
	return 0;
}

SEC("bpfpath_multi")
int function_free(struct pt_regs *ctx)
{
	return function_forget(ctx);
}

SEC("bpfpath_kprobe")
int kprobe_free(struct pt_regs *ctx)
{
	return function_forget(ctx);
}

#endif
