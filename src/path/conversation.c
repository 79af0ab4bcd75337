// SPDX-License-Identifier: GPL-2.0-only
#include "path/conversation.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "base/hash.h"

#define PROTOCOL_ARP 256 /* no IP protocol */

struct side {
	uint8_t address[16];
	uint16_t port; /* or an echo's identifier */
};

/* The lesser side first, so that both directions have the same. Compared as bytes. */
struct key {
	struct side sides[2];
	uint16_t protocol, family;
};

struct conversation {
	struct key key;
	uint64_t number;
};

void conversations_init(struct conversations *conversations)
{
	recent_init(&conversations->flows, sizeof(struct conversation),
		    CONVERSATION_FLOWS);
	conversations->last = 0;
}

void conversations_clear(struct conversations *conversations)
{
	recent_clear(&conversations->flows);
}

static bool protocol_is_icmp(const struct flow *flow)
{
	return flow->ip_proto ==
	       (flow->family == AF_INET ? IPPROTO_ICMP : IPPROTO_ICMPV6);
}

static bool protocol_has_ports(const struct flow *flow)
{
	return flow->ip_proto == IPPROTO_TCP || flow->ip_proto == IPPROTO_UDP ||
	       flow->ip_proto == IPPROTO_UDPLITE || flow->ip_proto == IPPROTO_SCTP;
}

/* Is there all that the packet has to be known by? */
static bool flow_is_known(const struct flow *flow)
{
	if (!flow->family || flow->fragment)
		return false;
	if (flow->arp_op)
		return true;
	if (protocol_is_icmp(flow))
		return flow->icmp_echo;
	return flow->ports || !protocol_has_ports(flow);
}

static struct key key_of(const struct flow *flow)
{
	struct key key = {
		.protocol = flow->arp_op ? PROTOCOL_ARP : flow->ip_proto,
		.family = (uint16_t)flow->family,
	};
	struct side from = { .port = flow->icmp_echo ? flow->icmp_id : flow->sport };
	struct side to = { .port = flow->icmp_echo ? flow->icmp_id : flow->dport };
	bool less;

	memcpy(from.address, flow->src, sizeof(from.address));
	memcpy(to.address, flow->dst, sizeof(to.address));
	less = memcmp(&from, &to, sizeof(from)) < 0;
	key.sides[0] = less ? from : to;
	key.sides[1] = less ? to : from;
	return key;
}

/*
 * What is known of a flow; one that is not is taken up with @number if it is one.
 * NULL: it is not known, or is taken for none.
 */
static struct conversation *flow_find(struct conversations *conversations,
				      const struct flow *flow, uint64_t number)
{
	struct key key = key_of(flow);
	uint64_t hash = hash_text((const char *)&key, sizeof(key));
	struct conversation *conversation;

	if (!flow_is_known(flow))
		return NULL;
	conversation = recent_find(&conversations->flows, hash);
	if (conversation && memcmp(&conversation->key, &key, sizeof(key)))
		return NULL;
	if (!conversation && number)
		conversation = recent_add(&conversations->flows, hash);
	if (conversation && number)
		*conversation = (struct conversation){ key, number };
	return conversation;
}

/* Could @flow be what NAT has made of the packet? NULL: no headers came. */
static bool flow_is_same_kind(const struct flow *flow, const struct flow *first)
{
	return flow && flow->family == first->family && flow->ip_proto == first->ip_proto;
}

/* How many tunnels the packet is in more than it was at its first step. */
static int step_depth(const struct step *step, int depth)
{
	static const int steps[] = {
		[CHANGE_TUNNEL_NONE] = 0,
		[CHANGE_TUNNEL_ENTERED] = 1,
		[CHANGE_TUNNEL_LEFT] = -1,
	};

	return depth + (step->changes ? steps[step->changes->tunnel] : 0);
}

/*
 * The first of its flows that belongs to a conversation says which; 0: none does. With
 * @number all of them belong to that one from now on.
 */
static uint64_t path_join(struct conversations *conversations, const struct path *path,
			  uint64_t number)
{
	struct conversation *known = flow_find(conversations, &path->flow, number);
	int depth = 0;

	for (size_t i = 0; i < path->count && (number || !known); i++) {
		depth = step_depth(&path->steps[i], depth);
		if (!depth && flow_is_same_kind(path->steps[i].flow, &path->flow))
			known = flow_find(conversations, path->steps[i].flow, number);
	}
	return known ? known->number : 0;
}

uint64_t conversations_find(struct conversations *conversations, const struct path *path)
{
	uint64_t number;

	if (!flow_is_known(&path->flow))
		return 0;
	number = path_join(conversations, path, 0);
	if (!number)
		number = ++conversations->last;
	path_join(conversations, path, number);
	return number;
}
