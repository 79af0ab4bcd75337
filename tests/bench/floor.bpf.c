// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * What a tracer that tells of each call cannot go below: where, when, and the first
 * argument. Nothing is looked at, nothing filtered.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#define RING_SIZE (8 * 1024 * 1024)

struct floor_event {
	__u64 time, where, argument;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_SIZE);
} ring SEC(".maps");

SEC("kprobe.multi")
int floor_tell(struct pt_regs *ctx)
{
	struct floor_event *event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);

	if (!event)
		return 0;
	event->time = bpf_ktime_get_ns();
	event->where = bpf_get_func_ip(ctx);
	event->argument = PT_REGS_PARM1(ctx);
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
