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

#define FUNCTION_LIST_MAX 64 /* packets of a list that are looked at */

static __always_inline int function_step(void *ctx, __u64 skb)
{
	struct followed *followed = follow_find(skb);
	struct step step = { .skb = skb, .kind = EVENT_FUNCTION };

	if (!followed)
		return 0;
	step.where = bpf_get_func_ip(ctx);
	gate_step(followed, &step);
	return 0;
}

/* The packet may be another one when the function returns: seen is the first. */
static __always_inline int function_step_ref(void *ctx, __u64 ref)
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
__noinline int function_list_step(__u64 skb, __u64 where)
{
	struct followed *followed = follow_find(skb);
	struct step step = { .skb = skb, .where = where, .kind = EVENT_FUNCTION };

	if (followed)
		gate_step(followed, &step);
	return 0;
}

static __always_inline int function_step_list(void *ctx, __u64 head)
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
			function_list_step(at - offset, bpf_get_func_ip(ctx));
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

	if (followed)
		gate_step(followed, &step);
	else if (cookie & FUNCTION_COOKIE_IP)
		gate_test(&step, PACKET_AT_IP);
	else
		gate_test(&step, PACKET_AT_DATA);
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
