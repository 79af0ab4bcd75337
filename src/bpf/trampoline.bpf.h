/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * trampoline.bpf.h - the programs on functions once more, for the kernel's trampolines:
 * the cheapest way into a function, and all of its arguments can be had
 *
 * The kernel wants a program made for each function, or, since 7.2, one for many; both
 * are what is here (hook/fentry.c).
 */
#ifndef BPFPATH_TRAMPOLINE_BPF_H
#define BPFPATH_TRAMPOLINE_BPF_H

#include "bpf/probe.bpf.h"

static __noinline int fentry_followed(void *ctx)
{
	const struct entry entry = entry_of_trampoline(ctx);

	return probe_step(&entry);
}

SEC("bpfpath_fentry")
int fentry_step(void *ctx)
{
	return busy.following ? fentry_followed(ctx) : 0;
}

SEC("bpfpath_fentry")
int fentry_gate(void *ctx)
{
	const struct entry entry = entry_of_trampoline(ctx);

	return probe_gate(&entry);
}

static __noinline int fentry_call_followed(void *ctx)
{
	const struct entry entry = entry_of_trampoline(ctx);

	call_enter(&entry);
	return 0;
}

SEC("bpfpath_fentry")
int fentry_call(void *ctx)
{
	return busy.any ? fentry_call_followed(ctx) : 0;
}

SEC("bpfpath_fentry")
int fentry_call_gate(void *ctx)
{
	const struct entry entry = entry_of_trampoline(ctx);

	call_test(&entry);
	return 0;
}

/* The same trampoline, so that the arguments lie where they did at the entry. */
SEC("bpfpath_fexit")
int fexit_return(void *ctx)
{
	__u64 value = 0;

	if (!busy.calls_open)
		return 0;
	bpf_get_func_ret(ctx, &value);
	call_end(bpf_get_func_ip(ctx), stack_address(ctx), value);
	return 0;
}

#endif
