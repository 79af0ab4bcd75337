/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate.bpf.h - probes of an open kernel: a packet is filtered once, then known
 */
#ifndef BPFPATH_GATE_BPF_H
#define BPFPATH_GATE_BPF_H

#include "bpf/blind.bpf.h"
#include "bpf/conversation.bpf.h"
#include "bpf/headers.bpf.h"
#include "bpf/identity.bpf.h"
#include "bpf/packet_skb.bpf.h"
#include "bpf/nest.bpf.h"
#include "bpf/place.bpf.h"
#include "bpf/slot.bpf.h"
#include "bpf/step.bpf.h"

/*
 * Two gates behind one another, with nothing between them that changes a packet:
 * the first leaves a note of what it has tested, and the second believes it. A
 * note may outlive its packet (in GRO, or dropped from a backlog), so that only
 * gates may believe one which all packets reach by way of a gate that writes it.
 */
enum gate_note {
	GATE_NOTE_NONE,
	GATE_NOTE_OUTPUT,   /* ip_local_out calls __ip_local_out, likewise IPv6 */
	GATE_NOTE_XMIT,	    /* __dev_queue_xmit to net_dev_queue, nothing on egress */
	GATE_NOTE_RECEIVED, /* to netif_receive_skb, by a backlog, GRO, or a list */
	GATE_NOTE_SOCKET,   /* a gate at a socket to either of these two */
};

#define GATE_NOTES 4096 /* a power of two */

__u64 gate_notes[GATE_NOTES];

static __always_inline __u64 *gate_note(__u64 skb)
{
	return &gate_notes[(skb >> 8) & (GATE_NOTES - 1)];
}

/* sk_buffs are aligned: the lowest bits of the address are free for the kind. */
static __always_inline void gate_note_write(__u64 skb, enum gate_note kind)
{
	*gate_note(skb) = skb | kind;
}

static __always_inline bool gate_note_take(__u64 skb, enum gate_note kind)
{
	__u64 *note = gate_note(skb);

	if (*note != (skb | kind))
		return false;
	*note = 0;
	return true;
}

/*
 * Not all packets come to ip_local_out by way of a gate at a socket, and some that do
 * end before: this note is for the packet and its socket, which is an argument there.
 * The sum of another two may be the same, by chance; that packet begins a gate later.
 */
static __always_inline void gate_note_write_socket(__u64 skb, __u64 sk)
{
	*gate_note(skb) = (skb + sk) | GATE_NOTE_SOCKET;
}

static __always_inline bool gate_note_take_socket(__u64 skb, __u64 sk)
{
	__u64 *note = gate_note(skb);

	if (*note != ((skb + sk) | GATE_NOTE_SOCKET))
		return false;
	*note = 0;
	return true;
}

/* May something change a packet between __dev_queue_xmit and net_dev_queue? */
static __always_inline bool gate_has_egress(struct net_device *dev)
{
	if (bpf_core_field_exists(dev->tcx_egress) &&
	    READ(struct net_device, dev, tcx_egress))
		return true;
	if (bpf_core_field_exists(dev->miniq_egress) &&
	    READ(struct net_device, dev, miniq_egress))
		return true;
	return bpf_core_field_exists(dev->nf_hooks_egress) &&
	       READ(struct net_device, dev, nf_hooks_egress);
}

/* What every step tells of the sk_buff itself. */
static __always_inline void step_read(struct step *step, const struct skb *skb)
{
	step->mark = skb->from->mark;
	step->checksum = EVENT_CHECKSUM_NONE +
			 BPF_CORE_READ_BITFIELD(skb->from, ip_summed);
}

/* A step with the packet's headers and the name of its device. */
static __always_inline void gate_emit(struct followed *followed, const struct skb *skb,
				      const struct step *step,
				      const struct packet *packet)
{
	struct event_snapshot *event;

	conversation_note(followed, packet, followed->netns);
	event = step_reserve(followed, step, sizeof(*event));
	if (!event)
		return;
	step_fill(&event->event, followed, step);
	step_fill_task(&event->event);
	event->event.flags |= EVENT_SNAPSHOT | (followed->ifindex ? 0 : EVENT_NODEV);
	skb_dev_name(place_dev(followed), event->dev);
	step_fill_packet(event, packet);
	bpf_ringbuf_submit(event, step_wakeup(followed));
}

