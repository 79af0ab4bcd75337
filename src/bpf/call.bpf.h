/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * call.bpf.h - functions whose return is told of, too
 *
 * A call is known by its frame: the place on the stack that holds its return
 * address. No other call has it before this one returns, whatever interrupts it
 * and on whichever processor it goes on. What is told at the return is what the
 * entry saw: by then the packet's memory may be somebody else's.
 *
 * kprobe.session runs one program at the entry and at the return of a call, if
 * the entry wants that; otherwise a program of its own runs at every return.
 */
#ifndef BPFPATH_CALL_BPF_H
#define BPFPATH_CALL_BPF_H

#include "base/golden.h"
#include "bpf/call.h"
#include "bpf/claim.bpf.h"
#include "bpf/function.bpf.h"

/* Where the call's frame was, at its return. */
#ifdef __TARGET_ARCH_x86
#define CALL_SLOT 8 /* the return has taken its address from the stack */
#else
#define CALL_SLOT 0
#endif
#define CALL_RETURN_FRAME(ctx) (PT_REGS_SP(ctx) - CALL_SLOT)

#define CALL_TRIES 8 /* places in which a call may be noted */

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, CALLS_MAX);
	__type(key, __u32);
	__type(value, struct call);
} calls SEC(".maps");

/*
 * Which call this is, at its entry and at its return. Without bpf_get_func_ip (5.15)
 * a return knows no function: then a function that jumps to another one hands on
 * its place here, too, and its return is not told of.
 */
static __always_inline struct call_key call_key(__u64 where, __u64 frame)
{
	struct call_key key = { .frame = frame };

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_ip))
		key.where = where;
	return key;
}

static __always_inline struct call *call_place(const struct call_key *key, __u64 try)
{
	__u32 place = ((key->frame + key->where) * GOLDEN >> 32) + try;

	place &= CALLS_MAX - 1;
	return bpf_map_lookup_elem(&calls, &place);
}

static __always_inline bool call_is(const struct call *call, const struct call_key *key)
{
	return call->key.frame == key->frame && call->key.where == key->where;
}

static __always_inline struct call *call_find_at(const struct call_key *key, __u64 try)
{
	struct call *call = call_place(key, try);

	return call && call_is(call, key) ? call : NULL;
}

static __always_inline struct call *call_find(const struct call_key *key)
{
	struct call *call = NULL;

#pragma clang loop unroll(disable)
	for (__u64 try = 0; !call && try < CALL_TRIES; try++)
		call = call_find_at(key, try);
	return call;
}

/* One that never returned (its task has died) gives way to the next one with its key. */
static __always_inline struct call *call_take_at(const struct call_key *key, __u64 try)
{
	struct call *call = call_place(key, try);

	if (!call || call_is(call, key))
		return call;
	if (call->users || !claim_take(&call->users))
		return NULL;
	__sync_fetch_and_add(&busy.calls_open, 1);
	return call;
}

/* A place for a call; NULL: none is free. */
static __always_inline struct call *call_take(const struct call_key *key)
{
	struct call *call = NULL;

#pragma clang loop unroll(disable)
	for (__u64 try = 0; !call && try < CALL_TRIES; try++)
		call = call_take_at(key, try);
	return call;
}

/* Found by its frame, which therefore comes last, and goes first. */
static __always_inline bool call_keep(const struct call_key *key,
				      const struct followed *followed,
				      const struct step *step)
{
	struct call *call = call_take(key);

	if (!call)
		return false;
	call->packet = followed->packet;
	call->where = step->where;
	call->time = followed->seen;
	call->frame = step->frame;
	call->key.where = key->where;
	asm volatile("" ::: "memory");
	call->key.frame = key->frame;
	return true;
}

static __always_inline void call_forget(struct call *call)
{
	call->key.frame = 0;
	claim_leave(&call->users);
	__sync_fetch_and_add(&busy.calls_open, -1);
}

/*
 * Nobody waits for the return of this call. Where every return is seen, it must not
 * be taken for that of an older one.
 */
static __always_inline void call_pass(const struct entry *entry)
{
	struct call_key key;
	struct call *call;

	if (!busy.calls_open || (config_session && !entry->trampoline))
		return;
	key = call_key(entry->where, entry_stack(entry));
	call = call_find(&key);
	if (call)
		call_forget(call);
}

/*
 * The entry of a call has been told of with @step, if its packet is followed.
 * False: nobody waits for the return.
 */
static __always_inline bool call_begin(const struct entry *entry,
				       const struct followed *followed,
				       const struct step *step)
{
	struct call_key key;

	if (!followed || followed->packet == FOLLOW_REFUSED) {
		call_pass(entry);
		return false;
	}
	key = call_key(entry->where, entry_stack(entry));
	if (call_keep(&key, followed, step))
		return true;
	account_add(ACCOUNT_RETURNS);
	return false;
}

static __always_inline void call_fill(struct event *event, const struct call *call,
				      __u64 value)
{
	step_clear(event);
	event->packet = call->packet;
	event->where = call->where;
	event->value = value;
	event->frame = call->frame;
	event->cpu = bpf_get_smp_processor_id();
	event->kind = EVENT_RETURN;
}

