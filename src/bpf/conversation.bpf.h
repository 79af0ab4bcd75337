/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * conversation.bpf.h - packets that answer those which match, which the filter would not
 *
 * Of each packet that is followed its conversation is noted: protocol, addresses and
 * ports, or the identifier of an echo, the same for both directions. NAT makes another
 * one of it, which is noted, too, as then the IP packet stays as long as it was; that of
 * a tunnel is not, as there are others in it. An ICMP error belongs to the conversation
 * of the packet that it quotes.
 *
 * The same addresses and ports in another namespace are somebody else's. A packet notes
 * its conversation in each namespace that it comes to, so that what answers it there is
 * known.
 */
#ifndef BPFPATH_CONVERSATION_BPF_H
#define BPFPATH_CONVERSATION_BPF_H

#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>
#include <stdbool.h>

#include "bpf/config.bpf.h"
#include "bpf/flow.bpf.h"
#include "bpf/follow.bpf.h"
#include "bpf/identity.bpf.h"
#include "bpf/nest.bpf.h"
#include "bpf/packet.h"
#include "bpf/slot.bpf.h"

#define CONVERSATIONS	    16384 /* the latest ones; the session makes none of them 1 */
#define CONVERSATION_ICMP   1	  /* IP protocols */
#define CONVERSATION_ICMPV6 58

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, CONVERSATIONS);
	__type(key, struct conversation);
	__type(value, __u8);
} conversations SEC(".maps");

/* Echo request or reply, RFC 792 and RFC 4443. */
static __always_inline bool conversation_is_echo(__u8 proto, __u8 type)
{
	if (proto == CONVERSATION_ICMP)
		return type == 0 || type == 8;
	return type == 128 || type == 129;
}

/* Errors, which quote a packet. */
static __always_inline bool conversation_is_error(__u8 proto, __u8 type)
{
	if (proto == CONVERSATION_ICMP)
		return type == 3 || type == 11 || type == 12;
	return type >= 1 && type <= 4;
}

/* @at: of the ICMP header; 0: there is none. True: it is an error. */
static __always_inline bool conversation_icmp(struct count_flow *flow,
					      const struct packet *packet, __u32 at)
{
	const __u8 *icmp = at ? flow_at(packet, at, 8) : NULL;

	if (!icmp || (flow->ip_proto != CONVERSATION_ICMP &&
		      flow->ip_proto != CONVERSATION_ICMPV6))
		return false;
	if (conversation_is_echo(flow->ip_proto, icmp[0])) {
		flow->sport = flow->dport = flow_u16(icmp + 4);
		flow->flags |= COUNT_FLOW_PORTS;
	}
	return conversation_is_error(flow->ip_proto, icmp[0]);
}

static __always_inline void conversation_swap(struct count_flow *flow)
{
	__u16 port = flow->sport;

	flow->sport = flow->dport;
	flow->dport = port;
#pragma clang loop unroll(full)
	for (int i = 0; i < 16; i += 4) {
		__u32 word = *(__u32 *)(flow->src + i);

		*(__u32 *)(flow->src + i) = *(__u32 *)(flow->dst + i);
		*(__u32 *)(flow->dst + i) = word;
	}
}

/* Of both directions the one whose source is the smaller number. */
static __always_inline void conversation_order(struct count_flow *flow)
{
	const __u64 *src = (const __u64 *)flow->src, *dst = (const __u64 *)flow->dst;

	if (src[0] > dst[0] || (src[0] == dst[0] && src[1] > dst[1]) ||
	    (src[0] == dst[0] && src[1] == dst[1] && flow->sport > flow->dport))
		conversation_swap(flow);
}

/*
 * Writes beside the packet that lies at this level whose it is: that of the IP header at
 * @quoted; 0: of what it begins with. A global function, which the verifier looks at
 * once; but in a program without types in each state in which there is a call.
 */
__noinline int conversation_flow(__u32 level, __u32 quoted)
{
	struct nest_packet *nest = bpf_map_lookup_elem(&nest_packets, &level);
	__u16 ethertype;

	if (!nest || !config_conversation)
		return 0;
	ethertype = quoted ? nest->talk.flow.ethertype : 0;
	nest->talk.flow = (struct count_flow){ .ethertype = ethertype };
	if (!quoted)
		nest->behind_ip = flow_read(&nest->talk.flow, &nest->packet);
	else if (ethertype == COUNT_IPV4)
		nest->behind_ip = flow_ipv4(&nest->talk.flow, &nest->packet, quoted);
	else
		nest->behind_ip = flow_ipv6(&nest->talk.flow, &nest->packet, quoted);
	return 0;
}

/*
 * To be called when the bytes of a packet are there: writes its conversation beside them,
 * as long as nest_leave() was not called. It is in @netns.
 */
static __always_inline void conversation_read(struct packet *packet, __u32 netns)
{
	struct nest_packet *nest = (struct nest_packet *)packet;
	struct identity id;

	if (!config_conversation)
		return;
	identity_read(packet, &id);
	nest->ip_len = id.len;
	conversation_flow(nest->level, 0);
	if (conversation_icmp(&nest->talk.flow, packet, nest->behind_ip)) {
		conversation_flow(nest->level, nest->behind_ip + 8);
		conversation_icmp(&nest->talk.flow, packet, nest->behind_ip);
	}
	conversation_order(&nest->talk.flow);
	nest->talk.netns = netns;
}

/*
 * False: it can be told from no other one, as without ports, without addresses, or where
 * it is not known in which namespace it is.
 */
static __always_inline bool conversation_has_key(const struct nest_packet *nest)
{
	return nest->talk.flow.flags == (COUNT_FLOW_ADDRESSES | COUNT_FLOW_PORTS) &&
	       nest->talk.netns;
}

static __always_inline bool conversation_known(const struct nest_packet *nest)
{
	return conversation_has_key(nest) &&
	       bpf_map_lookup_elem(&conversations, &nest->talk);
}

/* Is it that of a followed packet where it was noted last? */
static __always_inline bool conversation_goes_on(const struct followed *followed,
						 struct nest_packet *nest)
{
	__u32 netns = nest->talk.netns;
	bool known;

	nest->talk.netns = followed->talk_netns;
	known = conversation_known(nest);
	nest->talk.netns = netns;
	return known;
}

/* @packet is as @followed is now, in @netns, and was read. */
static __always_inline void conversation_note(struct followed *followed,
					      const struct packet *packet, __u32 netns)
{
	struct nest_packet *nest = (struct nest_packet *)packet;
	__u8 one = 1;

	if (!config_conversation)
		return;
	nest->talk.netns = netns;
	if (!conversation_has_key(nest))
		return;
	if (followed->talk_proto && !conversation_goes_on(followed, nest) &&
	    (followed->talk_proto != nest->talk.flow.ip_proto ||
	     followed->talk_len != nest->ip_len))
		return;
	followed->talk_proto = nest->talk.flow.ip_proto;
	followed->talk_len = nest->ip_len;
	followed->talk_netns = netns;
	bpf_map_update_elem(&conversations, &nest->talk, &one, BPF_ANY);
}

/* Is it to be followed? */
static __always_inline bool conversation_match(const struct packet *packet)
{
	return filter_match(packet) ||
	       (config_conversation &&
		conversation_known((const struct nest_packet *)packet));
}

#endif
