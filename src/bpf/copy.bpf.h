/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * copy.bpf.h - packets that come of a followed one, and packets that become one
 *
 * Each is a function probe at an entry. A copy is told of where its header is
 * filled in: it lies in memory of its own by then, and nobody fails any more
 * without freeing it. Whether packets are merged is decided later in the function
 * that is asked to do it: what follows tells (src/path/lineage.c).
 */
#ifndef BPFPATH_COPY_BPF_H
#define BPFPATH_COPY_BPF_H

#include "bpf/frame.bpf.h"

/* Who makes the copy is known by the calls that led there. */
static __always_inline void copy_emit(void *ctx, struct followed *copy,
				      const struct step *step)
{
	struct event_copy *event = step_reserve(copy, step, sizeof(*event));

	if (!event)
		return;
	step_fill(&event->event, copy, step);
	step_fill_task(&event->event);
	if (bpf_get_stack(ctx, event->callers, sizeof(event->callers), 0) < 0)
		event->callers[0] = 0;
	bpf_ringbuf_submit(event, step_wakeup(copy));
}

/* Are these bytes the same, as many as an Ethernet header has? */
static __always_inline bool copy_has(__u64 a, __u64 b)
{
	__u64 from[2] = {}, to[2] = {};

	bpf_probe_read_kernel(from, PACKET_MAC_LEN, (void *)a);
	bpf_probe_read_kernel(to, PACKET_MAC_LEN, (void *)b);
	return from[0] == to[0] && from[1] == to[1];
}

/*
 * __pskb_copy_fclone() copies the packet from ->data on, but also where in front of that
 * the MAC header is. What is there is left from another packet, whose MAC header it may
 * well be: nothing but the header itself tells.
 */
static __always_inline bool copy_is_bare(__u64 new, __u64 old)
{
	__u64 from = (__u64)BPF_CORE_READ((struct sk_buff *)old, data);
	__u64 to = (__u64)BPF_CORE_READ((struct sk_buff *)new, data);
	__u16 place = BPF_CORE_READ((struct sk_buff *)old, mac_header);
	__u64 mac = (__u64)BPF_CORE_READ((struct sk_buff *)old, head) + place;

	return place != SKB_HEADER_UNSET && mac + PACKET_MAC_LEN <= from &&
	       copy_has(from, to) && !copy_has(mac, to - (from - mac));
}

/*
 * The copy begins on no device, so that its first step brings its own headers.
 * It is not refused for want of room as a new packet would be: it is part of one.
 */
static __always_inline void copy_begin(void *ctx, __u64 where, struct followed *old,
				       __u64 skb, bool bare)
{
	struct step step = {
		.skb = skb,
		.where = where,
		.value = old->packet,
		.kind = EVENT_COPY,
		.flags = EVENT_FIRST,
	};
	struct followed init = {
		.packet = FOLLOW_REFUSED,
		.netns = old->netns,
		.ifindex = old->ifindex,
		.len = old->len,
		.talk_len = old->talk_len,
		.talk_netns = old->talk_netns,
		.talk_proto = old->talk_proto,
		.bare = bare,
		.has_mac = old->has_mac,
	};
	struct followed *copy;

	if (old->packet != FOLLOW_REFUSED)
		init.packet = follow_id(bpf_ktime_get_ns());
	copy = follow_begin(skb, &init);
	if (copy)
		copy_emit(ctx, copy, &step);
}

/*
 * @old is copied into @new. If @new is followed, that packet was freed unseen: a
 * fast clone's address, say, which TCP uses again for each transmission.
 */
static __noinline int copy_made(void *ctx, __u64 where, __u64 new, __u64 old)
{
	struct followed *parent, *before = follow_find(new);

	if (before && before->morph) {
		before->morph = 0;
		return 0;
	}
	if (before)
		gate_reused(before, new);
	parent = follow_find(old);
	if (parent) {
		frame_copied(old, new);
		copy_begin(ctx, where, parent, new,
			   parent->bare || copy_is_bare(new, old));
	}
	return 0;
}

/* A function that tries to move the data of @from to @into: @from's part in it. */
static __always_inline void copy_merge(__u64 where, __u64 into, __u64 from)
{
	struct followed *followed = follow_find(from), *other = follow_find(into);
	struct step step = { .skb = from, .where = where, .kind = EVENT_MERGE };

	if (!followed)
		return;
	step.value = other ? other->packet : 0;
	gate_step(followed, &step);
}

#endif
