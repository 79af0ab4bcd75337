// SPDX-License-Identifier: GPL-2.0-only
#include "path/retransmission.h"

#include <stdbool.h>
#include <string.h>

#include "base/hash.h"

/* Flags that have a sequence number of their own (RFC 9293). */
enum { TCP_FIN = 0x01, TCP_SYN = 0x02 };

/* No padding: it is compared as bytes. */
struct key {
	uint8_t src[16], dst[16];
	const char *func;
	uint32_t netns, ifindex;
	uint32_t seq;
	uint16_t sport, dport;
	uint32_t flags, family;
};

struct segment {
	struct key key;
	uint64_t path; /* the first that had it */
	uint32_t number;
};

void retransmissions_init(struct retransmissions *retransmissions)
{
	recent_init(&retransmissions->segments, sizeof(struct segment),
		    RETRANSMISSION_SEGMENTS);
}

void retransmissions_clear(struct retransmissions *retransmissions)
{
	recent_clear(&retransmissions->segments);
}

/* Pure acknowledgements have the number of what is sent next, and are sent once. */
static bool flow_has_sequence(const struct flow *flow)
{
	uint32_t length = flow->ip_len ?: flow->len;

	if (!flow->tcp || !flow->tcp_data)
		return false;
	return flow->tcp_flags & (TCP_SYN | TCP_FIN) || length > flow->tcp_data;
}

static struct key key_of(const struct path *path)
{
	const struct flow *flow = &path->flow;
	const struct step *first = &path->steps[0];
	struct key key = {
		.func = first->func,
		.netns = first->netns,
		.ifindex = first->ifindex,
		.seq = flow->tcp_seq,
		.sport = flow->sport,
		.dport = flow->dport,
		.flags = flow->tcp_flags & TCP_SYN,
		.family = (uint32_t)flow->family,
	};

	memcpy(key.src, flow->src, sizeof(key.src));
	memcpy(key.dst, flow->dst, sizeof(key.dst));
	return key;
}

void retransmissions_note(struct retransmissions *retransmissions, struct path *path)
{
	struct segment *segment;
	struct key key;
	uint64_t hash;

	if (!path->count || path->lineage.relation || !flow_has_sequence(&path->flow))
		return;
	key = key_of(path);
	hash = hash_text((const char *)&key, sizeof(key));
	segment = recent_find(&retransmissions->segments, hash);
	if (!segment) {
		segment = recent_add(&retransmissions->segments, hash);
		if (segment)
			*segment = (struct segment){ .key = key, .path = path->id };
	} else if (!memcmp(&segment->key, &key, sizeof(key))) {
		path->retransmission.of = segment->path;
		path->retransmission.number = ++segment->number;
	}
}
