/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.bpf.h - functions that take an sk_buff, on an open kernel
 *
 * Not programs yet: what they do at each function, by its word (function.h).
 */
#ifndef BPFPATH_FUNCTION_BPF_H
#define BPFPATH_FUNCTION_BPF_H

#include <linux/ptrace.h>

#include "bpf/detail.bpf.h"
#include "bpf/function.h"
#include "bpf/gate.bpf.h"
#include "bpf/socket.bpf.h"
#include "bpf/stack.bpf.h"

#include <bpf/bpf_tracing.h>

#define FUNCTION_LIST_MAX 64 /* packets of a list that are looked at */

__u64 functions[FUNCTION_TABLE_SIZE];

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

/* The word of the function at @where; 0: it has none. A loop that stays one. */
static __always_inline __u32 function_word(__u64 where)
{
	__u64 entry = 0;

#pragma clang loop unroll(disable)
	for (__u32 try = 0; try < FUNCTION_TRIES; try++) {
		entry = functions[function_slot(where, try)];
		if (function_entry_is(entry, where))
			break;
		entry = 0;
	}
	return (__u16)entry;
}

/*
 * Each register is read from its fixed place in the context, as the verifier
 * wants it: the compiler must not choose the place first and then read.
 */
static __always_inline __u64 function_argument(struct pt_regs *ctx, __u32 word)
{
	__u64 first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx),
	      third = PT_REGS_PARM3(ctx), fourth = PT_REGS_PARM4(ctx),
	      fifth = PT_REGS_PARM5(ctx);

	asm volatile("" : "+r"(first), "+r"(second), "+r"(third));
	asm volatile("" : "+r"(fourth), "+r"(fifth));
	switch (FUNCTION_ARGUMENT(word)) {
	case 1:
		return first;
	case 2:
		return second;
	case 3:
		return third;
	case 4:
		return fourth;
	default:
		return fifth;
	}
}

/* Step and place of a function whose return nobody waits for. */
static __always_inline struct step function_entered(struct pt_regs *ctx, __u64 where,
						    __u64 skb)
{
	return (struct step){
		.skb = skb,
		.where = where,
		.frame = stack_place(PT_REGS_SP(ctx)),
		.kind = EVENT_FUNCTION,
	};
}

/* The packet came first until 5.16 (8844e01062dd), its table last. */
static __always_inline void function_tell_table(struct pt_regs *ctx, __u32 word,
						struct followed *followed,
						struct step *step)
{
	bool first = FUNCTION_ARGUMENT(word) == 1;
	__u64 table = function_argument(ctx, FUNCTION_WORD(0, first ? 3 : 1));
	__u64 state = function_argument(ctx, FUNCTION_WORD(0, first ? 2 : 3));

	detail_table(followed, step, table, state);
}

/* More of a step that was told of. Not inlined, like gate_step(), for the stack. */
static __noinline void function_tell(struct pt_regs *ctx, __u64 where, __u32 word,
				     struct followed *followed, __u64 skb)
{
	struct step step = { .skb = skb, .where = where, .kind = EVENT_CHAIN };

	switch (FUNCTION_DETAIL(word)) {
	case FUNCTION_DETAIL_ROUTE:
		step.kind = EVENT_ROUTE;
		detail_route(followed, &step);
		break;
	case FUNCTION_DETAIL_CHAIN:
		detail_chain(followed, &step, PT_REGS_PARM2(ctx));
		break;
	case FUNCTION_DETAIL_TABLE:
		function_tell_table(ctx, word, followed, &step);
		break;
	}
}

static __always_inline int function_step(struct pt_regs *ctx, __u64 where, __u32 word,
					 __u64 skb)
{
	struct followed *followed = follow_find(skb);
	struct step step;

	if (!followed)
		return 0;
	step = function_entered(ctx, where, skb);
	if (FUNCTION_ROLE(word) == FUNCTION_QUEUE) {
		step.kind = EVENT_QUEUE;
		step.value = PT_REGS_PARM1(ctx);
	}
	/* a function like skb_morph(skb, from): the sk_buff stays, its content changes */
	if (FUNCTION_ROLE(word) == FUNCTION_MORPH)
		followed->morph = 1;
	gate_step(followed, &step);
	if (FUNCTION_DETAIL(word))
		function_tell(ctx, where, word, followed, skb);
	return 0;
}

/* The packet may be another one when the function returns: seen is the first. */
static __always_inline __u64 function_referred(__u64 ref)
{
	__u64 skb = 0;

	bpf_probe_read_kernel(&skb, sizeof(skb), (void *)ref);
	return skb;
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

static __always_inline int function_step_list(struct pt_regs *ctx, __u64 where,
					      __u64 head)
{
	const __u64 offset = bpf_core_field_offset(struct sk_buff, list);
	__u64 at = head;

	for (int i = 0; i < FUNCTION_LIST_MAX; i++) {
		struct list_head *next = (void *)at;

		if (bpf_probe_read_kernel(&at, sizeof(at),
					  __builtin_preserve_access_index(&next->next)) ||
		    at == head)
			break;
		if (presence_maybe(at - offset))
			function_list_step(at - offset, where,
					   stack_place(PT_REGS_SP(ctx)));
	}
	return 0;
}

/* A function at which a packet begins; what it begins with is in the word. */
static __always_inline void function_test(struct step *step, __u64 socket, __u32 word)
{
	struct followed *followed = follow_find(step->skb);
	bool known = true;

	if (followed) {
		gate_step(followed, step);
		return;
	}
	if (word & FUNCTION_AGAIN && gate_note_take(step->skb, GATE_NOTE_OUTPUT))
		return;
	if (!(word & FUNCTION_IP) || !gate_note_take_socket(step->skb, socket))
		known = gate_test(step,
				  word & FUNCTION_IP ? PACKET_AT_IP : PACKET_AT_DATA);
	if (known && word & FUNCTION_OUTPUT)
		gate_note_write(step->skb, GATE_NOTE_OUTPUT);
}

static __always_inline int function_begin(struct pt_regs *ctx, __u64 where, __u32 word)
{
	struct step step = function_entered(ctx, where, function_argument(ctx, word));

	function_test(&step, PT_REGS_PARM2(ctx), word);
	return 0;
}

/* True: the packet is followed already, and this was a step of it. */
static __always_inline bool function_followed(struct step *step)
{
	struct followed *followed = follow_find(step->skb);

	if (followed)
		gate_step(followed, step);
	return followed;
}

/* Functions between a socket and IP: what the packet will be is known. */
static __always_inline int function_begin_tcp(struct pt_regs *ctx, __u64 where)
{
	struct step step = function_entered(ctx, where, PT_REGS_PARM2(ctx));

	if (!function_followed(&step))
		socket_test_tcp(&step, PT_REGS_PARM1(ctx));
	return 0;
}

static __always_inline int function_begin_udp(struct pt_regs *ctx, __u64 where)
{
	struct step step = function_entered(ctx, where, PT_REGS_PARM1(ctx));

	if (!function_followed(&step))
		socket_test_udp(&step, PT_REGS_PARM2(ctx));
	return 0;
}

/* Functions with which the memory of a packet goes, or goes to be reused. */
static __always_inline int function_forget(struct pt_regs *ctx, __u64 where)
{
	__u64 skb = PT_REGS_PARM1(ctx);
	struct followed *followed = follow_find(skb);
	struct step step;

	if (!followed)
		return 0;
	step = function_entered(ctx, where, skb);
	step.kind = EVENT_FREE;
	step.flags = EVENT_LAST;
	step_emit(followed, &step);
	follow_end(skb);
	return 0;
}

#endif
