// SPDX-License-Identifier: GPL-2.0-only
#include "test.h"

#include "path/decision.h"

static void every_line_is_right(void **state)
{
	unsigned int line = 0;

	if (decision_load(&line))
		fail_msg("share/decisions.conf:%u", line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_right),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
