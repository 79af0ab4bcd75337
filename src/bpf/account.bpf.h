/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * account.bpf.h - losses and work, a counter each
 */
#ifndef BPFPATH_ACCOUNT_BPF_H
#define BPFPATH_ACCOUNT_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, ACCOUNT_SIZE);
	__type(key, __u32);
	__type(value, __u64);
} account SEC(".maps");

/*
 * A global function: it is in each program once, as the kernel makes room in the whole of
 * it for each look into a map, which is most of what loading takes.
 */
__noinline int account_add(__u32 what)
{
	__u64 *counter = bpf_map_lookup_elem(&account, &what);

	if (counter)
		__sync_fetch_and_add(counter, 1); /* against interrupts */
	return 0;
}

#endif
