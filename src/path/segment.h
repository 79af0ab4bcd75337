/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * segment.h - what TCP has sent, found by connection and sequence number
 *
 * Numbers begin anew after 2^32, so that only those of a connection are compared that lie
 * within SEGMENT_SPAN of the newest one; older ones are forgotten. Of all connections the
 * one that was not asked for the longest loses its oldest segments when there are too
 * many.
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_SEGMENT_H
#define BPFPATH_SEGMENT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "base/table.h"

#define SEGMENTS	     65536 /* the last ones, which are known again */
#define SEGMENTS_CONNECTIONS 16384 /* that they are of, at most */
#define SEGMENT_SPAN	     (1u << 30)

/* One direction of a connection, and where it was seen. No padding: compared as bytes. */
struct segment_key {
	uint8_t src[16], dst[16];
	const char *func;
	uint32_t netns, ifindex;
	uint16_t sport, dport;
	uint32_t family;
};

struct segment {
	uint32_t seq, length;
	uint32_t again;		     /* how often it was sent once more */
	uint64_t path, root, packet; /* what had it first, */
	uint64_t time;		     /* ... and when that began */
};

struct segment_connection;
TAILQ_HEAD(segment_connections, segment_connection);

struct segments {
	struct table by_key;
	struct segment_connections by_age; /* the oldest first */
	size_t connections, count;
};

void segments_init(struct segments *segments);
void segments_clear(struct segments *segments);

/* The segment that has this number in it; NULL: none. Valid until something is added. */
struct segment *segments_find(struct segments *segments, const struct segment_key *key,
			      uint32_t seq);

/* segments_find() has found none. Without memory it will not be known again. */
void segments_add(struct segments *segments, const struct segment_key *key,
		  const struct segment *segment);

/* The connection is a new one between the same ends. */
void segments_forget(struct segments *segments, const struct segment_key *key);

#endif
