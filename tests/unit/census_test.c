// SPDX-License-Identifier: GPL-2.0-only
/* Which packets there are, and when those that are wanted are complete. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/census.h"
#include "cmd/chosen.h"
#include "stream.h"
#include "test.h"

#define CALLERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct fixture {
	struct census *census;
	struct chosen chosen;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture->census = census_new(stream_names());
	assert_non_null(fixture->census);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	census_free(fixture->census);
	chosen_clear(&fixture->chosen);
	free(fixture);
	return 0;
}

static void add(struct fixture *fixture, enum event_kind kind, uint64_t packet,
		unsigned int flags)
{
	const struct event event = { .kind = (uint8_t)kind,
				     .packet = packet,
				     .flags = (uint8_t)flags };

	assert_int_equal(census_event(fixture->census, &fixture->chosen, &event,
				      sizeof(event)),
			 0);
}

static void copy(struct fixture *fixture, uint64_t packet, uint64_t parent,
		 const char *const *callers)
{
	struct event_copy copy = { .event = { .kind = EVENT_COPY,
					      .packet = packet,
					      .flags = EVENT_FIRST,
					      .value = parent } };

	for (size_t i = 0; callers[i]; i++)
		copy.callers[i] = stream_address(callers[i]);
	assert_int_equal(census_event(fixture->census, &fixture->chosen, &copy.event,
				      sizeof(copy)),
			 0);
}

static void begin(struct fixture *fixture, uint64_t packet)
{
	add(fixture, EVENT_FUNCTION, packet, EVENT_FIRST);
}

static void end(struct fixture *fixture, uint64_t packet)
{
	add(fixture, EVENT_TRACEPOINT, packet, EVENT_LAST);
}

static void all_are_counted(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, 1);
	add(fixture, EVENT_FUNCTION, 1, 0);
	copy(fixture, 2, 1, CALLERS("__skb_clone", "skb_clone", "dev_queue_xmit_nit"));
	end(fixture, 1);
	end(fixture, 2);
	begin(fixture, 3);
	assert_int_equal(census_packets(fixture->census), 3);
	assert_int_equal(census_moves(fixture->census), 0);
	assert_false(chosen_done(&fixture->chosen));
}

/* XDP goes on with a copy, which is no packet of its own. */
static void moves_are_counted(void **state)
{
	struct fixture *fixture = *state;

	begin(fixture, 1);
	copy(fixture, 2, 1, CALLERS("skb_copy_header", "veth_convert_skb_to_xdp_buff"));
	end(fixture, 1);
	assert_int_equal(census_packets(fixture->census), 2);
	assert_int_equal(census_moves(fixture->census), 1);
}

static void so_many_have_ended(void **state)
{
	struct fixture *fixture = *state;

	fixture->chosen.limit = 2;
	begin(fixture, 1);
	end(fixture, 1);
	assert_false(chosen_full(&fixture->chosen));
	begin(fixture, 2);
	begin(fixture, 3); /* one too many */
	assert_true(chosen_full(&fixture->chosen));
	end(fixture, 3);
	assert_false(chosen_done(&fixture->chosen));
	end(fixture, 2);
	assert_true(chosen_done(&fixture->chosen));
}

/* With the copies of a copy, in whatever order they end. */
static void copies_are_waited_for(void **state)
{
	struct fixture *fixture = *state;

	fixture->chosen.limit = 1;
	begin(fixture, 1);
	copy(fixture, 2, 1, CALLERS("__skb_clone"));
	end(fixture, 1);
	copy(fixture, 3, 2, CALLERS("__skb_clone"));
	end(fixture, 2);
	begin(fixture, 4);
	copy(fixture, 5, 4, CALLERS("__skb_clone"));
	end(fixture, 5);
	end(fixture, 4);
	assert_false(chosen_done(&fixture->chosen));
	end(fixture, 3);
	assert_true(chosen_done(&fixture->chosen));
}

/* A function that the packet was freed in tells later what it returns. */
static void returns_are_waited_for(void **state)
{
	struct fixture *fixture = *state;

	fixture->chosen.limit = 1;
	add(fixture, EVENT_FUNCTION, 1, EVENT_FIRST | EVENT_CALL);
	add(fixture, EVENT_FUNCTION, 1, EVENT_CALL);
	add(fixture, EVENT_RETURN, 1, 0);
	end(fixture, 1);
	add(fixture, EVENT_RETURN, 7, 0);
	assert_false(chosen_done(&fixture->chosen));
	add(fixture, EVENT_RETURN, 1, 0);
	assert_true(chosen_done(&fixture->chosen));
}

/* What was lost does not count twice. */
static void ends_without_calls_are_ends(void **state)
{
	struct fixture *fixture = *state;

	fixture->chosen.limit = 1;
	begin(fixture, 1);
	add(fixture, EVENT_RETURN, 1, 0);
	add(fixture, EVENT_REUSED, 1, EVENT_LAST);
	assert_true(chosen_done(&fixture->chosen));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define CENSUS_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		CENSUS_TEST(all_are_counted),
		CENSUS_TEST(moves_are_counted),
		CENSUS_TEST(so_many_have_ended),
		CENSUS_TEST(copies_are_waited_for),
		CENSUS_TEST(returns_are_waited_for),
		CENSUS_TEST(ends_without_calls_are_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