/* Begin to follow a packet that matches, if it is wanted there; otherwise NULL. */
static __always_inline struct followed *
gate_follow(struct followed *init, const struct skb *skb, struct step *step)
{
	__u64 now;

	init->len = skb->from->len;
	if (!skb_dev_wanted(place_dev(init), init->netns))
		return NULL;
	now = bpf_ktime_get_ns();
	init->packet = step_room() ? follow_id(now) : FOLLOW_REFUSED;
	step->flags |= follow_first(now);
	if (config_cpu_offsets && step->kind == EVENT_TRACEPOINT)
		step->flags |= blind_now(init);
	return follow_begin(step->skb, init);
}

/* Where a packet that is not followed is: its namespace, as it would begin there. */
static __always_inline __u32 gate_netns(const struct skb *skb, enum packet_at at)
{
	__u32 netns = at == PACKET_AT_IP ? 0 : skb_dev_netns(skb_dev(skb));

	return netns ?: skb_origin_netns(skb);
}

/* Writes the conversation of a packet that was read beside it. */
static __always_inline void gate_converse(const struct skb *skb, enum packet_at at,
					  struct packet *packet)
{
	if (config_conversation)
		conversation_read(packet, gate_netns(skb, at));
}

/* Begin to follow, if the filter matches; otherwise NULL. Its headers come later. */
static __always_inline struct followed *gate_begin(const struct skb *skb,
						   struct step *step, enum packet_at at,
						   struct packet *packet)
{
	struct followed init = {};

	if (!conversation_match(packet))
		return NULL;
	if (config_look < config_snap && !packet_from_skb(packet, skb, at, config_snap))
		return NULL;
	step_read(step, skb);
	if (at == PACKET_AT_IP || !place_take_dev(&init, skb_dev(skb)))
		init.netns = skb_origin_netns(skb);
	return gate_follow(&init, skb, step);
}

/* The stack has no room for the copy of an sk_buff in each function; beside a packet is.
 */
static __always_inline bool gate_read(struct skb *skb, __u64 address,
				      struct packet *packet)
{
	return skb_read_by(skb, address, ((struct nest_packet *)packet)->copy);
}

/* Did the filter see all of the packet that it looks at? */
static __always_inline bool gate_saw(const struct packet *packet)
{
	return packet->captured >= config_look || packet->captured >= packet->len;
}

/* Test a packet that is not followed yet; true: it is known whether it matches. */
static __always_inline bool gate_look(struct skb *skb, struct step *step,
				      enum packet_at at, struct packet *packet)
{
	struct followed *followed = NULL;

	if (!gate_read(skb, step->skb, packet))
		return false;
	if (!packet_from_skb(packet, skb, at, config_look))
		return false;
	gate_converse(skb, at, packet);
	followed = gate_begin(skb, step, at, packet);
	if (followed) {
		headers_update(followed, skb);
		gate_emit(followed, skb, step, packet);
	}
	return gate_saw(packet);
}

static __noinline bool gate_test(struct step *step, enum packet_at at)
{
	struct packet *packet = nest_enter();
	struct skb skb;
	bool known;

	if (!packet)
		return false;
	known = gate_look(&skb, step, at, packet);
	if (known && at == PACKET_AT_DATA && step->kind == EVENT_FUNCTION &&
	    !gate_has_egress(skb_dev(&skb)))
		gate_note_write(step->skb, GATE_NOTE_XMIT);
	nest_leave(packet);
	return known;
}

/* Is it on another device, or are its headers others? Both are learnt. */
static __always_inline bool gate_update(struct followed *followed, const struct skb *skb)
{
	bool moved = place_update(followed, skb), altered;

	if (followed->early && !moved && !headers_complete(skb))
		return false;
	followed->early = 0;
	altered = headers_update(followed, skb);
	return moved || altered;
}

/* A step with the headers as they are now. */
static __always_inline void gate_tell_all(struct followed *followed,
					  const struct skb *skb, const struct step *step,
					  struct packet *packet)
{
	headers_snapshot(followed, skb, packet);
	conversation_read(packet, followed->netns);
	gate_emit(followed, skb, step, packet);
}

/*
 * A step of a packet that is followed; its device or headers may have changed. @packet:
 * scratch memory, which is needed for the copy of an sk_buff; NULL: there is none yet.
 */
static __always_inline void gate_tell(struct followed *followed, struct step *step,
				      struct packet *packet)
{
	struct packet *room = packet;
	struct skb skb;

