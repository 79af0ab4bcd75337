/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.bpf.h - functions that take an sk_buff, on an open kernel
 *
 * Not programs yet: what they do at each function, by its word (function.h).
 */
#ifndef BPFPATH_FUNCTION_BPF_H
#define BPFPATH_FUNCTION_BPF_H

#include <linux/ptrace.h>

#include "bpf/again.bpf.h"
#include "bpf/detail.bpf.h"
#include "bpf/function.h"
#include "bpf/gate.bpf.h"
#include "bpf/socket.bpf.h"
#include "bpf/stack.bpf.h"

#include <bpf/bpf_tracing.h>

#define FUNCTION_LIST_MAX    64 /* packets of a list that are looked at */
#define FUNCTION_ENTRY_BYTES 32 /* at least: endbr, the call to ftrace */

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
 * A register is read from its fixed place in the context, as the verifier wants it: the
 * compiler must not choose the place first and then read. So what it is told of each is
 * different.
 */
#define FUNCTION_REGISTER(ctx, number)                                                   \
	({                                                                               \
		__u64 value = PT_REGS_PARM##number(ctx);                                 \
                                                                                         \
		asm volatile("/* " #number " */" : "+r"(value));                         \
		value;                                                                   \
	})

static __always_inline __u64 function_register(struct pt_regs *ctx, __u32 argument)
{
	switch (argument) {
	case 1:
		return FUNCTION_REGISTER(ctx, 1);
	case 2:
		return FUNCTION_REGISTER(ctx, 2);
	case 3:
		return FUNCTION_REGISTER(ctx, 3);
	case 4:
		return FUNCTION_REGISTER(ctx, 4);
	default:
		return FUNCTION_REGISTER(ctx, 5);
	}
}

/* A function that is entered, as a probe of either kind finds it. */
struct entry {
	void *ctx;	 /* struct pt_regs, or the arguments by a trampoline */
	__u64 where;	 /* address of the function */
	__u32 word;	 /* bpf/function.h */
	bool trampoline; /* a constant in each program: nothing is asked at run time */
};

static __always_inline struct entry entry_at(struct pt_regs *ctx, __u64 where)
{
	return (struct entry){ ctx, where, function_word(where), false };
}

static __always_inline struct entry entry_of_probe(struct pt_regs *ctx)
{
	return entry_at(ctx, function_where(ctx));
}

static __always_inline struct entry entry_of_trampoline(void *ctx)
{
	__u64 where = bpf_get_func_ip(ctx);

	return (struct entry){ ctx, where, function_word(where), true };
}

/* The argument at @position, from 1. */
static __always_inline __u64 entry_argument(const struct entry *entry, __u32 position)
{
	__u64 value = 0;

	if (!entry->trampoline)
		return function_register(entry->ctx, position);
	bpf_get_func_arg(entry->ctx, position - 1, &value);
	return value;
}

static __always_inline __u64 entry_first(const struct entry *entry)
{
	return entry->trampoline ? entry_argument(entry, 1)
				 : PT_REGS_PARM1((struct pt_regs *)entry->ctx);
}

static __always_inline __u64 entry_second(const struct entry *entry)
{
	return entry->trampoline ? entry_argument(entry, 2)
				 : PT_REGS_PARM2((struct pt_regs *)entry->ctx);
}

static __always_inline __u64 entry_packet(const struct entry *entry)
{
	return entry_argument(entry, FUNCTION_ARGUMENT(entry->word));
}

/*
 * Where on the stack the call is: a probe's stack pointer is where the return address
 * lies, the arguments by a trampoline are a little below that.
 */
static __always_inline __u64 entry_stack(const struct entry *entry)
{
	return entry->trampoline ? stack_address(entry->ctx)
				 : PT_REGS_SP((struct pt_regs *)entry->ctx);
}

/* A trampoline does not say where the call returns to. */
static __always_inline int function_again(const struct entry *entry)
{
	return entry->trampoline ? 0 : again_note(entry_stack(entry));
}

/* If a packet has begun with @step: is it one that is sent once more? */
static __always_inline void function_begun(const struct entry *entry,
					   const struct step *step)
{
	if (step->flags & EVENT_FIRST && !entry->trampoline)
		again_tell(entry->ctx, step, entry_stack(entry));
}

/* Step and place of a function whose return nobody waits for. */
static __always_inline struct step function_entered(const struct entry *entry, __u64 skb)
{
	return (struct step){
		.skb = skb,
		.where = entry->where,
		.frame = config_graph ? stack_frame(entry_stack(entry)) : 0,
		.kind = EVENT_FUNCTION,
	};
}

static __always_inline int function_step(const struct entry *entry, __u64 skb)
{
	struct followed *followed = follow_find(skb);
	struct step step;

	if (!followed)
		return 0;
	step = function_entered(entry, skb);
	if (FUNCTION_ROLE(entry->word) == FUNCTION_QUEUE) {
		step.kind = EVENT_QUEUE;
		step.value = entry_first(entry);
	}
	/* a function like skb_morph(skb, from): the sk_buff stays, its content changes */
	if (FUNCTION_ROLE(entry->word) == FUNCTION_MORPH)
		followed->morph = 1;
	gate_step(followed, &step);
	/* whatever else there is to tell is told where a return is waited for: call.bpf.h
	 */
	if (FUNCTION_DETAIL(entry->word) == FUNCTION_DETAIL_ROUTE)
		detail_tell(followed, &step, FUNCTION_DETAIL_ROUTE, 0, 0);
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

static __always_inline int function_step_list(const struct entry *entry, __u64 head)
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
			function_list_step(at - offset, entry->where,
					   config_graph ? stack_frame(entry_stack(entry))
							: 0);
	}
	return 0;
}

