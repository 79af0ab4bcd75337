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

#include "bpf/function.bpf.h"

/* Who makes the copy is known by the calls that led there. */
static __always_inline void copy_emit(struct pt_regs *ctx, struct followed *copy,
				      const struct step *step)
{
	struct event_copy *event = step_reserve(copy, step, sizeof(*event));

	if (!event)
		return;
	step_fill(&event->event, copy, step);
	step_fill_task(&event->event);
	if (bpf_get_stack(ctx, event->callers, sizeof(event->callers), 0) < 0)
		event->callers[0] = 0;
	bpf_ringbuf_submit(event, step_wakeup(step->flags));
}

/*
 * The copy begins on no device, so that its first step brings its own headers.
 * It is not refused for want of room as a new packet would be: it is part of one.
 */
static __always_inline void copy_begin(struct pt_regs *ctx, struct followed *old,
				       __u64 skb)
{
	struct step step = {
		.skb = skb,
		.where = function_where(ctx),
		.value = old->packet,
		.kind = EVENT_COPY,
		.flags = EVENT_FIRST,
	};
	struct followed init = {
		.packet = FOLLOW_REFUSED,
		.netns = old->netns,
		.ifindex = old->ifindex,
		.len = old->len,
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
static __always_inline int copy_made(struct pt_regs *ctx, __u64 new, __u64 old)
{
	struct followed *parent, *before = follow_find(new);

	if (before && before->morph) {
		before->morph = 0;
		return 0;
	}
	if (before)
		gate_reused(before, new);
	parent = follow_find(old);
	if (parent)
		copy_begin(ctx, parent, new);
	return 0;
}

/* A function like skb_morph(skb, from): the sk_buff stays, its content changes. */
static __always_inline int copy_morph(struct pt_regs *ctx, __u64 skb)
{
	struct step step = { .skb = skb, .kind = EVENT_FUNCTION };
	struct followed *followed = follow_find(skb);

	if (!followed)
		return 0;
	followed->morph = 1;
	step.where = function_where(ctx);
	gate_step(followed, &step);
	return 0;
}

/* A function that tries to move the data of @from to @into. */
static __always_inline int copy_merge(struct pt_regs *ctx, __u64 into, __u64 from)
{
	struct followed *followed = follow_find(from), *other = follow_find(into);
	struct step step = { .skb = from, .kind = EVENT_MERGE };

	if (followed) {
		step.where = function_where(ctx);
		step.value = other ? other->packet : 0;
		gate_step(followed, &step);
	}
	return other ? function_step(ctx, into) : 0;
}

/* A fragment comes into a queue, or the last one makes a packet of all in it. */
static __always_inline int copy_queue(struct pt_regs *ctx, __u64 queue, __u64 skb)
{
	struct step step = { .skb = skb, .value = queue, .kind = EVENT_QUEUE };
	struct followed *followed = follow_find(skb);

	if (!followed)
		return 0;
	step.where = function_where(ctx);
	gate_step(followed, &step);
	return 0;
}

#define COPY_PROGRAMS(section, prefix)                                                   \
	SEC(section)                                                                     \
	int prefix##_copy(struct pt_regs *ctx)                                           \
	{                                                                                \
		return copy_made(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));           \
	}                                                                                \
	SEC(section)                                                                     \
	int prefix##_split(struct pt_regs *ctx)                                          \
	{                                                                                \
		return copy_made(ctx, PT_REGS_PARM2(ctx), PT_REGS_PARM1(ctx));           \
	}                                                                                \
	SEC(section)                                                                     \
	int prefix##_morph(struct pt_regs *ctx)                                          \
	{                                                                                \
		return copy_morph(ctx, PT_REGS_PARM1(ctx));                              \
	}                                                                                \
	SEC(section)                                                                     \
	int prefix##_merge(struct pt_regs *ctx)                                          \
	{                                                                                \
		return copy_merge(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));          \
	}                                                                                \
	SEC(section)                                                                     \
	int prefix##_queue(struct pt_regs *ctx)                                          \
	{                                                                                \
		return copy_queue(ctx, PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx));          \
	}
COPY_PROGRAMS("bpfpath_multi", function)
COPY_PROGRAMS("bpfpath_kprobe", kprobe)

#endif
