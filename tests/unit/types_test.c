// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>

#include "kernel/types.h"
#include "test.h"

/* The first of a name and kind; a struct and a typedef may have the same name. */
static void test_find(void **state)
{
	struct btf *btf = btf__new_empty();
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int typedefed = btf__add_typedef(btf, "same", number);
	int first = btf__add_struct(btf, "same", 8);
	int nameless = btf__add_struct(btf, "", 8);
	int later = btf__add_struct(btf, "same", 16);
	int numbers = btf__add_enum(btf, "same", 4);
	struct types *types;

	assert_true(nameless > 0 && later > first);
	types = types_new(btf);
	assert_non_null(types);
	assert_ptr_equal(types_btf(types), btf);
	assert_int_equal(types_find(types, "same", BTF_KIND_TYPEDEF, 0), typedefed);
	assert_int_equal(types_find(types, "same", BTF_KIND_STRUCT, 0), first);
	assert_int_equal(types_find(types, "same", BTF_KIND_STRUCT, first), later);
	assert_int_equal(types_find(types, "same", BTF_KIND_STRUCT, later), 0);
	assert_int_equal(types_find(types, "same", BTF_KIND_ENUM, 0), numbers);
	assert_int_equal(types_find(types, "same", BTF_KIND_UNION, 0), 0);
	assert_int_equal(types_find(types, "sam", BTF_KIND_STRUCT, 0), 0);
	assert_int_equal(types_find(types, "", BTF_KIND_STRUCT, 0), 0);
	assert_int_equal(types_find(types, "int", BTF_KIND_INT, 0), 0);
	types_free(types);
	btf__free(btf);
}

static void test_nothing(void **state)
{
	struct btf *btf = btf__new_empty();
	struct types *types = types_new(btf);

	assert_non_null(types);
	assert_int_equal(types_find(types, "sk_buff", BTF_KIND_STRUCT, 0), 0);
	types_free(types);
	btf__free(btf);
}

/* The running kernel's: what libbpf finds, for all of them. */
static void test_machine(void **state)
{
	static const struct {
		const char *name;
		uint32_t kind;
	} wanted[] = {
		{ "sk_buff", BTF_KIND_STRUCT },
		{ "btf_trace_kfree_skb", BTF_KIND_TYPEDEF },
		{ "btf_trace_no_such_thing", BTF_KIND_TYPEDEF },
		{ "bpf_func_id", BTF_KIND_ENUM },
		{ "list_head", BTF_KIND_STRUCT },
	};
	struct btf *btf = btf__load_vmlinux_btf();
	struct types *types;

	if (!btf) {
		print_message("skipped: this kernel has no BTF\n");
		skip();
	}
	types = types_new(btf);
	assert_non_null(types);
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		int expected = btf__find_by_name_kind(btf, wanted[i].name,
						      wanted[i].kind);

		assert_int_equal(types_find(types, wanted[i].name, wanted[i].kind, 0),
				 expected > 0 ? expected : 0);
	}
	types_free(types);
	btf__free(btf);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
