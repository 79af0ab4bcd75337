/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * call.h - a call whose return is waited for, as the user side sees it, too
 */
#ifndef BPFPATH_CALL_H
#define BPFPATH_CALL_H

#include <linux/types.h>

#define CALLS_MAX 8192 /* at once, of followed packets; a power of two */

/*
 * A function that ends in a jump to another one hands on its frame: they return
 * from it one after the other.
 */
struct call_key {
	__u64 frame; /* address of the place that holds the return address; 0: no call */
	__u64 where; /* the function; 0 where its return does not know it */
};

struct call {
	struct call_key key;
	__u64 packet; /* id */
	__u64 where;
	__u64 time;  /* of its entry */
	__u64 users; /* claim.bpf.h */
	__u32 frame; /* as events have it */
	__u32 reserved;
};

#endif