	if ((!config_direct && !packet) || !gate_read(&skb, step->skb, packet)) {
		step_emit_here(followed, step);
		return;
	}
	step_read(step, &skb);
	if (gate_update(followed, &skb)) {
		if (!packet)
			room = nest_enter();
		if (room) {
			gate_tell_all(followed, &skb, step, room);
			if (!packet)
				nest_leave(room);
			return;
		}
	}
	if (!followed->ifindex)
		step->flags |= EVENT_NODEV;
	step_emit_here(followed, step);
}

/* As gate_tell(), where memory is copied before it is looked at. */
static __always_inline void gate_tell_copied(struct followed *followed, struct step *step)
{
	struct packet *packet = nest_enter();

	gate_tell(followed, step, packet);
	if (packet)
		nest_leave(packet);
}

/*
 * Not inlined, like gate_test(): what a program calls may together take 512 bytes of
 * stack.
 */
static __noinline void gate_step(struct followed *followed, struct step *step)
{
	if (followed->packet != FOLLOW_REFUSED) {
		if (config_direct)
			gate_tell(followed, step, NULL);
		else
			gate_tell_copied(followed, step);
	}
	STEP_RETURNS_NOTHING();
}

/* A tag that was put back into the bytes is not in the packet itself. */
static __always_inline void gate_identity(const struct skb *skb,
					  const struct packet *packet, enum packet_at at,
					  struct identity *id)
{
	__u64 start = packet_start(skb, at, packet->layer);
	__u64 before = skb_data(skb) - start;
	__u64 len = skb->from->len + before, tag = packet->len - len;
	__u64 linear = len - skb->from->data_len;

	identity_read(packet, id);
	id->egress = at == PACKET_AT_DATA;
	id->netns = skb_dev_netns(skb_dev(skb));
	id->local = skb->from->sk != NULL;
	if (id->tail_at && id->tail_at - tag + IDENTITY_TAIL <= linear)
		bpf_probe_read_kernel(&id->tail, sizeof(id->tail),
				      (void *)(start + id->tail_at - tag));
}

static __always_inline void gate_reused(struct followed *followed, __u64 skb)
{
	struct step step = { .skb = skb, .kind = EVENT_REUSED, .flags = EVENT_LAST };

	step_emit(followed, &step);
	follow_end(skb);
}

/*
 * Whoever sends or receives a packet writes its protocol. In messages between processes
 * (Unix, netlink, vsock) nobody does, and their first bytes may well look like a header.
 */
static __always_inline bool gate_is_message(const struct followed *followed,
					    const struct skb *skb)
{
	return followed->id_len && !skb->from->protocol;
}

static __always_inline bool gate_compare(struct followed *followed, const struct skb *skb,
					 struct packet *packet)
{
	struct identity id;

	if (gate_is_message(followed, skb))
		return false;
	if (!packet_from_skb(packet, skb, PACKET_AT_IP, config_snap))
		return true;
	gate_identity(skb, packet, PACKET_AT_IP, &id);
	return identity_end(followed, packet, &id);
}

/*
 * Is it still the packet that is followed, where that is at or behind its socket?
 * What cannot be read is believed. Not inlined, like gate_step().
 */
static __noinline bool gate_same(struct followed *followed, __u64 address)
{
	struct packet *packet = nest_enter();
	bool same = true;
	struct skb skb;

	if (!packet)
		return true;
	if (gate_read(&skb, address, packet))
		same = gate_compare(followed, &skb, packet);
	nest_leave(packet);
	return same;
}

/*
 * A gate where functions are not probed: a packet that is followed may have been
 * freed unseen, and this be another one.
 */
static __always_inline void gate_meet(struct followed *followed, struct step *step,
				      enum packet_at at, struct packet *packet)
{
	bool moved, began;
	struct identity id;
	struct skb skb;

	if (!gate_read(&skb, step->skb, packet) ||
	    !packet_from_skb(packet, &skb, at, followed ? config_snap : config_look))
		return;
	gate_converse(&skb, at, packet);
	if (followed) {
		step_read(step, &skb);
		gate_identity(&skb, packet, at, &id);
		if (!identity_same(followed, &id)) {
			gate_reused(followed, step->skb);
			followed = NULL;
		}
	}
	began = !followed;
	if (began) {
		followed = gate_begin(&skb, step, at, packet);
		if (!followed)
			return;
		gate_identity(&skb, packet, at, &id);
	}
	moved = gate_update(followed, &skb);
	identity_keep(followed, &id);
	if (moved || began)
		gate_emit(followed, &skb, step, packet);
	else
		step_emit(followed, step);
}

#endif
