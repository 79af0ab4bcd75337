// SPDX-License-Identifier: GPL-2.0-only
/* The table of functions, at the addresses of many boots. */
#include <string.h>

#include "bpf/function.h"
#include "hook/function_table.h"
#include "test.h"

#define FUNCTIONS 4000 /* more than any kernel that was seen has */
#define BOOTS	  512

static __u64 table[FUNCTION_TABLE_SIZE];

/* A function of the kernel, which has 16 bytes of each before it, somewhere in 32 MiB. */
static uint64_t address_of(uint64_t number, uint64_t boot)
{
	uint64_t mixed = (number + 1) * 0xff51afd7ed558ccdULL;

	mixed ^= mixed >> 33;
	return 0xffffffff81000000ULL + (boot << 21) + (mixed & 0x1fffff0) + 4;
}

static uint16_t word_at(uint64_t address)
{
	for (uint32_t try = 0; try < FUNCTION_TRIES; try++) {
		__u64 entry = table[function_slot(address, try)];

		if (function_entry_is(entry, address))
			return (uint16_t)entry;
	}
	return 0;
}

/* The kernel moves by 2 MiB at a time (KASLR): no place of it may be without room. */
static void test_boots(void **state)
{
	for (uint64_t boot = 0; boot < BOOTS; boot++) {
		memset(table, 0, sizeof(table));
		for (uint64_t i = 0; i < FUNCTIONS; i++)
			assert_true(function_table_add(table, address_of(i, boot),
						       (uint16_t)(i % 60000 + 1)));
	}
	for (uint64_t i = 0; i < FUNCTIONS; i++)
		assert_int_not_equal(word_at(address_of(i, BOOTS - 1)), 0);
}

/* A function that is added again has another word from then on. */
static void test_again(void **state)
{
	memset(table, 0, sizeof(table));
	assert_true(function_table_add(table, address_of(1, 0), 7));
	assert_true(function_table_add(table, address_of(1, 0), 8));
	assert_int_equal(word_at(address_of(1, 0)), 8);
	assert_int_equal(word_at(address_of(2, 0)), 0);
}

static void test_full(void **state)
{
	uint64_t added = 0;

	memset(table, 0, sizeof(table));
	while (added <= FUNCTION_TABLE_SIZE &&
	       function_table_add(table, address_of(added, added & 255), 1))
		added++;
	assert_in_range(added, FUNCTION_TABLE_SIZE / 2, FUNCTION_TABLE_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_boots),
		cmocka_unit_test(test_again),
		cmocka_unit_test(test_full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
