/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * claim.bpf.h - a place in a table that nobody else has, whoever comes in between
 *
 * An exchange would do, but 5.10 has none. So who wants a place counts itself, and has
 * it if it finds itself alone: as long as it is counted, nobody else does. Two who meet
 * may both go on to the next place.
 */
#ifndef BPFPATH_CLAIM_BPF_H
#define BPFPATH_CLAIM_BPF_H

#include <linux/types.h>
#include <stdbool.h>

static __always_inline void claim_leave(__u64 *users)
{
	__sync_fetch_and_add(users, -1);
}

static __always_inline bool claim_take(__u64 *users)
{
	__sync_fetch_and_add(users, 1);
	if (*(volatile __u64 *)users == 1)
		return true;
	claim_leave(users);
	return false;
}

#endif
