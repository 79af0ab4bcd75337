/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * step.bpf.h - one step of a followed packet goes into the ring buffer
 */
#ifndef BPFPATH_STEP_BPF_H
#define BPFPATH_STEP_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/config.bpf.h"
#include "bpf/event.h"
#include "bpf/follow.bpf.h"
#include "bpf/kernel_types.h"
#include "bpf/read.bpf.h"

/* Events of a packet, a power of two, for each look at how full the buffer is; */
#define STEP_WAKE_EVERY 16

/* and more bytes than all CPUs together are likely to write between two of them. */
#define STEP_WAKE_RANGE 65536

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, RING_SIZE);
} ring SEC(".maps");

/* What a probe knows of the step it is at. */
struct step {
	__u64 skb;
	__u64 where;
	__u64 value;
	__u32 mark;
	__u32 frame;
	__u8 kind;
	__u8 id;
	__u8 flags;
	__u8 checksum;
};

/*
 * May another packet begin? Not into a buffer that is half full: the rest is for
 * the packets that are followed already, so that their paths are complete.
 */
static __always_inline bool step_room(void)
{
	if (bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) <= config_ring_refuse)
		return true;
	account_add(ACCOUNT_REFUSED);
	return false;
}

/*
 * There is no room for an event. A packet whose first one is lost would be a
 * path without a beginning: it is refused after all.
 */
static __always_inline void step_lost(struct followed *followed, const struct step *step)
{
	if (step->flags & EVENT_FIRST) {
		followed->packet = FOLLOW_REFUSED;
		account_add(ACCOUNT_REFUSED);
		return;
	}
	account_add(ACCOUNT_STEPS);
	account_add(ACCOUNT_RING_FULL);
	if (followed->lost != 0xffff)
		followed->lost++;
}

/*
 * Who runs on this CPU; it may have nothing to do with the packet. The name is as it is
 * in memory: the kernel fills it up with zeros (strscpy_pad, 5.17).
 */
static __always_inline void step_fill_task(struct event *event)
{
	const struct task_struct *task;
	__u64 ids;

	if (config_direct) {
		task = bpf_get_current_task_btf();
		event->pid = task->tgid;
		event->tid = task->pid;
		((__u64 *)event->comm)[0] = ((const __u64 *)task->comm)[0];
		((__u64 *)event->comm)[1] = ((const __u64 *)task->comm)[1];
		return;
	}
	ids = bpf_get_current_pid_tgid();
	event->pid = ids >> 32;
	event->tid = ids;
	bpf_get_current_comm(event->comm, sizeof(event->comm));
}

static __always_inline void step_fill(struct event *event, struct followed *followed,
				      const struct step *step)
{
	event->time = followed->seen = bpf_ktime_get_ns();
	event->packet = followed->packet;
	event->skb = step->skb;
	event->where = step->where;
	event->netns = followed->netns;
	event->ifindex = followed->ifindex;
	event->len = followed->len;
	event->mark = step->mark;
	event->frame = step->frame;
	event->value = step->value;
	event->cpu = bpf_get_smp_processor_id();
	event->kind = step->kind;
	event->id = step->id;
	event->flags = step->flags;
	event->checksum = step->checksum;
	event->lost = followed->lost;
	event->reserved = 0;
	followed->lost = 0;
	if (step->kind < EVENT_STEP_KINDS)
		account_add(ACCOUNT_STEPS);
	if (step->flags & EVENT_FIRST)
		account_add(ACCOUNT_PACKETS);
}

/*
 * The reader is woken when the buffer becomes a quarter full; otherwise it looks by
 * itself, some times a second, which costs the probes nothing. By force, as the kernel
 * itself wakes only a reader that had read all that was before. How full it is is asked
 * with the first event of each packet, and with some of those that follow.
 */
static __always_inline __u64 step_wakeup(struct followed *followed)
{
	if (followed->told++ % STEP_WAKE_EVERY)
		return BPF_RB_NO_WAKEUP;
	return bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA) - config_ring_wake <
			       STEP_WAKE_RANGE
		       ? BPF_RB_FORCE_WAKEUP
		       : BPF_RB_NO_WAKEUP;
}

/* Room for an event of @size bytes, a constant; NULL: none, or none is wanted. */
static __always_inline void *step_reserve(struct followed *followed,
					  const struct step *step, __u64 size)
{
	void *event;

	if (followed->packet == FOLLOW_REFUSED)
		return NULL;
	event = bpf_ringbuf_reserve(&ring, size, 0);
	if (!event)
		step_lost(followed, step);
	return event;
}

static __always_inline void step_fill_packet(struct event_snapshot *event,
					     const struct packet *packet)
{
	__u32 captured = packet->captured;

	__builtin_memset(event->pad, 0, sizeof(event->pad));
	__builtin_memcpy(event->data, packet->data, EVENT_SNAP_LEN);
	event->captured = captured < EVENT_SNAP_LEN ? captured : EVENT_SNAP_LEN;
	event->layer = packet->layer;
}

static __always_inline void step_emit(struct followed *followed, const struct step *step)
{
	struct event *event = step_reserve(followed, step, sizeof(*event));

	if (!event)
		return;
	step_fill(event, followed, step);
	step_fill_task(event);
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

#endif
