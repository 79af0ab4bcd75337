// SPDX-License-Identifier: GPL-2.0-only
#include "base/recent.h"

#include "test.h"

static void test_the_oldest_goes(void **state)
{
	struct recent recent;
	int *item;

	recent_init(&recent, sizeof(*item), 3);
	assert_null(recent_find(&recent, 1));
	for (int i = 1; i <= 3; i++) {
		item = recent_add(&recent, (uint64_t)i);
		assert_int_equal(*item, 0);
		*item = i;
	}
	/* Who was asked for last stays. */
	assert_int_equal(*(int *)recent_find(&recent, 1), 1);
	item = recent_add(&recent, 4);
	assert_int_equal(*item, 0);
	assert_null(recent_find(&recent, 2));
	assert_int_equal(*(int *)recent_find(&recent, 1), 1);
	assert_int_equal(*(int *)recent_find(&recent, 3), 3);
	recent_clear(&recent);
	assert_null(recent_find(&recent, 1));
	assert_non_null(recent_add(&recent, 1));
	recent_clear(&recent);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_the_oldest_goes) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
