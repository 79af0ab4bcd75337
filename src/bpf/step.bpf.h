/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * step.bpf.h - one step of a followed packet is told
 *
 * By the lane of its CPU (lane.bpf.h); what has more than each step has, by the ring
 * buffer. There the time comes before the room: who reads a record knows then that what
 * was caused by it, on whatever CPU, is later than all that lie before it.
 */
#ifndef BPFPATH_STEP_BPF_H
#define BPFPATH_STEP_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/config.bpf.h"
#include "bpf/event.h"
#include "bpf/follow.bpf.h"
#include "bpf/kernel_types.h"
#include "bpf/lane.bpf.h"
#include "bpf/read.bpf.h"

/* Events of a packet, a power of two, for each look at how full the buffer is; */
#define STEP_WAKE_EVERY 16

/* and more bytes than all CPUs together are likely to write between two of them. */
#define STEP_WAKE_RANGE 65536

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096); /* the session sets it */
} ring SEC(".maps");

/* What a function leaves in r0 may be an address on the stack, which none may return. */
#define STEP_RETURNS_NOTHING() asm volatile("r0 = 0" ::: "r0")

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
 * May another packet begin? Not if half of the room is taken that this CPU's events have:
 * the rest is for the packets that are followed already, so that their paths are
 * complete.
 */
static __always_inline bool step_room(void)
{
	__u64 used = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);

	if (used + lane_used(lane_here()) <= config_refuse)
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

/* All but its time, which it has already, the CPU and the task. */
static __always_inline void step_write(struct event *event, struct followed *followed,
				       const struct step *step)
{
	event->packet = followed->packet;
	event->skb = step->skb;
	event->where = step->where;
	event->netns = followed->netns;
	event->ifindex = followed->ifindex;
	event->len = followed->len;
	event->mark = step->mark;
	event->frame = step->frame;
	event->value = step->value;
	event->kind = step->kind;
	event->id = step->id;
	event->flags = step->flags;
	event->checksum = step->checksum;
	event->lost = followed->lost;
	event->reserved = 0;
	followed->lost = 0;
	followed->seen = event->time;
}

/* The same where it is counted by nobody else. */
static __always_inline void step_fill(struct event *event, struct followed *followed,
				      const struct step *step)
{
	step_write(event, followed, step);
	event->cpu = bpf_get_smp_processor_id();
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

/* All of an event is 0 but its time, which it has already. */
static __always_inline void step_clear(struct event *event)
{
	__u64 time = event->time;

	__builtin_memset(event, 0, sizeof(*event));
	event->time = time;
}

/* Room for an event of @size bytes, a constant, in the ring buffer, with its time. */
static __always_inline struct event *step_reserve_any(__u64 size)
{
	__u64 time = lane_now();
	struct event *event = bpf_ringbuf_reserve(&ring, size, 0);

	if (event)
		event->time = time;
	return event;
}

/*
 * The same for a packet; NULL: there is none, which is counted, or none is wanted.
 * Inlined, as the verifier of 5.10 and 6.1 does not know behind a call what was found not
 * to be NULL.
 */
static __always_inline void *step_reserve(struct followed *followed,
					  const struct step *step, __u64 size)
{
	struct event *event;

	if (followed->packet == FOLLOW_REFUSED)
		return NULL;
	event = step_reserve_any(size);
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

static __always_inline void step_emit_shared(struct followed *followed,
					     const struct step *step)
{
	struct event *event = step_reserve(followed, step, sizeof(*event));

	if (!event)
		return;
	step_fill(event, followed, step);
	step_fill_task(event);
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

/* The event of a lane that was taken is there. */
static __always_inline void step_put(struct lane *lane)
{
	void *nothing;

	if (!lane_put(lane))
		return;
	nothing = bpf_ringbuf_reserve(&ring, 8, 0);
	if (nothing)
		bpf_ringbuf_discard(nothing, BPF_RB_FORCE_WAKEUP);
}

/*
 * A step of a packet that has begun, for the function that most of them come by; all else
 * goes by step_emit(). Nothing that has @step is called from here: where it is on the
 * stack of another function, the verifier of 7.2 loses sight of what is read of it there.
 */
static __always_inline void step_emit_here(struct followed *followed,
					   const struct step *step)
{
	struct lane *lane = lane_here();
	struct event *event;

	if (followed->packet == FOLLOW_REFUSED)
		return;
	event = lane_take(lane);
	if (!event) {
		step_emit_shared(followed, step);
		return;
	}
	event->time = lane_time(lane);
	event->cpu = lane->cpu;
	step_write(event, followed, step);
	step_fill_task(event);
	step_put(lane);
}

static __noinline void step_emit(struct followed *followed, const struct step *step)
{
	if (step->flags & EVENT_FIRST || step->kind >= EVENT_STEP_KINDS)
		step_emit_shared(followed, step);
	else
		step_emit_here(followed, step);
	STEP_RETURNS_NOTHING();
}

#endif
