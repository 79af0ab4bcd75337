/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * frame.bpf.h - a packet that goes on as an XDP frame
 *
 * A veth device with an XDP program has a packet as an sk_buff first. If the program
 * sends it back (XDP_TX) or elsewhere (XDP_REDIRECT), the sk_buff is freed, but not the
 * memory of its bytes: at the start of that, where ->head was, a struct xdp_frame is
 * written. By this address the packet is followed, in the same table, until another
 * sk_buff is built around it, or the frame is returned to whom its memory belongs.
 *
 * Its memory may come back as another frame without a word, where the kernel skips
 * probes of functions. So wherever a frame is met, it is looked whether the packet in it
 * is still the same one (identity.bpf.h).
 */
#ifndef BPFPATH_FRAME_BPF_H
#define BPFPATH_FRAME_BPF_H

#include "bpf/function.bpf.h"

#define FRAME_CALLERS 5
#define FRAME_LOOK    64 /* bytes of a packet: its headers as far as IP */

__u32 frames_seen; /* frames may be followed, or have been */

/* The packet that XDP has on this CPU, by address. */
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} frame_owner SEC(".maps");

static __always_inline __u64 *frame_owner_place(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&frame_owner, &zero);
}

/* XDP is to look at a packet. */
static __noinline int frame_enter(__u64 skb)
{
	__u64 *owner = config_frames ? frame_owner_place() : NULL;

	if (owner)
		*owner = skb;
	return 0;
}

/* XDP needs a copy of its own, and goes on with that. */
static __always_inline void frame_copied(__u64 old, __u64 new)
{
	__u64 *owner = config_frames ? frame_owner_place() : NULL;

	if (owner && *owner == old)
		*owner = new;
}

/* Bytes of a packet, in the linear part. */
struct frame_bytes {
	__u64 start, end;
};

static __always_inline __u64 frame_of_buff(__u64 buff)
{
	return (__u64)BPF_CORE_READ((struct xdp_buff *)buff, data_hard_start);
}

static __always_inline struct frame_bytes frame_bytes_of_buff(__u64 address)
{
	struct xdp_buff *buff = (void *)address;

	return (struct frame_bytes){ (__u64)BPF_CORE_READ(buff, data),
				     (__u64)BPF_CORE_READ(buff, data_end) };
}

/* Not the address of the struct, which may be a copy on the stack. */
static __always_inline __u64 frame_of(__u64 address)
{
	struct xdp_frame *frame = (void *)address;

	return (__u64)BPF_CORE_READ(frame, data) -
	       BPF_CORE_READ_BITFIELD_PROBED(frame, headroom) -
	       bpf_core_type_size(struct xdp_frame);
}

static __always_inline struct frame_bytes frame_bytes_of(__u64 address)
{
	struct xdp_frame *frame = (void *)address;
	__u64 start = (__u64)BPF_CORE_READ(frame, data);

	return (struct frame_bytes){ start,
				     start + BPF_CORE_READ_BITFIELD_PROBED(frame, len) };
}

static __always_inline __u64 frame_of_skb(__u64 skb)
{
	return (__u64)BPF_CORE_READ((struct sk_buff *)skb, head);
}

/* Of one that was received: from its MAC header on. */
static __always_inline struct frame_bytes frame_bytes_of_skb(__u64 address)
{
	struct sk_buff *skb = (void *)address;
	__u64 end = (__u64)BPF_CORE_READ(skb, data) + BPF_CORE_READ(skb, len) -
		    BPF_CORE_READ(skb, data_len);

	return (struct frame_bytes){
		frame_of_skb(address) + BPF_CORE_READ(skb, mac_header), end
	};
}

/* False: it cannot be read now. */
static __noinline bool frame_identity(const struct frame_bytes *bytes,
				      struct identity *id)
{
	struct packet *packet = nest_enter();

	if (!packet)
		return false;
	packet->layer = EVENT_LAYER_ETHERNET;
	packet->captured = 0;
	packet->len = bytes->end - bytes->start;
	packet_add(packet, FRAME_LOOK, packet->len, bytes->start);
	identity_read(packet, id);
	nest_leave(packet);
	if (id->tail_at && bytes->start + id->tail_at + IDENTITY_TAIL <= bytes->end)
		bpf_probe_read_kernel(&id->tail, sizeof(id->tail),
				      (void *)(bytes->start + id->tail_at));
	return true;
}

/* Is what lies in @bytes the packet that was followed there? If not, its path ends. */
static __always_inline bool frame_is(struct followed *followed, __u64 frame,
				     const struct frame_bytes *bytes)
{
	struct identity id;

	if (frame_identity(bytes, &id) && identity_same(followed, &id))
		return true;
	gate_reused(followed, frame);
	return false;
}

