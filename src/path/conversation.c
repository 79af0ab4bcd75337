// SPDX-License-Identifier: GPL-2.0-only
#include "path/conversation.h"

#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "base/hash.h"

/* No IP protocols: */
#define PROTOCOL_ARP	  256
#define PROTOCOL_FRAGMENT 512 /* and that of the packet */

/* What is behind the first fragment is waited for that long (RFC 791, RFC 8200). */
#define FRAGMENT_PATIENCE 60000000000ULL /* ns */

struct side {
	uint8_t address[16];
	uint16_t port; /* or an echo's identifier */
};

/* No padding: it is compared as bytes. */
struct key {
	struct side sides[2];
	uint32_t netns;
	uint32_t fragment; /* the number that all fragments of a packet have */
	uint16_t protocol, family;
};

struct conversation {
	struct key key;
	uint64_t number;
	uint64_t time; /* when the latest packet of it began */
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

/* ---- what a packet is known by */

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

static struct side side_of(const uint8_t address[16], uint16_t port)
{
	struct side side = { .port = port };

	memcpy(side.address, address, sizeof(side.address));
	return side;
}

/* The lesser side first, so that both directions have the same. */
static struct key key_of(const struct flow *flow, uint32_t netns)
{
	struct side from = side_of(flow->src,
				   flow->icmp_echo ? flow->icmp_id : flow->sport);
	struct side to = side_of(flow->dst,
				 flow->icmp_echo ? flow->icmp_id : flow->dport);
	bool less = memcmp(&from, &to, sizeof(from)) < 0;

	return (struct key){
		.sides = { less ? from : to, less ? to : from },
		.netns = netns,
		.protocol = flow->arp_op ? PROTOCOL_ARP : flow->ip_proto,
		.family = (uint16_t)flow->family,
	};
}

/* That of all fragments of one packet. */
static struct key fragment_key(const struct flow *flow, uint32_t netns)
{
	return (struct key){
		.sides = { side_of(flow->src, 0), side_of(flow->dst, 0) },
		.netns = netns,
		.fragment = flow->fragment_id,
		.protocol = PROTOCOL_FRAGMENT | flow->ip_proto,
		.family = (uint16_t)flow->family,
	};
}

/* ---- which conversation that is */

static uint64_t key_hash(const struct key *key)
{
	return hash_text((const char *)key, sizeof(*key));
}

/* NULL: there is none, or not any more. */
static const struct conversation *key_find(struct conversations *conversations,
					   const struct key *key)
{
	const struct conversation *conversation = recent_find(&conversations->flows,
							      key_hash(key));

	return conversation && !memcmp(&conversation->key, key, sizeof(*key))
		       ? conversation
		       : NULL;
}

/* Of two that have the same hash the second is not known again. */
static void key_note(struct conversations *conversations, const struct key *key,
		     uint64_t number, uint64_t time)
{
	uint64_t hash = key_hash(key);
	struct conversation *conversation = recent_find(&conversations->flows, hash);

	if (!conversation)
		conversation = recent_add(&conversations->flows, hash);
	else if (memcmp(&conversation->key, key, sizeof(*key)))
		return;
	if (conversation)
		*conversation = (struct conversation){ *key, number, time };
}

/* ---- the path of a packet */

/* A way along a path, from one flow to the next, which may be the same elsewhere. */
struct walk {
	const struct path *path;
	size_t next;
	int depth; /* in how many tunnels more than at the first step */
	uint32_t netns;
	const struct flow *flow; /* of the packet, or of the one that it quotes */
	struct flow quoted;
};

/* Before a packet has a device its namespace may not be known yet. */
static uint32_t path_netns(const struct path *path)
{
	for (size_t i = 0; i < path->count; i++) {
		if (path->steps[i].netns)
			return path->steps[i].netns;
	}
	return path->netns;
}

static struct walk walk_begin(const struct path *path)
{
	return (struct walk){ .path = path, .netns = path_netns(path) };
}

/* Could @flow be what NAT has made of the packet? */
static bool flow_is_same_kind(const struct flow *flow, const struct flow *first)
{
	return flow->family == first->family && flow->ip_proto == first->ip_proto;
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

/* False: the step tells nothing new. */
static bool walk_step(struct walk *walk, const struct step *step)
{
	const struct headers *headers = walk->path->headers;
	bool elsewhere = step->netns && step->netns != walk->netns;

	walk->depth = step_depth(step, walk->depth);
	if (elsewhere)
		walk->netns = step->netns;
	if (walk->depth)
		walk->flow = NULL;
	if (walk->depth || !step->flow ||
	    !flow_is_same_kind(step->flow, &walk->path->flow))
		return elsewhere && walk->flow;
	walk->flow = step->flow;
	if (step->headers &&
	    flow_decode_quoted(&walk->quoted, step->flow, headers[step->headers - 1].data,
			       headers[step->headers - 1].captured))
		walk->flow = &walk->quoted;
	return true;
}

/* False: it is at its end. */
static bool walk_on(struct walk *walk)
{
	const struct path *path = walk->path;

	if (!path->count && !walk->flow) {
		walk->flow = &path->flow;
		return true;
	}
	while (walk->next < path->count) {
		if (walk_step(walk, &path->steps[walk->next++]))
			return true;
	}
	return false;
}

static uint64_t path_time(const struct path *path)
{
	return path->count ? path->steps[0].time : 0;
}

static const struct conversation *flow_find(struct conversations *conversations,
					    const struct walk *walk)
{
	const struct flow *flow = walk->flow;
	struct key key = flow->fragment ? fragment_key(flow, walk->netns)
					: key_of(flow, walk->netns);
	const struct conversation *known = NULL;

	if (flow->fragment || flow_is_known(flow))
		known = key_find(conversations, &key);
	if (known && flow->fragment &&
	    known->time + FRAGMENT_PATIENCE < path_time(walk->path))
		return NULL;
	return known;
}

static void flow_note(struct conversations *conversations, const struct walk *walk,
		      uint64_t number)
{
	const struct flow *flow = walk->flow;
	uint64_t time = path_time(walk->path);
	struct key key = key_of(flow, walk->netns);

	if (flow_is_known(flow))
		key_note(conversations, &key, number, time);
	key = fragment_key(flow, walk->netns);
	if (flow->fragmented)
		key_note(conversations, &key, number, time);
}

/*
 * The first of its flows that belongs to a conversation says which; if none does it is a
 * new one. 0: it has nothing to be known by.
 */
static uint64_t path_find(struct conversations *conversations, const struct path *path)
{
	struct walk walk = walk_begin(path);
	const struct conversation *known = NULL;
	bool any = false;

	while (!known && walk_on(&walk)) {
		known = flow_find(conversations, &walk);
		any |= flow_is_known(walk.flow);
	}
	if (known)
		return known->number;
	return any ? ++conversations->last : 0;
}

uint64_t conversations_find(struct conversations *conversations, const struct path *path,
			    uint64_t number)
{
	struct walk walk = walk_begin(path);

	if (!number)
		number = path_find(conversations, path);
	while (number && walk_on(&walk))
		flow_note(conversations, &walk, number);
	return number;
}