/* Was it tested at the gate before this one? */
static __always_inline bool function_tested(__u64 skb, __u64 socket, __u32 word)
{
	if (word & FUNCTION_AGAIN && gate_note_take(skb, GATE_NOTE_OUTPUT))
		return true;
	if (!(word & FUNCTION_IP) || !gate_note_take_socket(skb, socket))
		return false;
	if (word & FUNCTION_OUTPUT)
		gate_note_write(skb, GATE_NOTE_OUTPUT);
	return true;
}

/* The packet, if it is followed already: then this was a step of it. Otherwise NULL. */
static __always_inline struct followed *function_followed(struct step *step)
{
	struct followed *followed = follow_find(step->skb);

	if (followed)
		gate_step(followed, step);
	return followed;
}

/* A packet that is not followed may begin here; what it begins with is in the word. */
static __always_inline void function_test(struct step *step, __u64 socket, __u32 word)
{
	if (function_tested(step->skb, socket, word))
		return;
	if (gate_test(step, word & FUNCTION_IP ? PACKET_AT_IP : PACKET_AT_DATA) &&
	    word & FUNCTION_OUTPUT)
		gate_note_write(step->skb, GATE_NOTE_OUTPUT);
}

static __always_inline int function_begin(const struct entry *entry)
{
	struct step step = function_entered(entry, entry_packet(entry));

	if (function_followed(&step))
		return 0;
	function_test(&step, entry_second(entry), entry->word);
	function_begun(entry, &step);
	return 0;
}

/* Functions between a socket and IP: what the packet will be is known. */
static __always_inline int function_begin_tcp(const struct entry *entry)
{
	struct step step = function_entered(entry, entry_second(entry));

	if (!function_followed(&step))
		socket_test_tcp(&step, entry_first(entry));
	function_begun(entry, &step);
	return 0;
}

static __always_inline int function_begin_udp(const struct entry *entry)
{
	struct step step = function_entered(entry, entry_first(entry));

	if (!function_followed(&step))
		socket_test_udp(&step, entry_second(entry));
	return 0;
}

/* Functions with which the memory of a packet goes, or goes to be reused. */
static __always_inline int function_forget(const struct entry *entry)
{
	__u64 skb = entry_first(entry);
	struct followed *followed = follow_find(skb);
	struct step step;

	if (!followed)
		return 0;
	step = function_entered(entry, skb);
	step.kind = EVENT_FREE;
	step.flags = EVENT_LAST;
	step_emit(followed, &step);
	follow_end(skb);
	return 0;
}

#endif
