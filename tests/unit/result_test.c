// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <string.h>

#include "path/result.h"
#include "stream.h"
#include "test.h"

static const struct {
	const char *function;
	uint64_t value;
	const char *word; /* NULL: none */
	int64_t number;
} expected[] = {
	{ "nf_hook_slow", 1, "ACCEPT", 1 },
	{ "nf_hook_slow", 0, "STOLEN", 0 },
	{ "nf_hook_slow", 0xffffffff, "DROP", -1 },
	{ "nf_hook_slow", (uint64_t)-113, "DROP", -113 }, /* NF_DROP_ERR() */
	{ "nf_hook_slow", 7, NULL, 7 },
	{ "nf_conntrack_in", 0, "DROP", 0 },
	{ "nft_do_chain", 1, "ACCEPT", 1 },
	{ "nft_do_chain", 2, "STOLEN", 2 },
	{ "nft_do_chain", 0x00010002, "DROP", 0x00010002 }, /* NF_DROP_REASON() */
	{ "nft_do_chain", 0x006f0000, "DROP", 0x006f0000 }, /* NF_DROP_ERR() */
	{ "ipt_do_table", 0xabcdef0100070003, "QUEUE", 0x00070003 }, /* NF_QUEUE_NR() */
	{ "ipt_do_table", 9, NULL, 9 },
	/* of a 32-bit value the register's other half says nothing */
	{ "__dev_queue_xmit", 0xabcdef0100000002, "NET_XMIT_CN", 2 },
	{ "__dev_queue_xmit", 0xffffff9c, "-ENETDOWN", -100 },
	{ "sk_filter_trim_cap", (uint64_t)-4095, NULL, -4095 },
	{ "sk_filter_trim_cap", 0x80000000, NULL, INT32_MIN },
	{ "tcp_add_backlog", 0xffffff00, "false", 0 },
	{ "tcp_add_backlog", 0xffffff01, "true", 1 },
	{ "ip_rcv_core", 0, "NULL", 0 },
	{ "ip_rcv_core", (uint64_t)-12, "-ENOMEM", -12 },
	{ "ip_route_input_noref", 0, "OK", 0 },
	{ "ip_route_input_noref", (uint64_t)-18, "-EXDEV", -18 },
	{ "ip_route_input_noref", STREAM_OTHERHOST, "OTHERHOST", STREAM_OTHERHOST },
	{ "ip_route_input_noref", 9, NULL, 9 },
	{ "fib_validate_source", (uint64_t)-18, "-EXDEV", -18 },
	{ "fib_validate_source", (uint64_t)-4, "OTHERHOST", -STREAM_OTHERHOST },
	{ "fib_validate_source", (uint64_t)-9, NULL, -9 },
	{ "enqueue_to_backlog.constprop.0", 1, "NET_RX_DROP", 1 },
};

static void every_line_is_right(void **state)
{
	unsigned int line = 0;

	if (result_load(&line))
		fail_msg("share/returns.conf:%u", line);
}

static void says_what_values_mean(void **state)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct result result;

		if (!result_read(expected[i].function, expected[i].value, stream_names(),
				 &result))
			fail_msg("%s is not known", expected[i].function);
		assert_true(result.numeric);
		if (result.number != expected[i].number ||
		    strcmp(result.word ?: "", expected[i].word ?: ""))
			fail_msg("%s: %lld %s", expected[i].function,
				 (long long)result.number, result.word);
	}
}

static void an_address_is_no_number(void **state)
{
	struct result result;

	assert_true(
		result_read("ip_rcv_core", 0xffff888000001000, stream_names(), &result));
	assert_false(result.numeric);
	assert_null(result.word);
}

static void copies_that_may_return_nothing_are_not_known(void **state)
{
	assert_true(result_decides("nf_hook_slow"));
	assert_true(result_decides("nf_hook_slow.constprop.0"));
	assert_false(result_decides("nf_hook_slow.isra.0"));
	assert_false(result_decides("nf_hook_slow.constprop.0.isra.0"));
	assert_false(result_decides("nf_hook_slow.part.0"));
	assert_false(result_decides("nf_hook"));
	assert_false(result_decides("nf_hook_slow_list"));
	assert_false(result_decides(""));
}

static void what_others_say_decides_nothing(void **state)
{
	struct result result;

	assert_true(result_decides("__dev_queue_xmit"));
	assert_false(result_decides("ip_finish_output2"));
	assert_true(result_read("ip_finish_output2", 1, stream_names(), &result));
	assert_string_equal(result.word, "NET_XMIT_DROP");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_right),
		cmocka_unit_test(says_what_values_mean),
		cmocka_unit_test(an_address_is_no_number),
		cmocka_unit_test(copies_that_may_return_nothing_are_not_known),
		cmocka_unit_test(what_others_say_decides_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
