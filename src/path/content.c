// SPDX-License-Identifier: GPL-2.0-only
#include "path/content.h"

#include <string.h>

#include "base/hash.h"
#include "path/flow.h"
#include "path/headers.h"

#define CONTENT_DATA 64 /* bytes behind the IP header, of which some are left out */

/*
 * What copies have in common: not MAC addresses, TTL and checksums, which are altered on
 * the way. No padding: it is compared as bytes.
 */
struct key {
	uint8_t src[16], dst[16];
	uint64_t data; /* a hash */
	uint32_t fragment_id, ip_len;
	uint32_t seq, ack;
	uint16_t sport, dport; /* or type and code, identifier and number of an echo */
	uint16_t family, protocol;
};

struct place {
	uint32_t netns, ifindex;
	uint8_t kind, id;
};

struct content {
	struct key key;
	uint64_t packet;
	struct place place; /* where it was seen first */
};

void contents_init(struct contents *contents)
{
	recent_init(&contents->packets, sizeof(struct content), CONTENT_PACKETS);
	contents->told = false;
}

void contents_clear(struct contents *contents)
{
	recent_clear(&contents->packets);
}

/* Behind what may be altered: ports and checksum. */
static uint64_t data_hash(const struct flow *flow, const struct event_snapshot *snapshot)
{
	size_t from = flow->transport + (flow->tcp ? 20u : 8u);
	size_t to = flow->transport + CONTENT_DATA;

	if (to > snapshot->captured)
		to = snapshot->captured;
	return from < to ? hash_text((const char *)snapshot->data + from, to - from) : 0;
}

/* False: it is no IP packet, or too little is known of it. */
static bool key_read(struct key *key, const struct event_snapshot *snapshot)
{
	const bool ethernet = snapshot->layer == EVENT_LAYER_ETHERNET;
	struct flow flow;

	flow_decode(&flow, snapshot->data, snapshot->captured, ethernet);
	if (!flow.transport || !flow.ip_len)
		return false;
	*key = (struct key){
		.data = data_hash(&flow, snapshot),
		.fragment_id = flow.fragment_id,
		.ip_len = flow.ip_len,
		.seq = flow.tcp_seq,
		.ack = flow.tcp_ack,
		.sport = flow.icmp_echo ? flow.icmp_id : flow.sport,
		.dport = flow.icmp_echo ? flow.icmp_seq : flow.dport,
		.family = (uint16_t)flow.family,
		.protocol = flow.ip_proto,
	};
	if (flow.icmp)
		key->seq = (uint32_t)flow.icmp_type << 8 | flow.icmp_code;
	if (flow.tcp)
		key->seq ^= (uint32_t)flow.tcp_flags << 24;
	memcpy(key->src, flow.src, sizeof(key->src));
	memcpy(key->dst, flow.dst, sizeof(key->dst));
	return true;
}

static struct place place_of(const struct event *event)
{
	return (struct place){ event->netns, event->ifindex, event->kind, event->id };
}

static bool place_same(const struct place *a, const struct place *b)
{
	return a->netns == b->netns && a->ifindex == b->ifindex && a->kind == b->kind &&
	       a->id == b->id;
}

/* What is said of a packet that begins counts more than what was said before. */
static uint64_t content_note(struct contents *contents, const struct key *key,
			     const struct event *event)
{
	const struct place place = place_of(event);
	const uint64_t hash = hash_text((const char *)key, sizeof(*key));
	struct content *content = recent_find(&contents->packets, hash);
	const bool known = content && !memcmp(&content->key, key, sizeof(*key));

	if (known && !(event->flags & EVENT_FIRST))
		return 0;
	if (known && !place_same(&content->place, &place))
		return content->packet;
	if (!content)
		content = recent_add(&contents->packets, hash);
	if (content)
		*content = (struct content){ *key, event->packet, place };
	return 0;
}

static bool event_is_function(const struct event *event)
{
	return event->kind == EVENT_FUNCTION || event->kind == EVENT_COPY;
}

uint64_t contents_note(struct contents *contents, const struct event_snapshot *snapshot)
{
	const struct event *event = &snapshot->event;
	struct key key;

	contents->told |= event_is_function(event);
	if (contents->told || !(event->flags & EVENT_SNAPSHOT) ||
	    !key_read(&key, snapshot))
		return 0;
	return content_note(contents, &key, event);
}
