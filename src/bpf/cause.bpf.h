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
	__u64 caller; /* where the call returns to */
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
	bpf_probe_read_kernel(&cause->caller, sizeof(cause->caller),
			      (void *)entry_stack(entry));
}

/* Is the function that @ctx is of within the call that the note is about? */
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

static __noinline int cause_made(void *ctx, __u64 where, __u64 skb)
{
	const struct cause *cause = cause_last();

	if (cause && cause_is_followed(cause) && cause_is_caller(ctx, cause))
		copy_made(ctx, where, skb, cause->skb);
	return 0;
}

#endif
