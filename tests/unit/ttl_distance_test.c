// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>

#include "test.h"
#include "ttl/distance.h"

static const struct distance_bounds gateway = { 1, UINT8_MAX };
static const struct distance_bounds local = { 0, 0 };
static const struct distance_bounds any = { 0, UINT8_MAX };

static void guess_check(uint8_t ttl, struct distance_bounds bounds, int initial,
			int routers, enum distance_doubt doubt)
{
	struct distance guess = distance_guess(ttl, bounds);

	assert_int_equal(guess.ttl, ttl);
	assert_int_equal(guess.initial, initial);
	assert_int_equal(guess.routers, routers);
	assert_int_equal(guess.doubt, doubt);
}

static void test_common(void **state)
{
	guess_check(64, any, 64, 0, DISTANCE_CLEAR);
	guess_check(58, gateway, 64, 6, DISTANCE_CLEAR);
	guess_check(33, any, 64, 31, DISTANCE_CLEAR);
	guess_check(128, any, 128, 0, DISTANCE_CLEAR);
	guess_check(88, any, 128, 40, DISTANCE_CLEAR);
	guess_check(255, any, 255, 0, DISTANCE_CLEAR);
	guess_check(215, any, 255, 40, DISTANCE_CLEAR);
	guess_check(23, any, 32, 9, DISTANCE_CLEAR);
	guess_check(0, any, 32, 32, DISTANCE_CLEAR);
}

static void test_uncommon(void **state)
{
	guess_check(87, any, 128, 41, DISTANCE_UNCOMMON);
	guess_check(65, any, 128, 63, DISTANCE_UNCOMMON);
	guess_check(198, any, 255, 57, DISTANCE_UNCOMMON);
	guess_check(129, gateway, 255, 126, DISTANCE_UNCOMMON);
}

/* 30 is 2 from 32, or 34 from 64; from 24 on both are possible. */
static void test_several(void **state)
{
	guess_check(30, any, 32, 2, DISTANCE_SEVERAL);
	guess_check(24, any, 32, 8, DISTANCE_SEVERAL);
	guess_check(32, any, 32, 0, DISTANCE_SEVERAL);
	guess_check(32, local, 32, 0, DISTANCE_CLEAR);
}

static void test_route(void **state)
{
	guess_check(128, gateway, 128, 0, DISTANCE_GATEWAY);
	guess_check(64, gateway, 64, 0, DISTANCE_GATEWAY);
	guess_check(127, gateway, 128, 1, DISTANCE_CLEAR);
	guess_check(64, local, 64, 0, DISTANCE_CLEAR);
	guess_check(60, local, 64, 4, DISTANCE_LOCAL);
	guess_check(200, local, 255, 55, DISTANCE_LOCAL);
}

static void decide_check(const uint8_t *ttls, size_t count, int ttl, int routers,
			 enum distance_doubt doubt)
{
	uint8_t reversed[4];
	struct distance distance = distance_decide(ttls, count, gateway);

	assert_int_equal(distance.ttl, ttl);
	assert_int_equal(distance.routers, routers);
	assert_int_equal(distance.doubt, doubt);
	/* The order in which packets came does not matter. */
	for (size_t i = 0; i < count; i++)
		reversed[count - 1 - i] = ttls[i];
	distance = distance_decide(reversed, count, gateway);
	assert_int_equal(distance.routers, routers);
	assert_int_equal(distance.doubt, doubt);
}

#define DECIDE(ttl, routers, doubt, ...)                                                 \
	decide_check((const uint8_t[]){ __VA_ARGS__ },                                   \
		     sizeof((const uint8_t[]){ __VA_ARGS__ }), ttl, routers, doubt)

static void test_decide(void **state)
{
	DECIDE(58, 6, DISTANCE_CLEAR, 58);
	DECIDE(58, 6, DISTANCE_CLEAR, 58, 58, 58);
	/* What is clear decides over what is not. */
	DECIDE(62, 2, DISTANCE_CLEAR, 64, 62);
	DECIDE(62, 2, DISTANCE_CLEAR, 198, 128, 62);
	DECIDE(60, 4, DISTANCE_CLEAR, 30, 60);
	/* Another initial value, the same distance. */
	DECIDE(253, 2, DISTANCE_CLEAR, 253, 253);
	assert_int_equal(distance_decide((const uint8_t[]){ 253, 62 }, 2, gateway).doubt,
			 DISTANCE_CLEAR);
	DECIDE(62, 2, DISTANCE_DISAGREE, 60, 62);
	DECIDE(127, 1, DISTANCE_DISAGREE, 60, 127, 64);
	/* Nothing is clear. */
	DECIDE(64, 0, DISTANCE_GATEWAY, 198, 64);
	DECIDE(198, 57, DISTANCE_UNCOMMON, 198, 197);
}

static void test_texts(void **state)
{
	assert_null(distance_doubt_text(DISTANCE_CLEAR));
	for (int doubt = DISTANCE_CLEAR + 1; doubt < DISTANCE_DOUBTS; doubt++)
		assert_non_null(distance_doubt_text(doubt));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_common),	cmocka_unit_test(test_uncommon),
		cmocka_unit_test(test_several), cmocka_unit_test(test_route),
		cmocka_unit_test(test_decide),	cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
