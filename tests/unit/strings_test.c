// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "base/strings.h"
#include "test.h"

static void test_add_copies(void **state)
{
	struct strings *strings = strings_new();
	char text[] = "veth0 and more";
	const char *copy = strings_add(strings, text, 5);

	memset(text, 'x', sizeof(text) - 1);
	assert_string_equal(copy, "veth0");
	assert_string_equal(strings_add(strings, "", 0), "");
	strings_free(strings);
}

static void test_long_and_many(void **state)
{
	struct strings *strings = strings_new();
	static char text[100000];
	const char *first, *long_copy;

	memset(text, 'a', sizeof(text) - 1);
	first = strings_add(strings, "first", 5);
	long_copy = strings_add(strings, text, sizeof(text) - 1);
	for (int i = 0; i < 20000; i++)
		assert_non_null(strings_add(strings, "next_function", 13));
	assert_string_equal(first, "first");
	assert_string_equal(long_copy, text);
	strings_free(strings);
}

static void test_intern_is_one(void **state)
{
	struct strings *strings = strings_new();
	const char *seen[3000];
	char text[16];

	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "veth%d", i);
		seen[i] = strings_intern(strings, text);
	}
	for (int i = 0; i < 3000; i++) {
		snprintf(text, sizeof(text), "veth%d", i);
		assert_ptr_equal(strings_intern(strings, text), seen[i]);
		assert_string_equal(seen[i], text);
	}
	strings_free(strings);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_add_copies),
		cmocka_unit_test(test_long_and_many),
		cmocka_unit_test(test_intern_is_one),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
