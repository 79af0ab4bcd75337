/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * cause.bpf.h - packets that the kernel makes because of a followed one: it asks for a
 * neighbour's address, or answers
 *
 * A function is given the packet that is the cause, and another one, within that call,
 * the packet that was made. The first leaves a note: which call it is. The second
 * believes it if that call is among those that led there.
 */
#ifndef BPFPATH_CAUSE_BPF_H
#define BPFPATH_CAUSE_BPF_H

#include "bpf/copy.bpf.h"

struct cause {
	__u64 skb;
	__u64 packet; /* its id, as the address may be another's by now; 0: not followed
		       */
	__u64 frame;  /* address of the place that holds the return address */
	__u64 caller; /* where the call returns to, or what catches its return */
	__u64 task;
};

/* Of the last such call on each processor, which nothing moves before it returns. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct cause);
} causes SEC(".maps");

static __always_inline struct cause *cause_last(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&causes, &key);
}

static __always_inline __u64 cause_caller(__u64 frame)
{
	__u64 caller = 0;

	bpf_probe_read_kernel(&caller, sizeof(caller), (void *)frame);
	return caller;
}

/* A trampoline does not say where the call returns to. */
static __always_inline void cause_note(const struct entry *entry, __u64 skb)
{
	const struct followed *followed = follow_find(skb);
	struct cause *cause = cause_last();

	if (!cause || entry->trampoline)
		return;
	cause->skb = skb;
	cause->packet = followed ? followed->packet : 0;
	cause->task = bpf_get_current_pid_tgid();
	cause->frame = entry_stack(entry);
	cause->caller = cause_caller(cause->frame);
}

/*
 * Is a function with its frame at @stack within the call that the note is about? Where a
 * return is waited for, its address on the stack is another, but the kernel's list of
 * callers has the true one. It may be so already when the note is made: a function that
 * ends in a jump hands on its frame. Then the place is still as it was; where it is so
 * later, the true one is among the callers.
 */
static __always_inline bool cause_is_around(const struct cause *cause, __u64 stack)
{
	return cause->frame - stack < STACK_SIZE &&
	       cause_caller(cause->frame) == cause->caller;
}

static __always_inline bool cause_is_caller(void *ctx, const struct cause *cause)
{
	__u64 callers[EVENT_CALLERS] = {};

	if (bpf_get_stack(ctx, callers, sizeof(callers), 0) < 0)
		return false;
	for (int i = 0; i < EVENT_CALLERS; i++) {
		if (callers[i] == cause->caller)
			return true;
	}
	return false;
}

static __always_inline bool cause_is_followed(const struct cause *cause)
{
	const struct followed *followed;

	if (!cause->packet || cause->task != bpf_get_current_pid_tgid())
		return false;
	followed = follow_find(cause->skb);
	return followed && followed->packet == cause->packet;
}

static __noinline int cause_made(void *ctx, __u64 where, __u64 skb, __u64 stack)
{
	const struct cause *cause = cause_last();

	if (cause && cause_is_followed(cause) &&
	    (cause_is_around(cause, stack) || cause_is_caller(ctx, cause)))
		copy_made(ctx, where, skb, cause->skb);
	return 0;
}

#endif
