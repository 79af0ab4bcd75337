/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * probe.bpf.h - the programs on functions: two for those whose return is of no
 * interest, two for the others, and one for returns
 *
 * The first of each pair is for functions at which nothing begins: while nothing is
 * followed, it ends at once. Each program exists for kprobe.multi and for kprobes of
 * perf events.
 */
#ifndef BPFPATH_PROBE_BPF_H
#define BPFPATH_PROBE_BPF_H

#include "bpf/call.bpf.h"
#include "bpf/copy.bpf.h"

/* What is a step of one packet, and what is more. */
static __always_inline int probe_step(struct pt_regs *ctx)
{
	__u64 where, first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx), packet;
	__u32 word;

	if (!following)
		return 0;
	where = function_where(ctx);
	word = function_word(where);
	packet = function_argument(ctx, word);
	switch (FUNCTION_ROLE(word)) {
	case FUNCTION_LIST:
		return function_step_list(ctx, where, packet);
	case FUNCTION_COPY:
		return copy_made(ctx, where, first, second);
	case FUNCTION_SPLIT:
		return copy_made(ctx, where, second, first);
	case FUNCTION_MERGE:
		copy_merge(where, first, second);
		break;
	case FUNCTION_REF:
		packet = function_referred(packet);
		break;
	}
	return function_step(ctx, where, word, packet);
}

static __always_inline int probe_gate(struct pt_regs *ctx)
{
	__u64 where = function_where(ctx);
	__u32 word = function_word(where);

	switch (FUNCTION_ROLE(word)) {
	case FUNCTION_FREE:
		return function_forget(ctx, where);
	case FUNCTION_TCP:
		return function_begin_tcp(ctx, where);
	case FUNCTION_UDP:
		return function_begin_udp(ctx, where);
	case FUNCTION_GATE:
		return function_begin(ctx, where, word);
	}
	return 0;
}

/*
 * At the entry and, with kprobe.session, at the return. What the entry answers: is
 * there no need of the return?
 */
static __always_inline int probe_call(struct pt_regs *ctx)
{
	if (!calls_open && !following)
		return 1;
	if (call_is_return(ctx))
		return call_session_end(ctx);
	return !call_enter(ctx);
}

static __always_inline int probe_call_gate(struct pt_regs *ctx)
{
	__u64 where;

	if (call_is_return(ctx))
		return call_session_end(ctx);
	where = function_where(ctx);
	return !call_test(ctx, where, function_word(where));
}

SEC("bpfpath_multi")
int multi_step(struct pt_regs *ctx)
{
	return probe_step(ctx);
}

SEC("bpfpath_multi")
int multi_gate(struct pt_regs *ctx)
{
	return probe_gate(ctx);
}

SEC("bpfpath_multi")
int multi_call(struct pt_regs *ctx)
{
	return probe_call(ctx);
}

SEC("bpfpath_multi")
int multi_call_gate(struct pt_regs *ctx)
{
	return probe_call_gate(ctx);
}

SEC("bpfpath_multi")
int multi_return(struct pt_regs *ctx)
{
	return call_return(ctx);
}

/* The answer of a perf event's program: no sample is to be taken. */

SEC("bpfpath_kprobe")
int kprobe_step(struct pt_regs *ctx)
{
	return probe_step(ctx);
}

SEC("bpfpath_kprobe")
int kprobe_gate(struct pt_regs *ctx)
{
	return probe_gate(ctx);
}

SEC("bpfpath_kprobe")
int kprobe_call(struct pt_regs *ctx)
{
	probe_call(ctx);
	return 0;
}

SEC("bpfpath_kprobe")
int kprobe_call_gate(struct pt_regs *ctx)
{
	probe_call_gate(ctx);
	return 0;
}

SEC("bpfpath_kprobe")
int kprobe_return(struct pt_regs *ctx)
{
	return call_return(ctx);
}

#endif
