// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "render/phrases.h"
#include "test.h"

static void known_check(const struct phrases *phrases, uint64_t key, const char *expected)
{
	const struct phrase *phrase = phrases_find(phrases, key);

	assert_non_null(phrase);
	assert_int_equal(phrase->length, strlen(expected));
	assert_memory_equal(phrase->text, expected, phrase->length);
}

static void test_keep(void **state)
{
	struct phrases phrases = { 0 };

	assert_null(phrases_find(&phrases, 1));
	phrases_keep(&phrases, 1, "ip_rcv", 6);
	phrases_keep(&phrases, 2, "", 0);
	known_check(&phrases, 1, "ip_rcv");
	known_check(&phrases, 2, "");
	assert_null(phrases_find(&phrases, 3));
	phrases_keep(&phrases, 1, "another", 7);
	known_check(&phrases, 1, "another");
	phrases_free(&phrases);
	assert_null(phrases_find(&phrases, 1));
}

/* More than there is room for: what is found is always what was kept under that key. */
static void test_many(void **state)
{
	struct phrases phrases = { 0 };
	size_t found = 0;
	char text[32];

	for (uint64_t key = 1; key <= 5000; key++) {
		snprintf(text, sizeof(text), "name %llu", (unsigned long long)key);
		phrases_keep(&phrases, key * 16, text, strlen(text));
		known_check(&phrases, key * 16, text);
	}
	for (uint64_t key = 1; key <= 5000; key++) {
		if (!phrases_find(&phrases, key * 16))
			continue;
		snprintf(text, sizeof(text), "name %llu", (unsigned long long)key);
		known_check(&phrases, key * 16, text);
		found++;
	}
	assert_in_range(found, 1, 4999);
	phrases_free(&phrases);
}

static void test_long(void **state)
{
	struct phrases phrases = { 0 };
	char text[PHRASE_SIZE + 1];

	memset(text, 'a', sizeof(text));
	phrases_keep(&phrases, 1, text, sizeof(text));
	assert_null(phrases_find(&phrases, 1));
	phrases_keep(&phrases, 1, text, PHRASE_SIZE);
	assert_int_equal(phrases_find(&phrases, 1)->length, PHRASE_SIZE);
	phrases_free(&phrases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_keep),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