/* The sk_buff is freed next, and its memory goes on as @buff. */
static __noinline int frame_leave(__u64 buff)
{
	__u64 *owner = config_frames ? frame_owner_place() : NULL;
	struct followed *followed = owner ? follow_find(*owner) : NULL;
	struct frame_bytes bytes;
	struct identity id;

	if (!followed || frame_of_skb(*owner) != frame_of_buff(buff))
		return 0;
	bytes = frame_bytes_of_buff(buff);
	if (!frame_identity(&bytes, &id))
		return 0;
	identity_keep(followed, &id);
	followed->leaving = 1;
	return 0;
}

/* The packet that is followed at @from is at @to from now on. */
static __always_inline bool frame_move(struct followed *followed, __u64 from, __u64 to)
{
	struct followed *before = follow_find(to);
	bool moved;

	if (before)
		gate_reused(before, to);
	moved = follow_begin(to, followed);
	follow_end(from);
	return moved;
}

/* @skb is freed, but what it held goes on. */
static __noinline int frame_begin(struct followed *followed, __u64 skb)
{
	followed->leaving = 0;
	frames_seen = 1;
	frame_move(followed, skb, frame_of_skb(skb));
	return 0;
}

/*
 * An sk_buff is built around @frame, where @bytes are the packet's. False: nobody
 * follows that.
 */
static __noinline bool frame_adopt(__u64 frame, __u64 skb,
				   const struct frame_bytes *bytes)
{
	struct followed *followed = follow_find(frame);

	if (!followed || !frame_is(followed, frame, bytes))
		return false;
	return frame_move(followed, frame, skb);
}

/* The function at @where does: @address is the struct xdp_frame. */
static __noinline int frame_build(__u64 where, __u64 address, __u64 skb, __u64 dev)
{
	struct step step = { .skb = skb, .where = where, .kind = EVENT_FUNCTION };
	struct followed *followed;
	struct frame_bytes bytes;

	if (!config_frames || !frames_seen)
		return 0;
	bytes = frame_bytes_of(address);
	if (!frame_adopt(frame_of(address), skb, &bytes))
		return 0;
	followed = follow_find(skb);
	if (!followed)
		return 0;
	place_take_dev(followed, (struct net_device *)dev);
	step_emit(followed, &step);
	return 0;
}

/*
 * At a gate: @skb may be one whose making was not seen, as the kernel skips probes of
 * functions in the middle of another one. True: it is, and followed from now on.
 */
static __noinline bool frame_find(__u64 skb)
{
	__u64 frame = frame_of_skb(skb);
	struct frame_bytes bytes;

	if (!presence_maybe(frame))
		return false;
	bytes = frame_bytes_of_skb(skb);
	return frame_adopt(frame, skb, &bytes);
}

/*
 * Who called the function: a frame that is returned says no more. What a trampoline
 * adds to the stack comes before the function.
 */
static __always_inline __u64 frame_caller(void *ctx, __u64 where)
{
	__u64 callers[FRAME_CALLERS] = {};

	bpf_get_stack(ctx, callers, sizeof(callers), 0);
	for (int i = 0; i < FRAME_CALLERS - 1; i++) {
		if (callers[i] - where < FUNCTION_ENTRY_BYTES)
			return callers[i + 1];
	}
	return 0;
}

static __always_inline void frame_take_dev(struct followed *followed, __u32 role,
					   __u64 buff, __u64 napi)
{
	struct net_device *dev = NULL;

	if (role == FUNCTION_BUFF)
		dev = BPF_CORE_READ((struct xdp_buff *)buff, rxq, dev);
	else if (role == FUNCTION_FRAME_RECEIVE)
		dev = BPF_CORE_READ((struct napi_struct *)napi, dev);
	if (dev)
		place_take_dev(followed, dev);
}

static __always_inline bool role_has_buff(__u32 role)
{
	return role == FUNCTION_BUFF || role == FUNCTION_BUFF_RETURN;
}

static __always_inline bool role_returns(__u32 role)
{
	return role == FUNCTION_FRAME_RETURN || role == FUNCTION_BUFF_RETURN;
}

/*
 * A function that takes a frame, or a buffer with one in it: @argument. @first is what it
 * has as its first one.
 */
static __noinline int frame_step(void *ctx, __u64 where, __u32 role, __u64 argument,
				 __u64 first)
{
	struct step step = { .where = where,
			     .kind = EVENT_FUNCTION,
			     .flags = EVENT_FRAME };
	bool buff = role_has_buff(role);
	struct followed *followed;
	struct frame_bytes bytes;

	if (!config_frames || !frames_seen)
		return 0;
	step.skb = buff ? frame_of_buff(argument) : frame_of(argument);
	followed = follow_find(step.skb);
	if (!followed)
		return 0;
	bytes = buff ? frame_bytes_of_buff(argument) : frame_bytes_of(argument);
	if (!frame_is(followed, step.skb, &bytes))
		return 0;
	frame_take_dev(followed, role, argument, first);
	if (role_returns(role)) {
		step.where = frame_caller(ctx, where);
		step.kind = EVENT_FREE;
		step.value = EVENT_FREE_FRAME;
		step.flags = EVENT_LAST;
	}
	step_emit(followed, &step);
	if (role_returns(role))
		follow_end(step.skb);
	return 0;
}

#endif
