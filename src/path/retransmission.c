// SPDX-License-Identifier: GPL-2.0-only
#include "path/retransmission.h"

#include <stdbool.h>
#include <string.h>

/* Flags that have a sequence number of their own (RFC 9293). */
enum { TCP_FIN = 0x01, TCP_SYN = 0x02 };

/*
 * How many sequence numbers it has. Pure acknowledgements have none: theirs is that of
 * what is sent next.
 */
static uint32_t flow_sequences(const struct flow *flow)
{
	uint32_t length = flow->ip_len ?: flow->len, count = 0;

	if (!flow->tcp || !flow->tcp_data)
		return 0;
	if (length > flow->tcp_data)
		count = length - flow->tcp_data;
	return count + !!(flow->tcp_flags & TCP_SYN) + !!(flow->tcp_flags & TCP_FIN);
}

static struct segment_key key_of(const struct tracked *tracked)
{
	const struct flow *flow = &tracked->path.flow;
	struct segment_key key = {
		.func = tracked->began.func,
		.netns = tracked->began.netns,
		.ifindex = tracked->began.ifindex,
		.sport = flow->sport,
		.dport = flow->dport,
		.family = (uint32_t)flow->family,
	};

	memcpy(key.src, flow->src, sizeof(key.src));
	memcpy(key.dst, flow->dst, sizeof(key.dst));
	return key;
}

static void segments_begin(struct segments *segments, const struct segment_key *key,
			   const struct tracked *tracked)
{
	const struct path *path = &tracked->path;
	const struct segment segment = {
		.seq = path->flow.tcp_seq,
		.length = flow_sequences(&path->flow),
		.path = path->id,
		.root = path->lineage.root,
		.packet = path->packet,
		.time = tracked->began.time,
	};

	if (path->flow.tcp_flags & TCP_SYN)
		segments_forget(segments, key);
	segments_add(segments, key, &segment);
}

struct retransmission retransmissions_note(struct segments *segments,
					   const struct tracked *tracked)
{
	const struct path *path = &tracked->path;
	struct segment_key key;
	struct segment *segment;

	if (!relation_is_packet(path->lineage.relation) || !flow_sequences(&path->flow))
		return (struct retransmission){ 0 };
	key = key_of(tracked);
	segment = segments_find(segments, &key, path->flow.tcp_seq);
	if (!segment) {
		segments_begin(segments, &key, tracked);
		return (struct retransmission){ 0 };
	}
	return (struct retransmission){
		.of = segment->path,
		.root = segment->root,
		.packet = segment->packet,
		.later = tracked->began.time > segment->time
				 ? tracked->began.time - segment->time
				 : 0,
		.number = ++segment->again,
	};
}
