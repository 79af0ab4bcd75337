/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * function.h - what is to be done at a probed function: a word for each, in a table
 * by address that the user side fills and the programs read
 *
 * So one program serves all functions that are attached together, whatever the
 * position of their packet: few programs to verify and few links to wait for. The
 * kernel's own cookie of a kprobe.multi link would say the same, but is found by a
 * binary search, and perf events have none before 5.15.
 */
#ifndef BPFPATH_FUNCTION_H
#define BPFPATH_FUNCTION_H

#include <linux/types.h>

#include "base/golden.h"

enum function_role {
	FUNCTION_NONE,	/* no probe */
	FUNCTION_STEP,	/* the argument is a packet */
	FUNCTION_REF,	/* ... a reference to one */
	FUNCTION_LIST,	/* ... a list of them */
	FUNCTION_COPY,	/* (new, old): a copy is made */
	FUNCTION_SPLIT, /* (old, new): the second half becomes a packet of its own */
	FUNCTION_MORPH, /* (packet, from): it takes over another one's content */
	FUNCTION_MERGE, /* (into, from): the data may be moved */
	FUNCTION_QUEUE, /* (queue, packet): a fragment */
	FUNCTION_CAUSE, /* the packet may have another one made, within this call */
	FUNCTION_MADE,	/* the packet was made, within the call that had it made */
	FUNCTION_FRAME, /* the argument is an XDP frame: frame.bpf.h */
	FUNCTION_BUFF,	/* ... an XDP buffer */
	FUNCTION_FRAME_ENTER,	/* the packet goes to XDP */
	FUNCTION_FRAME_LEAVE,	/* (buffer): it goes on as a frame */
	FUNCTION_FRAME_RECEIVE, /* (NAPI, frame): on the device of that */
	FUNCTION_FRAME_BUILD,	/* (frame, packet, device): it is a packet again */
	FUNCTION_FRAME_RETURN,	/* a frame's memory goes */
	FUNCTION_BUFF_RETURN,	/* ... that of a buffer */
	FUNCTION_FREE,		/* the packet's memory goes */
	FUNCTION_GATE,		/* packets begin */
	FUNCTION_TCP,		/* (socket, packet): packets begin at their socket */
	FUNCTION_UDP,		/* (packet, flow): likewise */
	FUNCTION_RESEND,	/* what begins within this call was sent before */
};

#define FUNCTION_WORD(role, argument) ((__u16)((role) | (argument) << 5))
#define FUNCTION_ROLE(word)	      ((word)&31)
#define FUNCTION_ARGUMENT(word)	      ((word) >> 5 & 15) /* from 1 */
/* of gates: */
#define FUNCTION_IP	(1 << 9)  /* the packet begins with IP */
#define FUNCTION_OUTPUT (1 << 10) /* calls the next one at once */
#define FUNCTION_AGAIN	(1 << 11) /* ... which is this one */

/* of steps: what the function knows beside the packet, detail.bpf.h */
enum function_detail {
	FUNCTION_DETAIL_NONE,
	FUNCTION_DETAIL_ROUTE, /* the packet's, which is decided by now */
	FUNCTION_DETAIL_CHAIN, /* (hook, chain) of nftables */
	FUNCTION_DETAIL_TABLE, /* (table, packet, hook), or packet first: of iptables */
};

#define FUNCTION_DETAIL_WORD(detail) ((__u16)((detail) << 12))
#define FUNCTION_DETAIL(word)	     ((word) >> 12 & 3)

#define FUNCTION_ARGUMENT_MAX 5 /* arguments that are in registers everywhere */

/*
 * An entry is the address, without its upper 16 bits, before the word; 0: free. It is
 * in its slot, or in one of the next few: hardly ever in the third of them, but at each
 * boot the addresses are others, and there must be a place for the last one as well.
 */
#define FUNCTION_TABLE_BITS 14
#define FUNCTION_TABLE_SIZE (1 << FUNCTION_TABLE_BITS)
#define FUNCTION_TRIES	    32
#define FUNCTION_WORD_BITS  16

static inline __u32 function_slot(__u64 address, __u32 try)
{
	__u32 slot = address * GOLDEN >> (64 - FUNCTION_TABLE_BITS);

	return (slot + try) & (FUNCTION_TABLE_SIZE - 1);
}

static inline __u64 function_entry(__u64 address, __u16 word)
{
	return address << FUNCTION_WORD_BITS | word;
}

/* Is the entry that of @address? */
static inline int function_entry_is(__u64 entry, __u64 address)
{
	return !((entry ^ function_entry(address, 0)) >> FUNCTION_WORD_BITS);
}

#endif
