/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * follow.bpf.h - the table of followed packets, by address
 *
 * For everybody else's packets the answer must be nearly free: is anything
 * followed at all, then one counter in a small presence table, and only then
 * the table itself. The presence table counts the followed addresses that share
 * a slot, so that nothing needs to be rebuilt when one is forgotten.
 *
 * Which addresses are followed is in a hash map of the kernel's, which sees to it
 * that each begins and ends once. What is known of them is in an array: to look there
 * takes a quarter of what the hash map does, and that is done at each step.
 */
#ifndef BPFPATH_FOLLOW_BPF_H
#define BPFPATH_FOLLOW_BPF_H

#include <linux/bpf.h>
#include <linux/errno.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "base/golden.h"
#include "bpf/account.bpf.h"
#include "bpf/claim.bpf.h"
#include "bpf/config.bpf.h"
#include "bpf/event.h"
#include "bpf/follow.h"

#define FOLLOW_LATE	1000000000ULL /* ns that a packet may be on its way between gates */
#define FOLLOW_PRESENCE 16384	      /* a power of two */

/*
 * In place of an id: the packet matched when the ring buffer was too full for
 * its path. It stays known, silently, so that it does not begin at a later gate.
 */
#define FOLLOW_REFUSED 0

struct followed {
	__u64 packet;  /* id */
	__u64 dev;     /* address of its device when last seen; 0: none */
	__u64 headers; /* which they are, 0: not known; see headers.bpf.h */
	__u64 seen;    /* ns: its last step */
	__u64 tail;    /* this and the next: see identity.bpf.h */
	__u32 id_number;
	__u32 id_len;
	__u32 netns;
	__u32 ifindex;
	__u32 len;
	__u32 talk_len; /* this, talk_netns and talk_proto: see conversation.bpf.h */
	__u32 talk_netns;
	__u16 lost;	 /* events lost since the last that arrived */
	__u8 socket;	 /* handed to TCP: it will not pass a device again */
	__u8 gro;	 /* is in GRO, which may free it without a word */
	__u8 received;	 /* was seen on its way in since it was on its way out */
	__u8 morph;	 /* takes over another packet's content, and stays itself */
	__u8 early;	 /* began at its socket: its header is not complete yet */
	__u8 talk_proto; /* 0: none noted */
	__u8 leaving;	 /* freed next, and goes on as an XDP frame: frame.bpf.h */
	__u8 bare;	 /* copied without its MAC header: copy.bpf.h */
	__u8 told;	 /* events, modulo 256: step.bpf.h */
	__u8 has_mac;	 /* its device is one with MAC headers */
	__u16 sender;	 /* received with its sender's socket; where: identity.bpf.h */
	__u8 words;	 /* so many of its headers' words are no data: headers.bpf.h */
};

#define FOLLOW_HEADERS 8 /* 64 bytes: Ethernet, IPv6, ports; Ethernet, IPv4, TCP */

struct follow_slot {
	struct followed followed;
	__u64 skb;   /* its address; 0: nobody's */
	__u64 users; /* claim.bpf.h */
	__u64 headers[FOLLOW_HEADERS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, FOLLOW_TABLE_SIZE);
	__type(key, __u64);
	__type(value, __u8);
} followed_table SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FOLLOW_SLOTS(FOLLOW_TABLE_SIZE));
	__type(key, __u32);
	__type(value, struct follow_slot);
} follow_slots SEC(".maps");

__u64 full_at; /* ns: when the table was full; 0: never */

/*
 * Is there anything at all to be done? Functions whose return is told ask for both, with
 * one load.
 */
union {
	struct {
		__u32 following;  /* packets */
		__u32 calls_open; /* of them, that have not returned: call.bpf.h */
	};
	__u64 any;
} busy;
__u32 stopped; /* by the session: no packet begins, not yet or not any more */
__u32 presence[FOLLOW_PRESENCE];

/* sk_buffs are 256 bytes apart: neighbours do not meet in one slot. */
static __always_inline __u32 presence_slot(__u64 skb)
{
	return ((skb >> 8) ^ (skb >> 22)) & (FOLLOW_PRESENCE - 1);
}

static __always_inline bool presence_maybe(__u64 skb)
{
	return busy.following && presence[presence_slot(skb)];
}

/*
 * An address has these places, in this order; another one has others. The first is told
 * by the upper bits, which spreads addresses that follow each other evenly: most of them
 * have theirs for themselves. All are 64 bits wide, as the verifier loses sight of a
 * shorter number that is kept on the stack.
 */
static __always_inline __u32 follow_place(__u64 skb, __u64 try)
{
	__u64 mixed = skb * GOLDEN, first = mixed >> config_follow_shift;

	if (!try)
		return first;
	return (first + try * (mixed >> 16 | 1)) & (~0ULL >> config_follow_shift);
}

