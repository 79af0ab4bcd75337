// SPDX-License-Identifier: GPL-2.0-only
/*
 * A program that is in the middle of its run until a packet was sent in a softirq that
 * has interrupted it, on this CPU: what else is attached meets the packet at a time when
 * the kernel runs no kprobe.
 */
#include <linux/bpf.h>
#include <linux/ptrace.h>
#include <bpf/bpf_helpers.h>

#define BUSY_ROUNDS 60000
#define BUSY_BYTES  65536 /* are copied in each */

__u32 wanted; /* process */
__u32 running, cpu;
__u32 sent;
__u8 from[BUSY_BYTES], to[BUSY_BYTES];

/* Raw tracepoints are not skipped in the middle of another program. */
SEC("raw_tp/net_dev_start_xmit")
int packet_sent(void *ctx)
{
	if (running && cpu == bpf_get_smp_processor_id())
		sent++;
	return 0;
}

SEC("kprobe")
int stay_busy(struct pt_regs *ctx)
{
	if (bpf_get_current_pid_tgid() >> 32 != wanted || sent)
		return 0;
	cpu = bpf_get_smp_processor_id();
	running = 1;
	for (int i = 0; i < BUSY_ROUNDS && !*(volatile __u32 *)&sent; i++)
		bpf_probe_read_kernel(to, sizeof(to), from);
	running = 0;
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