static __always_inline void call_tell_end_shared(const struct call *call, __u64 value)
{
	struct event *event = step_reserve_any(sizeof(*event));

	if (!event) {
		account_add(ACCOUNT_RETURNS);
		return;
	}
	call_fill(event, call, value);
	bpf_ringbuf_submit(event, BPF_RB_NO_WAKEUP);
}

static __always_inline void call_tell_end(const struct call *call, __u64 value)
{
	struct lane *lane = lane_here();
	struct event *event = lane_take(lane);

	if (!event) {
		call_tell_end_shared(call, value);
		return;
	}
	event->time = lane_time(lane);
	call_fill(event, call, value);
	lane->others++;
	step_put(lane);
}

/*
 * The return of @where, with @value; false: not of a call in this frame that somebody
 * waits for.
 */
static __always_inline bool call_end(__u64 where, __u64 frame, __u64 value)
{
	struct call_key key = call_key(where, frame);
	struct call *call = call_find(&key);

	if (!call)
		return false;
	call_tell_end(call, value);
	call_forget(call);
	return true;
}

/*
 * At the return of a kprobe or fprobe the stack pointer is where the return left
 * it. Since fprobe uses the function graph tracer, the registers are saved below
 * that, or, since the place of the return address is restored first (6.19,
 * 20a0bc10272f), below that place; what they say of the stack pointer has changed
 * as well.
 */
static __always_inline int call_session_end(struct pt_regs *ctx, __u64 where)
{
	__u64 top;

	if (!bpf_core_type_exists(struct fprobe_hlist)) {
		call_end(where, CALL_RETURN_FRAME(ctx), PT_REGS_RC(ctx));
		return 0;
	}
	top = stack_address(ctx) + sizeof(*ctx);
	if (!call_end(where, top, PT_REGS_RC(ctx)))
		call_end(where, top - CALL_SLOT, PT_REGS_RC(ctx));
	return 0;
}

/*
 * Is this the return? bpf_session_is_return() would say so, but has changed its
 * prototype (7.0). At the entry the instruction pointer is behind the first few
 * bytes of the function, at the return it is elsewhere.
 */
static __always_inline bool call_is_return(struct pt_regs *ctx, __u64 where)
{
	return config_session && PT_REGS_IP(ctx) - where > FUNCTION_ENTRY_BYTES;
}

static __always_inline struct step call_entry(const struct entry *entry, __u64 skb)
{
	__u64 stack = entry_stack(entry);

	return (struct step){
		.skb = skb,
		.where = entry->where,
		.frame = config_graph ? stack_frame(stack) : stack,
		.kind = EVENT_FUNCTION,
		.flags = EVENT_CALL,
	};
}

/* More of @step, which was told of, where the function knows more. */
static __always_inline void call_tell(const struct entry *entry,
				      struct followed *followed, const struct step *step)
{
	__u32 detail = FUNCTION_DETAIL(entry->word);
	/* the packet came first until 5.16 (8844e01062dd), its table last */
	bool first = FUNCTION_ARGUMENT(entry->word) == 1;
	__u64 object = 0, state = 0;

	if (detail == FUNCTION_DETAIL_NONE)
		return;
	if (detail == FUNCTION_DETAIL_CHAIN)
		object = entry_second(entry);
	if (detail == FUNCTION_DETAIL_TABLE) {
		object = entry_argument(entry, first ? 3 : 1);
		state = entry_argument(entry, first ? 2 : 3);
	}
	detail_tell(followed, step, detail, object, state);
}

static __always_inline bool call_step(const struct entry *entry, __u64 skb)
{
	struct followed *followed = follow_find(skb);
	struct step step = {};

	if (followed) {
		step = call_entry(entry, skb);
		gate_step(followed, &step);
		call_tell(entry, followed, &step);
	}
	return call_begin(entry, followed, &step);
}

/* A gate; false: nobody waits for its return. */
static __always_inline bool call_test(const struct entry *entry)
{
	__u64 skb = entry_packet(entry);
	struct step step = call_entry(entry, skb);
	struct followed *followed = function_followed(&step);

	if (!followed) {
		function_test(&step, entry_second(entry), entry->word);
		function_begun(entry, &step);
		followed = follow_find(skb);
	}
	return call_begin(entry, followed, &step);
}

/* At an entry of what is no gate; false: nobody waits for the return. */
static __always_inline bool call_enter(const struct entry *entry)
{
	__u64 skb = entry_packet(entry);

	if (busy.following && FUNCTION_ROLE(entry->word) == FUNCTION_REF)
		skb = function_referred(skb);
	return call_step(entry, skb);
}

/* At the return of any function, without kprobe.session. */
static __always_inline int call_return(struct pt_regs *ctx)
{
	if (busy.calls_open)
		call_end(function_where(ctx), CALL_RETURN_FRAME(ctx), PT_REGS_RC(ctx));
	return 0;
}

#endif
