/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * identity.bpf.h - is the packet at this address still the one that is followed?
 *
 * Some ways to free an sk_buff can be seen with function probes only: on 6.18
 * even a UDP packet that was read goes into a cache of the CPU and comes back as
 * another packet with no tracepoint in between (kfree_skb_napi_cache). Where functions
 * are not probed, gates look at what a packet keeps on its way: its last bytes, which
 * survive routing, NAT and encapsulation, the identification of its IP header while its
 * length stays, and that what was received by IP has no local sender when it is sent on.
 */
#ifndef BPFPATH_IDENTITY_BPF_H
#define BPFPATH_IDENTITY_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "bpf/event.h"
#include "bpf/follow.bpf.h"
#include "bpf/packet.h"

/*
 * The last bytes that are looked at end four bytes before the end of the packet,
 * so that they hold no checksum when TCP has neither options nor data. They begin
 * behind the ports, and behind the checksum of UDP and ICMP: what NAT rewrites.
 */
#define IDENTITY_TAIL	   8
#define IDENTITY_TAIL_AT   12 /* from the end */
#define IDENTITY_REWRITTEN 8  /* first bytes of the transport header */

struct identity {
	__u64 tail;    /* 0: not known */
	__u32 tail_at; /* where in the packet the tail is; 0: it has none */
	__u32 number;  /* IPv4: identification and protocol; IPv6: flow label */
	__u32 len;     /* of the IP packet, so without padding; 0: not known */
	__u32 netns;   /* where it is; 0: not known */
	bool local;    /* it has a sender on this machine */
	bool egress;   /* it is on its way out */
};

static __always_inline bool identity_is_vlan(__be16 type)
{
	return type == bpf_htons(0x8100) || type == bpf_htons(0x88a8);
}

static __always_inline __u32 identity_network(const struct packet *packet)
{
	const __be16 *type = (const __be16 *)(packet->data + 12);

	if (packet->layer == EVENT_LAYER_IP)
		return 0;
	if (!identity_is_vlan(type[0]))
		return 14;
	return identity_is_vlan(type[2]) ? 22 : 18;
}

/* All but .tail, which the caller reads at .tail_at, and where it is. */
static __always_inline void identity_read(const struct packet *packet,
					  struct identity *id)
{
	__u32 network = identity_network(packet), header = 40;
	const __u8 *ip = packet->data + network;

	*id = (struct identity){ .len = 0 };
	if (packet->captured < network + 20)
		return;
	if (ip[0] >> 4 == 4) {
		header = (ip[0] & 0xf) * 4;
		id->len = bpf_ntohs(*(__be16 *)(ip + 2));
		id->number = *(__be16 *)(ip + 4) | (__u32)ip[9] << 16;
	} else if (ip[0] >> 4 == 6) {
		id->len = bpf_ntohs(*(__be16 *)(ip + 4)) + 40;
		id->number = *(__u32 *)ip;
	}
	/* Big TCP has no length in the header (RFC 2675, and IPv4 since 6.3). */
	if (id->len < 20 || network + id->len > packet->len)
		id->len = 0;
	else if (id->len >= header + IDENTITY_REWRITTEN + IDENTITY_TAIL_AT)
		id->tail_at = network + id->len - IDENTITY_TAIL_AT;
}

/* Enough of the namespace to tell it from others; never 0. */
static __always_inline __u16 identity_place(const struct identity *id)
{
	return (__u16)id->netns ?: 1;
}

/*
 * False: another packet lies at the address by now. What a bridge sends on may still have
 * its sender's socket, which a veth device leaves to it, and IP takes from it: then it
 * had that where it was received, too, in this namespace.
 */
static __always_inline bool identity_same(const struct followed *followed,
					  const struct identity *id)
{
	if (followed->socket)
		return false; /* TCP is the last stop of a packet */
	if (followed->received && id->egress && id->local &&
	    followed->sender != identity_place(id))
		return false;
	if (!followed->id_len || !id->len)
		return true;
	if (followed->tail && id->tail && followed->tail != id->tail)
		return false;
	return followed->id_number == id->number || followed->id_len != id->len;
}

/*
 * The same for a packet at its end, which TCP may well have had: it is read from its IP
 * header on. An IP packet that has none any more is another one.
 */
static __always_inline bool identity_end(const struct followed *followed,
					 const struct packet *packet,
					 const struct identity *id)
{
	__u8 version = packet->data[0] >> 4;

	if (!followed->id_len)
		return true;
	if (version != 4 && version != 6)
		return false;
	if (followed->tail && id->tail && followed->tail != id->tail)
		return false;
	return followed->id_number == id->number || followed->id_len != id->len;
}

static __always_inline void identity_keep(struct followed *followed,
					  const struct identity *id)
{
	followed->tail = id->tail;
	followed->id_number = id->number;
	followed->id_len = id->len;
	followed->received = !id->egress;
	followed->sender = !id->egress && id->local ? identity_place(id) : 0;
	followed->gro = 0;
}

#endif
