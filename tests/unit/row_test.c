// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "render/row.h"
#include "test.h"

static void row_check(struct row *row, const char *expected)
{
	assert_int_equal(row->used, strlen(expected));
	assert_memory_equal(row->text, expected, row->used);
	row->used = 0;
}

/* As printf(3) writes them. */
static void test_numbers(void **state)
{
	static const uint64_t numbers[] = {
		0, 1, 9, 10, 99, 100, 999, 999, 1000, 12345, UINT32_MAX, UINT64_MAX
	};
	char expected[64], text[NUMBER_SIZE];
	struct row row = { 0 };

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		size_t length = number_write(text, numbers[i]);

		snprintf(expected, sizeof(expected), "%" PRIu64, numbers[i]);
		assert_int_equal(length, strlen(expected));
		assert_memory_equal(text, expected, length);
		for (int width = 0; width < 6; width++) {
			snprintf(expected, sizeof(expected), "%*" PRIu64, width,
				 numbers[i]);
			row_number(&row, numbers[i], width);
			row_check(&row, expected);
		}
	}
}

static void test_times(void **state)
{
	struct row row = { 0 };

	row_time(&row, 0, "", 7);
	row_check(&row, "  0.000");
	row_time(&row, 61205, "+", 8);
	row_check(&row, " +61.205");
	row_time(&row, 1234567890, "+", 8);
	row_check(&row, "+1234567.890");
	row_time(&row, 999, "", 0);
	row_check(&row, "0.999");
}

static void test_columns(void **state)
{
	struct row row = { 0 };

	row_left(&row, "ip", 2, 5);
	row_text(&row, "|");
	row_left(&row, "transport", 9, 5);
	row_pad(&row, -1);
	row_pad(&row, 2);
	row_text(&row, "|");
	row_check(&row, "ip   |transport  |");
}

/* What does not fit is cut, and nothing is written behind the end. */
static void test_cut(void **state)
{
	static char text[2 * ROW_SIZE];
	struct row row = { 0 };

	memset(text, 'a', sizeof(text));
	row_put(&row, text, ROW_SIZE - 2);
	row_number(&row, 12345, 10);
	assert_int_equal(row.used, ROW_SIZE);
	row_put(&row, text, sizeof(text));
	row_pad(&row, 10);
	row_text(&row, "more");
	row_time(&row, 1, "+", 30);
	assert_int_equal(row.used, ROW_SIZE);
	assert_memory_equal(row.text + ROW_SIZE - 3, "a  ", 3);
}

static void test_write(void **state)
{
	char text[16] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");
	struct row row = { 0 };

	row_text(&row, "one");
	row_write(&row, out);
	row_text(&row, " two");
	row_write(&row, out);
	assert_int_equal(row.used, 0);
	fclose(out);
	assert_string_equal(text, "one two");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers), cmocka_unit_test(test_times),
		cmocka_unit_test(test_columns), cmocka_unit_test(test_cut),
		cmocka_unit_test(test_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