static __always_inline struct follow_slot *follow_slot(__u32 place)
{
	return bpf_map_lookup_elem(&follow_slots, &place);
}

static __always_inline struct follow_slot *follow_slot_of(__u64 skb, __u32 place)
{
	struct follow_slot *slot = follow_slot(place);

	return slot && slot->skb == skb ? slot : NULL;
}

/*
 * Where else than in its first place @skb is; negative: nowhere, as mostly it is another
 * address that has the same slot in the presence table. With many packets a third of them
 * are not in their first place, but most of these in their second: to look there costs a
 * quarter of what the hash map does. A global function, which the verifier looks at once:
 * these give no pointers.
 */
__noinline int follow_search(__u64 skb)
{
	__u32 place = follow_place(skb, 1);

	if (follow_slot_of(skb, place))
		return place;
	if (!bpf_map_lookup_elem(&followed_table, &skb))
		return -1;
#pragma clang loop unroll(disable)
	for (__u64 try = 2; try < FOLLOW_TRIES; try++) {
		place = follow_place(skb, try);
		if (follow_slot_of(skb, place))
			return place;
	}
	return -1;
}

static __always_inline struct followed *follow_find(__u64 skb)
{
	struct follow_slot *slot;

	if (!presence_maybe(skb))
		return NULL;
	slot = follow_slot_of(skb, follow_place(skb, 0));
	if (!slot)
		slot = follow_slot_of(skb, follow_search(skb));
	return (struct followed *)slot;
}

/* The headers of @followed as they were last seen: what lies in the table has them. */
static __always_inline __u64 *follow_headers(struct followed *followed)
{
	return ((struct follow_slot *)followed)->headers;
}

/* Counted before it is in the table, so that no other CPU misses it there. */
static __always_inline void follow_count(__u64 skb, __u32 what)
{
	__sync_fetch_and_add(&presence[presence_slot(skb)], what);
	__sync_fetch_and_add(&busy.following, what);
}

/* A place for @skb that is nobody else's; negative: there is none. */
static __always_inline int follow_claim(__u64 skb)
{
#pragma clang loop unroll(disable)
	for (__u64 try = 0; try < FOLLOW_TRIES; try++) {
		__u32 place = follow_place(skb, try);
		struct follow_slot *slot = follow_slot(place);

		if (slot && !slot->users && claim_take(&slot->users))
			return place;
	}
	return -1;
}

/*
 * @skb is followed from now on; where what is known of it goes. Negative: it is not. A
 * global function, like follow_search().
 */
__noinline int follow_enter(__u64 skb)
{
	int place = -1, err; /* before 6.4 (d7ba4cc900bf) its upper half says nothing */
	__u8 one = 1;

	if (stopped)
		return -1;
	follow_count(skb, 1);
	err = bpf_map_update_elem(&followed_table, &skb, &one, BPF_NOEXIST);
	if (!err)
		place = follow_claim(skb);
	if (place >= 0)
		return place;
	if (!err)
		bpf_map_delete_elem(&followed_table, &skb);
	follow_count(skb, -1);
	if (err != -EEXIST) {
		account_add(ACCOUNT_TABLE_FULL);
		full_at = bpf_ktime_get_ns();
	}
	return -1;
}

static __always_inline struct followed *follow_begin(__u64 skb,
						     const struct followed *init)
{
	int place = follow_enter(skb);
	struct follow_slot *slot = place < 0 ? NULL : follow_slot(place);

	if (!slot)
		return NULL;
	slot->followed = *init;
	slot->followed.headers = 0; /* those that lie there are another packet's */
	slot->followed.seen = bpf_ktime_get_ns();
	slot->skb = skb;
	return &slot->followed;
}

/* Nobody can begin at the address before it is out of the hash map. Likewise global. */
__noinline int follow_end(__u64 skb)
{
	struct follow_slot *slot = (struct follow_slot *)follow_find(skb);

	if (!slot)
		return 0;
	slot->skb = 0;
	if (bpf_map_delete_elem(&followed_table, &skb))
		return 0;
	claim_leave(&slot->users);
	follow_count(skb, -1);
	return 0;
}

/*
 * What the first event of a packet says: there may have been no room for it in the
 * table when it met the gate before this one.
 */
static __always_inline __u8 follow_first(__u64 now)
{
	return full_at && now - full_at < FOLLOW_LATE ? EVENT_FIRST | EVENT_LATE
						      : EVENT_FIRST;
}

/*
 * An id that is never used twice: nobody begins twice on one CPU in the same
 * nanosecond. Repeats after 2^52 ns, 52 days, which no packet outlives.
 */
static __always_inline __u64 follow_id(__u64 now)
{
	return (now << 12 | (bpf_get_smp_processor_id() & 4095)) ?: 1;
}

#endif
