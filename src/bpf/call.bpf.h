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

#include "bpf/call.h"
#include "bpf/function.bpf.h"

#define CALL_ENTRY_BYTES 32 /* at least: endbr, the call to ftrace */

/* Where the call's frame was, at its return. */
#ifdef __TARGET_ARCH_x86
#define CALL_SLOT 8 /* the return has taken its address from the stack */
#else
#define CALL_SLOT 0
#endif
#define CALL_RETURN_FRAME(ctx) (PT_REGS_SP(ctx) - CALL_SLOT)

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, CALLS_MAX);
	__type(key, struct call_key);
	__type(value, struct call);
} calls SEC(".maps");

__u32 calls_open;

/*
 * Which call this is, at its entry and at its return. Without bpf_get_func_ip (5.15)
 * a return knows no function: then a function that jumps to another one hands on
 * its place here, too, and its return is not told of.
 */
static __always_inline struct call_key call_key(struct pt_regs *ctx, __u64 frame)
{
	struct call_key key = { .frame = frame };

	if (bpf_core_enum_value_exists(enum bpf_func_id, BPF_FUNC_get_func_ip))
		key.where = bpf_get_func_ip(ctx);
	return key;
}

/*
 * A call that never returned (its task has died) gives way to the next one. Before
 * 6.4 (d7ba4cc900bf) the upper half of the error says nothing.
 */
static __always_inline int call_keep(const struct call_key *key, const struct call *call)
{
	int err = bpf_map_update_elem(&calls, key, call, BPF_NOEXIST);

	if (!err)
		__sync_fetch_and_add(&calls_open, 1);
	if (err == -EEXIST)
		err = bpf_map_update_elem(&calls, key, call, BPF_EXIST);
	return err;
}

static __always_inline void call_forget(const struct call_key *key)
{
	if (!bpf_map_delete_elem(&calls, key))
		__sync_fetch_and_add(&calls_open, -1);
}

/*
 * Nobody waits for the return of this call. Where every return is seen, it must not
 * be taken for that of an older one.
 */
static __always_inline void call_pass(struct pt_regs *ctx)
{
	struct call_key key;

	if (config_session || !calls_open)
		return;
	key = call_key(ctx, PT_REGS_SP(ctx));
	call_forget(&key);
}

/*
 * The entry of a call has been told of with @step, if its packet is followed.
 * False: nobody waits for the return.
 */
static __always_inline bool
call_begin(struct pt_regs *ctx, const struct followed *followed, const struct step *step)
{
	struct call call = { .where = step->where, .frame = step->frame };
	struct call_key key;

	if (!followed || followed->packet == FOLLOW_REFUSED) {
		call_pass(ctx);
		return false;
	}
	key = call_key(ctx, PT_REGS_SP(ctx));
	call.packet = followed->packet;
	call.time = bpf_ktime_get_ns();
	if (!call_keep(&key, &call))
		return true;
	account_add(ACCOUNT_RETURNS);
	return false;
}

static __always_inline void call_fill(struct event *event, const struct call *call,
				      __u64 value)
{
	__builtin_memset(event, 0, sizeof(*event));
	event->time = bpf_ktime_get_ns();
	event->packet = call->packet;
	event->where = call->where;
	event->value = value;
	event->frame = call->frame;
	event->cpu = bpf_get_smp_processor_id();
	event->kind = EVENT_RETURN;
}

/* A return; false: not of a call in this frame that somebody waits for. */
static __always_inline bool call_end(struct pt_regs *ctx, __u64 frame)
{
	struct call_key key = call_key(ctx, frame);
	struct call *call = bpf_map_lookup_elem(&calls, &key);
	struct event *event;

	if (!call)
		return false;
	event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);
	if (event) {
		call_fill(event, call, PT_REGS_RC(ctx));
		bpf_ringbuf_submit(event, step_wakeup(0));
	} else {
		account_add(ACCOUNT_RETURNS);
	}
	call_forget(&key);
	return true;
}

/*
 * At the return of a kprobe or fprobe the stack pointer is where the return left
 * it. Since fprobe uses the function graph tracer, the registers are saved below
 * that, or, since the place of the return address is restored first (6.19,
 * 20a0bc10272f), below that place; what they say of the stack pointer has changed
 * as well.
 */
static __always_inline int call_session_end(struct pt_regs *ctx)
{
	__u64 top = 0;

	if (!bpf_core_type_exists(struct fprobe_hlist)) {
		call_end(ctx, CALL_RETURN_FRAME(ctx));
		return 0;
	}
	bpf_probe_read_kernel(&top, sizeof(top), &ctx);
	top += sizeof(*ctx);
	if (!call_end(ctx, top))
		call_end(ctx, top - CALL_SLOT);
	return 0;
}

/*
 * Is this the return? bpf_session_is_return() would say so, but has changed its
 * prototype (7.0). At the entry the instruction pointer is behind the first few
 * bytes of the function, at the return it is elsewhere.
 */
static __always_inline bool call_is_return(struct pt_regs *ctx)
{
	return config_session &&
	       PT_REGS_IP(ctx) - bpf_get_func_ip(ctx) > CALL_ENTRY_BYTES;
}

static __always_inline struct step call_entry(struct pt_regs *ctx, __u64 where, __u64 skb)
{
	return (struct step){
		.skb = skb,
		.where = where,
		.frame = config_graph ? stack_frame(PT_REGS_SP(ctx)) : PT_REGS_SP(ctx),
		.kind = EVENT_FUNCTION,
		.flags = EVENT_CALL,
	};
}

static __always_inline bool call_step(struct pt_regs *ctx, __u64 where, __u32 word,
				      __u64 skb)
{
	struct followed *followed = follow_find(skb);
	struct step step = {};

	if (followed) {
		step = call_entry(ctx, where, skb);
		gate_step(followed, &step);
		if (FUNCTION_DETAIL(word))
			function_tell(ctx, where, word, followed, skb);
	}
	return call_begin(ctx, followed, &step);
}

/* A gate; false: nobody waits for its return. */
static __always_inline bool call_test(struct pt_regs *ctx, __u64 where, __u32 word)
{
	__u64 skb = function_argument(ctx, word);
	struct step step = call_entry(ctx, where, skb);

	function_test(&step, PT_REGS_PARM2(ctx), word);
	return call_begin(ctx, follow_find(skb), &step);
}

/* At an entry of what is no gate; false: nobody waits for the return. */
static __always_inline bool call_enter(struct pt_regs *ctx)
{
	__u64 where = function_where(ctx), skb;
	__u32 word = function_word(where);

	skb = function_argument(ctx, word);
	if (following && FUNCTION_ROLE(word) == FUNCTION_REF)
		skb = function_referred(skb);
	return call_step(ctx, where, word, skb);
}

/* At the return of any function, without kprobe.session. */
static __always_inline int call_return(struct pt_regs *ctx)
{
	if (calls_open)
		call_end(ctx, CALL_RETURN_FRAME(ctx));
	return 0;
}

#endif
