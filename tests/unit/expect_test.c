// SPDX-License-Identifier: GPL-2.0-only
#include "test.h"

#include <errno.h>
#include <string.h>

#include "assert/expect.h"
#include "path/path.h"

static struct expect parsed(const char *text)
{
	struct expect expect;
	struct expect_error error = { 0 };

	if (expect_parse(text, &expect, &error))
		fail_msg("'%s': %s at %zu", text, error.message, error.position);
	assert_string_equal(expect.text, text);
	return expect;
}

static void names_are_read(void **state)
{
	struct expect expect = parsed("reaches tcp_v4_rcv");

	assert_int_equal(expect.kind, EXPECT_REACHES);
	assert_false(expect.any);
	assert_int_equal(expect.name_count, 1);
	assert_string_equal(expect.names[0].pattern, "tcp_v4_rcv");
	assert_null(expect.names[0].result);
	expect_free(&expect);

	expect = parsed("\t any:  never nf_*=DROP ");
	assert_int_equal(expect.kind, EXPECT_NEVER);
	assert_true(expect.any);
	assert_string_equal(expect.names[0].pattern, "nf_*");
	assert_string_equal(expect.names[0].result, "DROP");
	expect_free(&expect);

	expect = parsed("any:order ip_rcv nf_hook_slow=ACCEPT icmp_rcv");
	assert_int_equal(expect.kind, EXPECT_ORDER);
	assert_int_equal(expect.name_count, 3);
	assert_string_equal(expect.names[1].result, "ACCEPT");
	assert_string_equal(expect.names[2].pattern, "icmp_rcv");
	assert_null(expect.names[2].result);
	expect_free(&expect);
}

static void ends_are_read(void **state)
{
	struct expect expect = parsed("end delivered dropped=NO_SOCKET");

	assert_int_equal(expect.kind, EXPECT_END);
	assert_int_equal(expect.ends, 1U << PATH_DELIVERED | 1U << PATH_DROPPED);
	assert_string_equal(expect.reason, "NO_SOCKET");
	expect_free(&expect);
}

static void expect_place(const char *text, const char *netns, const char *dev)
{
	struct expect expect = parsed(text);

	assert_int_equal(expect.kind, EXPECT_CROSSES);
	assert_string_equal(expect.netns ?: "-", netns);
	assert_string_equal(expect.dev ?: "-", dev);
	expect_free(&expect);
}

static void places_are_read(void **state)
{
	expect_place("crosses eth0", "-", "eth0");
	expect_place("crosses blue/eth0", "blue", "eth0");
	expect_place("crosses blue/", "blue", "-");
	expect_place("crosses /eth0", "-", "eth0");
	expect_place("crosses nginx/77/eth0", "nginx/77", "eth0");
}

static void fields_are_read(void **state)
{
	struct expect expect = parsed("changes mac_dst");

	assert_int_equal(expect.kind, EXPECT_CHANGES);
	assert_int_equal(expect.field, CHANGE_MAC_DST);
	expect_free(&expect);
}

/* @good and @bad are numbers that are as expected, or not. */
static void expect_number(const char *text, enum expect_kind kind, uint64_t good,
			  uint64_t bad)
{
	struct expect expect = parsed(text);

	assert_int_equal(expect.kind, kind);
	assert_true(expect_is_total(&expect));
	assert_true(expect_compare(&expect, good));
	assert_false(expect_compare(&expect, bad));
	expect_free(&expect);
}

static void numbers_are_read(void **state)
{
	struct expect expect = parsed("p99.9 <= 2us");

	assert_true(expect.percentile > 99.89 && expect.percentile < 99.91);
	expect_free(&expect);
	expect_number("p99 < 1ms", EXPECT_PERCENTILE, 999999, 1000000);
	expect_number("p50<=1.5us", EXPECT_PERCENTILE, 1500, 1501);
	expect_number("p1 > 5ns", EXPECT_PERCENTILE, 6, 5);
	expect_number("p100 >= 2s", EXPECT_PERCENTILE, 2000000000, 1999999999);
	expect_number("count == 3", EXPECT_COUNT, 3, 4);
	expect_number("count!=0", EXPECT_COUNT, 1, 0);
}

static void errors_have_a_position(void **state)
{
	static const struct {
		const char *text;
		size_t position;
	} errors[] = {
		{ "", 0 },
		{ "tcp_v4_rcv", 0 },
		{ " any: nothing", 6 },
		{ "reaches", 7 },
		{ "reaches a b", 10 },
		{ "reaches =DROP", 8 },
		{ "never a=", 8 },
		{ "order ip_rcv", 12 },
		{ "end", 3 },
		{ "end delivered gone", 14 },
		{ "end delivered=X", 14 },
		{ "end dropped=A dropped=B", 22 },
		{ "crosses", 7 },
		{ "crosses /", 8 },
		{ "changes", 7 },
		{ "changes colour", 8 },
		{ "any: count > 3", 5 },
		{ "count", 5 },
		{ "count 3", 6 },
		{ "count > 3x", 8 },
		{ "count > -3", 8 },
		{ "count > 99999999999999999999", 8 },
		{ "count > 3 4", 10 },
		{ "p < 1ms", 0 },
		{ "p0 < 1ms", 0 },
		{ "p101 < 1ms", 0 },
		{ "p99 < 1", 7 },
		{ "p99 < 1 m", 7 },
		{ "p99 < nan", 6 },
		{ "p99 < -1ms", 6 },
	};

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		struct expect expect;
		struct expect_error error = { 0 };

		if (expect_parse(errors[i].text, &expect, &error) != -EINVAL)
			fail_msg("'%s' is none", errors[i].text);
		if (error.position != errors[i].position || !error.message[0])
			fail_msg("'%s': '%s' at %zu, not %zu", errors[i].text,
				 error.message, error.position, errors[i].position);
	}
}

static void too_many_names_are_an_error(void **state)
{
	char text[512] = "order";
	struct expect expect;
	struct expect_error error;

	for (int i = 0; i < EXPECT_NAMES; i++)
		strcat(text, " f");
	assert_int_equal(expect_parse(text, &expect, &error), 0);
	expect_free(&expect);
	strcat(text, " g");
	assert_int_equal(expect_parse(text, &expect, &error), -EINVAL);
	assert_int_equal(error.position, strlen(text) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(ends_are_read),
		cmocka_unit_test(places_are_read),
		cmocka_unit_test(fields_are_read),
		cmocka_unit_test(numbers_are_read),
		cmocka_unit_test(errors_have_a_position),
		cmocka_unit_test(too_many_names_are_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
