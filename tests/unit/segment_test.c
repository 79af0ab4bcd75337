// SPDX-License-Identifier: GPL-2.0-only
#include "path/segment.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

static struct segment_key key_of(uint32_t connection)
{
	struct segment_key key = { .func = "ip_local_out", .netns = connection };

	return key;
}

static void add(struct segments *segments, uint32_t connection, uint32_t seq,
		uint32_t length)
{
	const struct segment segment = { .seq = seq, .length = length, .path = seq };
	const struct segment_key key = key_of(connection);

	segments_add(segments, &key, &segment);
}

/* Where the segment with @seq in it begins; -1: there is none. */
static int64_t find(struct segments *segments, uint32_t connection, uint32_t seq)
{
	const struct segment_key key = key_of(connection);
	const struct segment *segment = segments_find(segments, &key, seq);

	return segment ? (int64_t)segment->seq : -1;
}

static int setup(void **state)
{
	static struct segments segments;

	segments_init(&segments);
	*state = &segments;
	return 0;
}

static int teardown(void **state)
{
	segments_clear(*state);
	return 0;
}

static void each_number_is_found(void **state)
{
	add(*state, 1, 100, 10);
	add(*state, 1, 120, 10); /* what is between was not seen, */
	add(*state, 1, 110, 5);	 /* and comes later */
	for (uint32_t seq = 95; seq < 140; seq++)
		assert_int_equal(find(*state, 1, seq), seq < 100   ? -1
						       : seq < 110 ? 100
						       : seq < 115 ? 110
						       : seq < 120 ? -1
						       : seq < 130 ? 120
								   : -1);
	assert_int_equal(find(*state, 2, 100), -1);
}

/* Any segments in any order, against a list of all numbers. */
static void order_is_nothing(void **state)
{
	static bool sent[4096 / 8];
	const uint32_t base = UINT32_MAX - 2047;

	memset(sent, 0, sizeof(sent));
	srand(1);
	for (size_t i = 0; i < 400; i++) {
		uint32_t slot = (uint32_t)rand() % (4096 / 8);

		if (find(*state, 1, base + slot * 8) == -1)
			add(*state, 1, base + slot * 8, 8);
		sent[slot] = true;
	}
	for (uint32_t at = 0; at < 4096; at++)
		assert_int_equal(find(*state, 1, base + at),
				 sent[at / 8] ? (int64_t)(base + at / 8 * 8) : -1);
}

/* Not more than so many, and those of who was not asked for go first. */
static void the_oldest_are_forgotten(void **state)
{
	struct segments *segments = *state;

	add(segments, 1, 1, 1);
	add(segments, 1, 2, 1);
	for (uint32_t i = 0; i < SEGMENTS - 2; i++)
		add(segments, 2, 10 * i, 10);
	assert_int_equal(segments->count, SEGMENTS);
	add(segments, 2, 10 * SEGMENTS, 10);
	assert_int_equal(segments->count, SEGMENTS);
	assert_int_equal(find(segments, 1, 1), -1);
	assert_int_equal(find(segments, 1, 2), 2); /* asked for: 2 is the older one now */
	for (uint32_t i = 1; i <= 1000; i++)
		add(segments, 1, 2 + i, 1);
	assert_int_equal(segments->count, SEGMENTS);
	assert_int_equal(segments->connections, 2);
	assert_int_equal(find(segments, 1, 2), 2);
	assert_int_equal(find(segments, 2, 999 * 10), -1);
	assert_int_equal(find(segments, 2, 1000 * 10), 10000);
}

static void there_are_so_many_connections(void **state)
{
	struct segments *segments = *state;

	for (uint32_t i = 0; i < SEGMENTS_CONNECTIONS + 10; i++)
		add(segments, i, 1, 1);
	assert_int_equal(segments->connections, SEGMENTS_CONNECTIONS);
	assert_int_equal(segments->count, SEGMENTS_CONNECTIONS);
	assert_int_equal(find(segments, 9, 1), -1);
	assert_int_equal(find(segments, 10, 1), 1);
}

/* What one connection keeps does not grow either: its room is used again. */
static void a_long_connection_keeps_the_last(void **state)
{
	struct segments *segments = *state;
	uint32_t seq = 0;

	for (uint32_t i = 0; i < 10 * SEGMENTS; i++, seq += 1448)
		add(segments, 1, seq, 1448);
	assert_int_equal(segments->count, SEGMENTS);
	assert_int_equal(find(segments, 1, seq - 1448 * SEGMENTS), seq - 1448 * SEGMENTS);
	assert_int_equal(find(segments, 1, seq - 1448 * SEGMENTS - 1), -1);
}

int main(void)
{
#define SEGMENT_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		SEGMENT_TEST(each_number_is_found),
		SEGMENT_TEST(order_is_nothing),
		SEGMENT_TEST(the_oldest_are_forgotten),
		SEGMENT_TEST(there_are_so_many_connections),
		SEGMENT_TEST(a_long_connection_keeps_the_last),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
