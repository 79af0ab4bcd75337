// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>
#include <string.h>

#include "diff/align.h"
#include "test.h"

struct words {
	const char *left, *right;
};

/* Letters go together with themselves, and a little with their other case. */
static unsigned int letter_score(const void *context, size_t left, size_t right)
{
	const struct words *words = context;
	char a = words->left[left], b = words->right[right];

	return a == b ? 8 : (a ^ b) == ('a' ^ 'A') ? 1 : 0;
}

static void align_words(const char *left, const char *right, struct alignment *out)
{
	const struct words words = { left, right };
	const struct align_scale scale = { letter_score, 8, &words };

	assert_int_equal(align(&scale, strlen(left), strlen(right), out), 0);
}

/* @rows: both words with "-" where nothing is. */
static void expect_rows(const char *left, const char *right, const char *left_row,
			const char *right_row)
{
	struct alignment alignment;

	align_words(left, right, &alignment);
	assert_int_equal(alignment.count, strlen(left_row));
	for (size_t i = 0; i < alignment.count; i++) {
		const struct align_row *row = &alignment.rows[i];

		assert_int_equal(row->left == ALIGN_NONE ? '-' : left[row->left],
				 left_row[i]);
		assert_int_equal(row->right == ALIGN_NONE ? '-' : right[row->right],
				 right_row[i]);
	}
	assert_false(alignment.cut);
	alignment_clear(&alignment);
}

static void what_belongs_together_is_together(void **state)
{
	expect_rows("", "", "", "");
	expect_rows("abc", "", "abc", "---");
	expect_rows("", "abc", "---", "abc");
	expect_rows("abc", "abc", "abc", "abc");
	expect_rows("abcde", "abxde", "abc-de", "ab-xde");
	expect_rows("abd", "abcd", "ab-d", "abcd");
	expect_rows("xab", "ab", "xab", "-ab");
	/* better little than nothing, but much rather than little */
	expect_rows("aBc", "abc", "aBc", "abc");
	expect_rows("Bb", "b", "Bb", "-b");
}

static void the_ends_come_first_and_then_early_pairs(void **state)
{
	expect_rows("aXb", "abYb", "aX--b", "a-bYb");
	expect_rows("aXbZ", "abYbW", "aXbZ---", "a-b-YbW");
}

static void the_alignment_is_complete(void **state)
{
	struct alignment alignment;
	uint32_t left = 0, right = 0;

	align_words("the quick brown fox", "a quack braun ox", &alignment);
	for (size_t i = 0; i < alignment.count; i++) {
		const struct align_row *row = &alignment.rows[i];

		assert_true(row->left != ALIGN_NONE || row->right != ALIGN_NONE);
		if (row->left != ALIGN_NONE)
			assert_int_equal(row->left, left++);
		if (row->right != ALIGN_NONE)
			assert_int_equal(row->right, right++);
	}
	assert_int_equal(left, strlen("the quick brown fox"));
	assert_int_equal(right, strlen("a quack braun ox"));
	alignment_clear(&alignment);
}

static char *long_word(char first, char letter, size_t length, char last)
{
	char *word = malloc(length + 3);

	assert_non_null(word);
	word[0] = first;
	memset(word + 1, letter, length);
	word[length + 1] = last;
	word[length + 2] = '\0';
	return word;
}

/* What is the same at both ends is not counted; what is too long between is cut. */
static void long_words_are_cut(void **state)
{
	const size_t length = 3 * (size_t)ALIGN_MOST;
	char *left = long_word('(', 'a', length, ')'), *right;
	struct alignment alignment;

	align_words(left, left, &alignment);
	assert_false(alignment.cut);
	assert_int_equal(alignment.count, length + 2);
	alignment_clear(&alignment);

	right = long_word('(', 'b', length, ')');
	align_words(left, right, &alignment);
	assert_true(alignment.cut);
	assert_int_equal(alignment.count, 2 * length + 2);
	assert_int_equal(alignment.rows[0].right, 0);
	assert_int_equal(alignment.rows[2 * length + 1].left, length + 1);
	assert_int_equal(alignment.rows[2 * length + 1].right, length + 1);
	alignment_clear(&alignment);
	free(left);
	free(right);
}

/* One long side alone fits into the cells. */
static void a_long_side_is_not_cut(void **state)
{
	char *left = long_word('x', 'a', 3 * (size_t)ALIGN_MOST, 'y');
	struct alignment alignment;

	align_words(left, "yx", &alignment);
	assert_false(alignment.cut);
	alignment_clear(&alignment);
	free(left);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_belongs_together_is_together),
		cmocka_unit_test(the_ends_come_first_and_then_early_pairs),
		cmocka_unit_test(the_alignment_is_complete),
		cmocka_unit_test(long_words_are_cut),
		cmocka_unit_test(a_long_side_is_not_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
