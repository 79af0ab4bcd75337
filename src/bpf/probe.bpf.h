/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * probe.bpf.h - the programs on functions: two for those whose return is of no
 * interest, two for the others, and one for returns
 *
 * The first of each pair is for functions at which nothing begins: while nothing is
 * followed, it ends at once. What it does otherwise is no part of it but called:
 * registers that a program uses are saved when it begins, which would be half of its way.
 * Each program exists for kprobe.multi and for kprobes of perf events.
 */
#ifndef BPFPATH_PROBE_BPF_H
#define BPFPATH_PROBE_BPF_H

#include "bpf/call.bpf.h"
#include "bpf/cause.bpf.h"
#include "bpf/copy.bpf.h"

/* What is a step of one packet, and what is more. */
static __always_inline int probe_step(const struct entry *entry)
{
	__u64 packet = entry_packet(entry);

	switch (FUNCTION_ROLE(entry->word)) {
	case FUNCTION_LIST:
		return function_step_list(entry, packet);
	case FUNCTION_COPY:
		return copy_made(entry->ctx, entry->where, entry_first(entry),
				 entry_second(entry));
	case FUNCTION_SPLIT:
		return copy_made(entry->ctx, entry->where, entry_second(entry),
				 entry_first(entry));
	case FUNCTION_MERGE:
		copy_merge(entry->where, entry_first(entry), entry_second(entry));
		break;
	case FUNCTION_CAUSE:
		cause_note(entry, packet);
		break;
	case FUNCTION_MADE:
		return cause_made(entry->ctx, entry->where, packet, entry_stack(entry));
	case FUNCTION_FRAME:
	case FUNCTION_BUFF:
	case FUNCTION_FRAME_RECEIVE:
	case FUNCTION_FRAME_RETURN:
	case FUNCTION_BUFF_RETURN:
		return frame_step(entry->ctx, entry->where, FUNCTION_ROLE(entry->word),
				  packet, entry_first(entry));
	case FUNCTION_FRAME_ENTER:
		frame_enter(packet);
		break;
	case FUNCTION_FRAME_LEAVE:
		return frame_leave(packet);
	case FUNCTION_FRAME_BUILD:
		return frame_build(entry->where, entry_first(entry), packet,
				   entry_argument(entry, 3));
	case FUNCTION_REF:
		packet = function_referred(packet);
		break;
	}
	return function_step(entry, packet);
}

static __always_inline int probe_gate(const struct entry *entry)
{
	switch (FUNCTION_ROLE(entry->word)) {
	case FUNCTION_FREE:
		return function_forget(entry);
	case FUNCTION_RESEND:
		return function_again(entry);
	case FUNCTION_TCP:
		return function_begin_tcp(entry);
	case FUNCTION_UDP:
		return function_begin_udp(entry);
	case FUNCTION_GATE:
		return function_begin(entry);
	}
	return 0;
}

static __noinline int probe_followed(struct pt_regs *ctx)
{
	const struct entry entry = entry_of_probe(ctx);

	return probe_step(&entry);
}

static __always_inline int probe_entered(struct pt_regs *ctx)
{
	return busy.following ? probe_followed(ctx) : 0;
}

static __always_inline int probe_gate_entered(struct pt_regs *ctx)
{
	const struct entry entry = entry_of_probe(ctx);

	return probe_gate(&entry);
}

static __noinline int probe_call_followed(struct pt_regs *ctx)
{
	__u64 where = function_where(ctx);
	struct entry entry;

	if (call_is_return(ctx, where))
		return call_session_end(ctx, where);
	entry = entry_at(ctx, where);
	return !call_enter(&entry);
}

/*
 * At the entry and, with kprobe.session, at the return. What the entry answers: is
 * there no need of the return?
 */
static __always_inline int probe_call(struct pt_regs *ctx)
{
	return busy.any ? probe_call_followed(ctx) : 1;
}

static __always_inline int probe_call_gate(struct pt_regs *ctx)
{
	__u64 where = function_where(ctx);
	struct entry entry;

	if (call_is_return(ctx, where))
		return call_session_end(ctx, where);
	entry = entry_at(ctx, where);
	return !call_test(&entry);
}

SEC("bpfpath_multi")
int multi_step(struct pt_regs *ctx)
{
	return probe_entered(ctx);
}

SEC("bpfpath_multi")
int multi_gate(struct pt_regs *ctx)
{
	return probe_gate_entered(ctx);
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
	return probe_entered(ctx);
}

SEC("bpfpath_kprobe")
int kprobe_gate(struct pt_regs *ctx)
{
	return probe_gate_entered(ctx);
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
