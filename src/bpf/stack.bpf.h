/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * stack.bpf.h - where on which stack a probe was met (event.h, .frame)
 */
#ifndef BPFPATH_STACK_BPF_H
#define BPFPATH_STACK_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "bpf/config.bpf.h"
#include "bpf/event.h"
#include "bpf/kernel_types.h"

#define STACK_SIZE 16384 /* THREAD_SIZE of x86-64, and of arm64 with pages of 4 KiB */

static __always_inline __u32 stack_frame(__u64 address)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	__u64 stack = (__u64)BPF_CORE_READ(task, stack);

	return (__u32)address | (address - stack < STACK_SIZE ? EVENT_FRAME_TASK : 0);
}

/*
 * The address of a context, which lies on the stack, as a number: the verifier takes it
 * for a context, but not what is read from memory.
 */
static __always_inline __u64 stack_address(void *ctx)
{
	__u64 address = 0;

	bpf_probe_read_kernel(&address, sizeof(address), &ctx);
	return address;
}

/* Of a raw tracepoint, which finds its arguments on the stack of its caller. */
static __always_inline __u32 stack_place_of_context(void *ctx)
{
	return config_graph ? stack_frame(stack_address(ctx)) : 0;
}

#endif
