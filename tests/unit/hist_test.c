// SPDX-License-Identifier: GPL-2.0-only
#include "render/hist.h"
#include "test.h"

/* Times are such that each sum is another. */
static struct step steps[] = {
	{ .func = "ip_rcv", .stage = "ip", .time = 0 },
	{ .func = "nf_hook_slow.constprop.0", .stage = "netfilter", .time = 1 },
	{ .func = "ip_rcv_finish", .stage = "ip", .time = 11 },
	{ .func = "nf_hook_slow", .stage = "netfilter", .time = 111 },
	{ .func = "udp_rcv", .stage = "transport", .time = 91 }, /* another clock */
	{ .func = "consume_skb", .stage = "skb", .time = 100 },
};

static const struct path path = {
	.steps = steps,
	.count = sizeof(steps) / sizeof(steps[0]),
};

static void stages_have_the_time_until_the_next_step(void **state)
{
	static const uint64_t sums[] = { 1 + 100, 10 + 0, 9 };
	struct hist hist = { 0 };

	assert_int_equal(hist_add(&hist, &path), 0);
	assert_int_equal(hist_add(&hist, &path), 0);
	assert_int_equal(hist.count, 3); /* nothing comes behind the last step */
	for (size_t i = 0; i < hist.count; i++) {
		assert_int_equal(hist.rows[i].time.count, 2);
		assert_int_equal(hist.rows[i].time.sum, 2 * sums[i]);
	}
	hist_close(&hist);
}

static void expect_between(const char *from, const char *to, uint64_t paths, uint64_t ns)
{
	struct hist hist = { .from = from, .to = to };

	assert_int_equal(hist_add(&hist, &path), 0);
	assert_int_equal(hist.count, 1);
	assert_int_equal(hist.paths, 1);
	assert_int_equal(hist.rows[0].time.count, paths);
	assert_int_equal(hist.rows[0].time.sum, ns);
	hist_close(&hist);
}

static void time_between_two_steps(void **state)
{
	expect_between("ip_rcv", "ip_rcv_finish", 1, 11);
	expect_between("nf_hook_slow", "nf_hook_slow", 1, 110); /* the next of them */
	expect_between("nf_hook_slow", NULL, 1, 99);
	expect_between(NULL, "udp_rcv", 1, 91);
	expect_between("ip_rcv_finish", "ip_rcv", 0, 0); /* the other way round */
	expect_between("ip_rc", NULL, 0, 0);
	expect_between("consume_skb", "consume_skb", 0, 0);
}

static void a_path_without_steps_is_counted(void **state)
{
	static const struct path empty = { .count = 0 };
	struct hist hist = { .from = "ip_rcv" };

	assert_int_equal(hist_add(&hist, &empty), 0);
	assert_int_equal(hist.paths, 1);
	hist_close(&hist);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stages_have_the_time_until_the_next_step),
		cmocka_unit_test(time_between_two_steps),
		cmocka_unit_test(a_path_without_steps_is_counted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
