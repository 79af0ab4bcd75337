// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "base/sketch.h"
#include "test.h"

#define NUMBERS 100000

/* Numbers of every size, the same in each run (xorshift64). */
static uint64_t number_next(uint64_t *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 7;
	*state ^= *state << 17;
	return *state >> (*state % 64);
}

static int number_compare(const void *a, const void *b)
{
	const uint64_t *left = a, *right = b;

	return *left < *right ? -1 : *left > *right;
}

static void expect_near(uint64_t value, uint64_t exact)
{
	uint64_t off = value > exact ? value - exact : exact - value;

	if (off > exact / SKETCH_PRECISION)
		fail_msg("%lu is too far from %lu", value, exact);
}

static void is_off_by_no_more_than_it_says(void **state)
{
	static const unsigned int permille[] = { 1, 10, 250, 500, 900, 990, 999, 1000 };
	uint64_t *numbers = calloc(NUMBERS, sizeof(*numbers)), seed = 1;
	struct sketch sketch = { 0 };

	assert_non_null(numbers);
	for (size_t i = 0; i < NUMBERS; i++) {
		numbers[i] = number_next(&seed);
		assert_int_equal(sketch_add(&sketch, numbers[i]), 0);
	}
	qsort(numbers, NUMBERS, sizeof(*numbers), number_compare);
	for (size_t i = 0; i < sizeof(permille) / sizeof(permille[0]); i++)
		expect_near(sketch_quantile(&sketch, permille[i]),
			    numbers[(uint64_t)NUMBERS * permille[i] / 1000 - 1]);
	assert_true(sketch.max == numbers[NUMBERS - 1]);
	assert_true(sketch.min == numbers[0]);
	sketch_free(&sketch);
	free(numbers);
}

static void each_number_alone_is_near(void **state)
{
	for (uint64_t value = 1; value; value = value * 3 + 1) {
		struct sketch sketch = { 0 };

		assert_int_equal(sketch_add(&sketch, value), 0);
		assert_int_equal(sketch_add(&sketch, UINT64_MAX), 0);
		expect_near(sketch_quantile(&sketch, 500), value);
		sketch_free(&sketch);
		if (value > UINT64_MAX / 4)
			break;
	}
}

static void small_numbers_are_exact(void **state)
{
	struct sketch sketch = { 0 };

	assert_int_equal(sketch_quantile(&sketch, 500), 0);
	for (uint64_t value = 0; value < 100; value++)
		assert_int_equal(sketch_add(&sketch, value), 0);
	assert_int_equal(sketch_quantile(&sketch, 10), 0);
	assert_int_equal(sketch_quantile(&sketch, 500), 49);
	assert_int_equal(sketch_quantile(&sketch, 990), 98);
	assert_int_equal(sketch_quantile(&sketch, 1000), 99);
	assert_int_equal(sketch.sum, 4950);
	sketch_free(&sketch);
}

/* The edge of each power of two, on both sides. */
static void octaves_are_those_of_the_numbers(void **state)
{
	struct sketch sketch = { 0 };

	assert_int_equal(sketch_add(&sketch, 0), 0);
	for (unsigned int bit = 0; bit < 64; bit++) {
		assert_int_equal(sketch_add(&sketch, 1ull << bit), 0);
		assert_int_equal(sketch_add(&sketch, ((1ull << bit) - 1) * 2 + 1), 0);
	}
	assert_int_equal(sketch_octave(&sketch, 0), 3);
	for (unsigned int bit = 1; bit < 64; bit++)
		assert_int_equal(sketch_octave(&sketch, bit), 2);
	sketch_free(&sketch);
}

static void memory_has_an_end(void **state)
{
	struct sketch sketch = { 0 };
	uint64_t seed = 1;

	for (size_t i = 0; i < 10 * NUMBERS; i++)
		assert_int_equal(sketch_add(&sketch, number_next(&seed)), 0);
	assert_true(sketch.used <= SKETCH_BUCKETS_MAX);
	assert_true(sketch.room < 2 * SKETCH_BUCKETS_MAX);
	sketch_free(&sketch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_off_by_no_more_than_it_says),
		cmocka_unit_test(each_number_alone_is_near),
		cmocka_unit_test(small_numbers_are_exact),
		cmocka_unit_test(octaves_are_those_of_the_numbers),
		cmocka_unit_test(memory_has_an_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
