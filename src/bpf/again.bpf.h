/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * again.bpf.h - packets in which TCP sends once more what it keeps
 *
 * A function is given what TCP keeps, which is not followed, and clones it: what begins
 * to be followed within that call is a retransmission. The function leaves a note: which
 * call it is. Where a packet begins the note is believed if that call is among those that
 * led there; nothing but a packet that matches costs more than to look at the note.
 */
#ifndef BPFPATH_AGAIN_BPF_H
#define BPFPATH_AGAIN_BPF_H

#include "bpf/stack.bpf.h"
#include "bpf/step.bpf.h"

struct again {
	__u64 frame;  /* address of the place that holds the return address; 0: none */
	__u64 caller; /* where the call returns to, or what catches its return */
	__u64 before; /* ... where another one did: of a function that ends in a jump
			 to this one, the true caller */
};

/* Of the last such call on each processor, which nothing moves before it returns. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct again);
} agains SEC(".maps");

static __always_inline struct again *again_last(void)
{
	__u32 key = 0;

	return bpf_map_lookup_elem(&agains, &key);
}

/* A call begins whose return address is at @frame. */
static __always_inline int again_note(__u64 frame)
{
	struct again *again = again_last();
	__u64 caller = 0;

	if (!again || bpf_probe_read_kernel(&caller, sizeof(caller), (void *)frame))
		return 0;
	again->frame = frame;
	if (caller != again->caller) {
		again->before = again->caller;
		again->caller = caller;
	}
	return 0;
}

/* Whoever called such a function is still waiting for it where he is among the callers.
 */
static __always_inline bool again_is_called(const struct event_again *event,
					    const struct again *again)
{
	for (int i = 0; i < EVENT_AGAIN_CALLERS && event->callers[i]; i++) {
		if (event->callers[i] == again->caller ||
		    event->callers[i] == again->before)
			return true;
	}
	return false;
}

/*
 * A packet has @begun in a function whose frame is at @stack. The unwinder tells whether
 * the call of the note has not returned since.
 */
static __noinline int again_tell(void *ctx, const struct step *begun, __u64 stack)
{
	struct step step = { .skb = begun->skb,
			     .where = begun->where,
			     .kind = EVENT_AGAIN };
	const struct again *again = again_last();
	struct followed *followed;
	struct event_again *event;

	if (!again || again->frame - stack >= STACK_SIZE)
		return 0;
	followed = follow_find(step.skb);
	event = followed ? step_reserve(followed, &step, sizeof(*event)) : NULL;
	if (!event)
		return 0;
	if (bpf_get_stack(ctx, event->callers, sizeof(event->callers), 0) < 0 ||
	    !again_is_called(event, again)) {
		bpf_ringbuf_discard(event, BPF_RB_NO_WAKEUP);
		return 0;
	}
	step_fill(&event->event, followed, &step);
	step_fill_task(&event->event);
	bpf_ringbuf_submit(event, step_wakeup(followed));
	return 0;
}

#endif
