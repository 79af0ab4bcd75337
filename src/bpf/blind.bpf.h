/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * blind.bpf.h - does the kernel run kprobes on this CPU at this moment?
 *
 * Not in the middle of another kprobe, nor of a program by a kprobe or perf event, nor
 * while a process changes a map. Before 6.7 it does not count what it skips so. But raw
 * tracepoints are not skipped then, and those that a packet passes may look at what the
 * kernel looks at itself: what functions it passes around there is not seen.
 */
#ifndef BPFPATH_BLIND_BPF_H
#define BPFPATH_BLIND_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/account.bpf.h"
#include "bpf/config.bpf.h"
#include "bpf/event.h"
#include "bpf/follow.bpf.h"

/*
 * EVENT_BLIND or 0, for a step of a packet that is followed: it takes three reads. Only
 * where config_cpu_offsets is set, which is to be asked first: the verifier would go
 * through what follows once for each branch.
 */
static __always_inline __u8 blind_now(const struct followed *followed)
{
	__u64 offset = 0, kprobe = 0;
	__u32 active = 0;

	if (followed->packet == FOLLOW_REFUSED)
		return 0;
	bpf_probe_read_kernel(
		&offset, sizeof(offset),
		(void *)(config_cpu_offsets + 8ull * bpf_get_smp_processor_id()));
	bpf_probe_read_kernel(&active, sizeof(active),
			      (void *)(offset + config_prog_active));
	bpf_probe_read_kernel(&kprobe, sizeof(kprobe),
			      (void *)(offset + config_current_kprobe));
	if (!active && !kprobe)
		return 0;
	account_add(ACCOUNT_BLIND);
	return EVENT_BLIND;
}

#endif
