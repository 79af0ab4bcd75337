// SPDX-License-Identifier: GPL-2.0-only
#include "path/segment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/hash.h"

struct segment_connection {
	struct table_node by_key;
	TAILQ_ENTRY(segment_connection) by_age;
	struct segment_key key;
	struct segment *list; /* in order of their numbers: from .first up to .end */
	size_t first, end, room;
};

void segments_init(struct segments *segments)
{
	*segments = (struct segments){ .count = 0 };
	TAILQ_INIT(&segments->by_age);
}

static void connection_free(struct segments *segments,
			    struct segment_connection *connection)
{
	TAILQ_REMOVE(&segments->by_age, connection, by_age);
	table_remove(&segments->by_key, &connection->by_key);
	segments->connections--;
	segments->count -= connection->end - connection->first;
	free(connection->list);
	free(connection);
}

void segments_clear(struct segments *segments)
{
	while (!TAILQ_EMPTY(&segments->by_age))
		connection_free(segments, TAILQ_FIRST(&segments->by_age));
}

static uint64_t key_hash(const struct segment_key *key)
{
	return hash_text((const char *)key, sizeof(*key));
}

/* Two with one hash: none but the one that came last is found. */
static struct segment_connection *connection_find(struct segments *segments,
						  const struct segment_key *key)
{
	struct table_node *node = table_find(&segments->by_key, key_hash(key));
	struct segment_connection *connection;

	if (!node)
		return NULL;
	connection = CONTAINER_OF(node, struct segment_connection, by_key);
	if (memcmp(&connection->key, key, sizeof(*key)) != 0)
		return NULL;
	TAILQ_REMOVE(&segments->by_age, connection, by_age);
	TAILQ_INSERT_TAIL(&segments->by_age, connection, by_age);
	return connection;
}

static struct segment_connection *connection_add(struct segments *segments,
						 const struct segment_key *key)
{
	struct segment_connection *connection;

	if (segments->connections == SEGMENTS_CONNECTIONS)
		connection_free(segments, TAILQ_FIRST(&segments->by_age));
	connection = calloc(1, sizeof(*connection));
	if (!connection)
		return NULL;
	connection->key = *key;
	table_add(&segments->by_key, &connection->by_key, key_hash(key));
	TAILQ_INSERT_TAIL(&segments->by_age, connection, by_age);
	segments->connections++;
	return connection;
}

/* By how much @a is behind @b, which lie within 2^31 of each other. */
static int32_t seq_after(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b);
}

/* The first segment that begins behind @seq. */
static size_t connection_place(const struct segment_connection *connection, uint32_t seq)
{
	size_t from = connection->first, to = connection->end;

	while (from < to) {
		size_t middle = from + (to - from) / 2;

		if (seq_after(connection->list[middle].seq, seq) > 0)
			to = middle;
		else
			from = middle + 1;
	}
	return from;
}

/* Are numbers near @seq those of the segments that are there? */
static bool connection_spans(const struct segment_connection *connection, uint32_t seq)
{
	int32_t after;

	if (connection->first == connection->end)
		return true;
	after = seq_after(seq, connection->list[connection->end - 1].seq);
	return after < (int32_t)SEGMENT_SPAN && after > -(int32_t)SEGMENT_SPAN;
}

struct segment *segments_find(struct segments *segments, const struct segment_key *key,
			      uint32_t seq)
{
	struct segment_connection *connection = connection_find(segments, key);
	struct segment *segment;
	size_t place;

	if (!connection || !connection_spans(connection, seq))
		return NULL;
	place = connection_place(connection, seq);
	if (place == connection->first)
		return NULL;
	segment = &connection->list[place - 1];
	return seq - segment->seq < segment->length ? segment : NULL;
}

static void connection_drop(struct segments *segments,
			    struct segment_connection *connection)
{
	connection->first++;
	segments->count--;
}

static void connection_empty(struct segments *segments,
			     struct segment_connection *connection)
{
	segments->count -= connection->end - connection->first;
	connection->first = connection->end = 0;
}

void segments_forget(struct segments *segments, const struct segment_key *key)
{
	struct segment_connection *connection = connection_find(segments, key);

	if (connection)
		connection_empty(segments, connection);
}

/* The oldest one of the oldest connection goes. */
static void segments_shrink(struct segments *segments)
{
	struct segment_connection *oldest;

	while (segments->count >= SEGMENTS) {
		oldest = TAILQ_FIRST(&segments->by_age);
		if (oldest->end - oldest->first > 1)
			connection_drop(segments, oldest);
		else
			connection_free(segments, oldest);
	}
}

/* Room at the end, where others have gone, or more of it; it doubles. */
static bool connection_grow(struct segment_connection *connection)
{
	const size_t count = connection->end - connection->first;
	const size_t room = connection->room ? 2 * connection->room : 1;
	struct segment *list;

	if (connection->end < connection->room)
		return true;
	if (connection->first && connection->first >= count) {
		memcpy(connection->list, connection->list + connection->first,
		       count * sizeof(*list));
		connection->first = 0;
		connection->end = count;
		return true;
	}
	list = reallocarray(connection->list, room, sizeof(*list));
	if (!list)
		return false;
	connection->list = list;
	connection->room = room;
	return true;
}

static void connection_insert(struct segments *segments,
			      struct segment_connection *connection,
			      const struct segment *segment)
{
	size_t place = connection_place(connection, segment->seq);

	memmove(connection->list + place + 1, connection->list + place,
		(connection->end - place) * sizeof(*segment));
	connection->list[place] = *segment;
	connection->end++;
	segments->count++;
}

void segments_add(struct segments *segments, const struct segment_key *key,
		  const struct segment *segment)
{
	struct segment_connection *connection;

	segments_shrink(segments);
	connection = connection_find(segments, key) ?: connection_add(segments, key);
	if (!connection)
		return;
	if (!connection_spans(connection, segment->seq))
		connection_empty(segments, connection);
	while (connection->first < connection->end &&
	       seq_after(segment->seq, connection->list[connection->first].seq) >=
		       (int32_t)SEGMENT_SPAN)
		connection_drop(segments, connection);
	if (connection_grow(connection))
		connection_insert(segments, connection, segment);
}
