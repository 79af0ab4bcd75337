/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * gate.bpf.h - probes of an open kernel: a packet is filtered once, then known
 */
#ifndef BPFPATH_GATE_BPF_H
#define BPFPATH_GATE_BPF_H

#include "bpf/packet_skb.bpf.h"
#include "bpf/nest.bpf.h"
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

/* May something change a packet between __dev_queue_xmit and net_dev_queue? */
static __always_inline bool gate_has_egress(struct net_device *dev)
{
	if (bpf_core_field_exists(dev->tcx_egress) && BPF_CORE_READ(dev, tcx_egress))
		return true;
	if (bpf_core_field_exists(dev->miniq_egress) && BPF_CORE_READ(dev, miniq_egress))
		return true;
	return bpf_core_field_exists(dev->nf_hooks_egress) &&
	       BPF_CORE_READ(dev, nf_hooks_egress);
}

static __always_inline void gate_device_name(const struct followed *followed, char *name)
{
	struct net_device *dev = (struct net_device *)followed->dev;

	__builtin_memset(name, 0, EVENT_DEV_LEN);
	if (followed->ifindex)
		bpf_probe_read_kernel(name, EVENT_DEV_LEN,
				      __builtin_preserve_access_index(&dev->name));
}

/* A step with the packet's headers and the name of its device. */
static __always_inline void gate_emit(struct followed *followed, const struct skb *skb,
				      const struct step *step,
				      const struct packet *packet)
{
	struct event_snapshot *event;
	__u32 captured = packet->captured;

	if (followed->packet == FOLLOW_REFUSED)
		return;
	event = bpf_ringbuf_reserve(&ring, sizeof(*event), 0);
	if (!event) {
		step_lost(followed, step);
		return;
	}
	step_fill(&event->event, followed, step);
	step_fill_task(&event->event);
	event->event.flags |= EVENT_SNAPSHOT | (followed->ifindex ? 0 : EVENT_NODEV);
	gate_device_name(followed, event->dev);
	__builtin_memset(event->pad, 0, sizeof(event->pad));
	__builtin_memcpy(event->data, packet->data, EVENT_SNAP_LEN);
	event->captured = captured < EVENT_SNAP_LEN ? captured : EVENT_SNAP_LEN;
	event->layer = packet->layer;
	bpf_ringbuf_submit(event, step_wakeup(step->flags));
}

/* Is the device, and its namespace, one on which packets may begin? */
static __always_inline bool gate_wanted(const struct followed *followed)
{
	char name[EVENT_DEV_LEN];

	if (config_netns && followed->netns != config_netns)
		return false;
	if (!config_dev_set)
		return true;
	gate_device_name(followed, name);
	for (int i = 0; i < EVENT_DEV_LEN; i++) {
		if (name[i] != config_dev[i])
			return false;
		if (!name[i])
			return true;
	}
	return true;
}

static __always_inline void gate_begin(const struct skb *skb, struct step *step,
				       enum packet_at at, struct packet *packet)
{
	struct followed init = {}, *followed;

	if (!packet_from_skb(packet, skb, step->skb, at) || !filter_match(packet))
		return;
	if (at == PACKET_AT_IP || !skb_take_dev(&init, SKB_FIELD(skb, dev)))
		skb_take_origin(&init, skb);
	init.len = SKB_FIELD(skb, len);
	if (!gate_wanted(&init))
		return;
	init.packet = step_room() ? follow_id(bpf_ktime_get_ns()) : FOLLOW_REFUSED;
	followed = follow_begin(step->skb, &init);
	if (!followed)
		return;
	step->flags |= EVENT_FIRST;
	gate_emit(followed, skb, step, packet);
}

/*
 * Test a packet that is not followed yet. @skb is room for its copy, which the
 * stack has only once; not inlined for the same reason.
 */
static __noinline void gate_test(struct step *step, enum packet_at at, struct skb *skb)
{
	struct packet *packet;

	if (!skb_read(skb, step->skb))
		return;
	packet = nest_enter();
	if (!packet)
		return;
	step->mark = SKB_FIELD(skb, mark);
	gate_begin(skb, step, at, packet);
	nest_leave();
}

/* The bytes for a snapshot of a packet that is followed. */
static __always_inline void gate_snapshot(const struct skb *skb, struct packet *packet)
{
	__u16 mac = SKB_FIELD(skb, mac_header), network = SKB_FIELD(skb, network_header);
	__u64 head = (__u64)SKB_FIELD(skb, head), start = head + network;
	__u64 end = (__u64)SKB_FIELD(skb, data) + SKB_FIELD(skb, len) -
		    SKB_FIELD(skb, data_len);

	packet->layer = EVENT_LAYER_IP;
	packet->captured = 0;
	if (mac != SKB_HEADER_UNSET && mac + PACKET_MAC_LEN <= network &&
	    packet_has_mac(skb)) {
		packet->layer = EVENT_LAYER_ETHERNET;
		start = head + mac;
	}
	if (end > start)
		packet_add(packet, EVENT_SNAP_LEN, end - start, start);
}

/* A step of a packet that is followed; its device may have changed. */
static __always_inline void gate_step(struct followed *followed, struct step *step,
				      struct skb *skb)
{
	struct packet *packet;

	if (followed->packet == FOLLOW_REFUSED)
		return;
	if (!skb_read(skb, step->skb)) {
		step_emit(followed, step);
		return;
	}
	step->mark = SKB_FIELD(skb, mark);
	if (skb_update(followed, skb)) {
		packet = nest_enter();
		if (packet) {
			gate_snapshot(skb, packet);
			gate_emit(followed, skb, step, packet);
			nest_leave();
			return;
		}
	}
	if (!followed->ifindex)
		step->flags |= EVENT_NODEV;
	step_emit(followed, step);
}

#endif
