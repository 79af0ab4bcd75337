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

/* Of a step whose return nobody waits for: only where the steps are nested. */
static __always_inline __u32 stack_place(__u64 address)
{
	return config_graph ? stack_frame(address) : 0;
}

/*
 * A raw tracepoint finds its arguments on the stack of its caller. The verifier
 * takes the address for a context; read from memory it is a number.
 */
static __always_inline __u32 stack_place_of_context(void *ctx)
{
	__u64 address = 0;

	if (!config_graph)
		return 0;
	bpf_probe_read_kernel(&address, sizeof(address), &ctx);
	return stack_frame(address);
}

#endif
