// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>

#include "kernel/rules.h"
#include "kernel/types.h"
#include "test.h"

static void struct_add(struct btf *btf, const char *name, const char *const *members)
{
	int number = btf__add_int(btf, "long", 8, 0);
	uint32_t at = 0;

	assert_true(btf__add_struct(btf, name, 64) > 0);
	for (; *members; members++, at += 64)
		assert_int_equal(btf__add_field(btf, *members, number, at, 0), 0);
}

/* As where netfilter is built in; the same name in another struct is no matter. */
static void test_offsets(void **state)
{
	struct btf *btf = btf__new_empty();
	uint32_t offsets[RULES_OFFSETS];
	struct types *types;

	struct_add(btf, "nft_chain",
		   (const char *const[]){ "rules", "table", "use", "name", NULL });
	struct_add(btf, "nft_table", (const char *const[]){ "list", "name", NULL });
	struct_add(btf, "xt_table", (const char *const[]){ "list", "me", "name", NULL });
	types = types_new(btf);
	assert_non_null(types);
	rules_find(types, offsets);
	assert_int_equal(offsets[RULES_CHAIN_NAME], 24);
	assert_int_equal(offsets[RULES_CHAIN_TABLE], 8);
	assert_int_equal(offsets[RULES_TABLE_NAME], 8);
	assert_int_equal(offsets[RULES_XT_NAME], 16);
	types_free(types);
	btf__free(btf);
}

/* Structs that have no such members any more. */
static void test_missing(void **state)
{
	struct btf *btf = btf__new_empty();
	uint32_t offsets[RULES_OFFSETS];
	struct types *types;

	struct_add(btf, "nft_chain", (const char *const[]){ "rules", "names", NULL });
	struct_add(btf, "nft_table", (const char *const[]){ "list", NULL });
	struct_add(btf, "xt_table", (const char *const[]){ NULL });
	types = types_new(btf);
	assert_non_null(types);
	rules_find(types, offsets);
	for (size_t i = 0; i < RULES_OFFSETS; i++)
		assert_int_equal(offsets[i], 0);
	types_free(types);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_missing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
