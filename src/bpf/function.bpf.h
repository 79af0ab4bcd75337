/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.bpf.h - functions that take an sk_buff, on an open kernel
 *
 * One program for each position of the argument: the cheapest way to it.
 */
#ifndef BPFPATH_FUNCTION_BPF_H
#define BPFPATH_FUNCTION_BPF_H

#include <linux/ptrace.h>

#include "bpf/function.h"
#include "bpf/gate.bpf.h"

#include <bpf/bpf_tracing.h>

static __always_inline int function_step(void *ctx, __u64 address)
{
	struct followed *followed = follow_find(address);
	struct step step = { .skb = address, .kind = EVENT_FUNCTION };
	struct skb skb;

	if (!followed)
		return 0;
	step.where = bpf_get_func_ip(ctx);
	gate_step(followed, &step, &skb);
	return 0;
}

#define FUNCTION(position)                                                               \
	SEC("bpfpath_multi")                                                             \
	int function_##position(struct pt_regs *ctx)                                     \
	{                                                                                \
		return function_step(ctx, PT_REGS_PARM##position(ctx));                  \
	}
FUNCTION(1)
FUNCTION(2)
FUNCTION(3)
FUNCTION(4)
FUNCTION(5)

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

static __always_inline void function_test(struct step *step, __u64 cookie,
					  struct skb *skb)
{
	if (!(cookie & FUNCTION_COOKIE_IP)) {
		gate_test(step, PACKET_AT_DATA, skb);
		if (!gate_has_egress(SKB_FIELD(skb, dev)))
			gate_note_write(step->skb, GATE_NOTE_XMIT);
		return;
	}
	if (cookie & FUNCTION_COOKIE_AGAIN && gate_note_take(step->skb, GATE_NOTE_OUTPUT))
		return;
	gate_test(step, PACKET_AT_IP, skb);
	if (cookie & FUNCTION_COOKIE_OUTPUT)
		gate_note_write(step->skb, GATE_NOTE_OUTPUT);
}

/* Few functions are gates: what they are is in the cookie. */
SEC("bpfpath_multi")
int function_gate(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct step step = {
		.skb = function_argument(ctx, FUNCTION_COOKIE_ARGUMENT(cookie)),
		.where = bpf_get_func_ip(ctx),
		.kind = EVENT_FUNCTION,
	};
	struct followed *followed = follow_find(step.skb);
	struct skb skb;

	if (followed)
		gate_step(followed, &step, &skb);
	else
		function_test(&step, cookie, &skb);
	return 0;
}

/* Functions with which the memory of a packet goes, or goes to be reused. */
SEC("bpfpath_multi")
int function_free(struct pt_regs *ctx)
{
	struct step step = {
		.skb = PT_REGS_PARM1(ctx),
		.where = bpf_get_func_ip(ctx),
		.kind = EVENT_FREE,
		.flags = EVENT_LAST,
	};
	struct followed *followed = follow_find(step.skb);

	if (!followed)
		return 0;
	step_emit(followed, &step);
	follow_end(step.skb);
	return 0;
}

#endif
