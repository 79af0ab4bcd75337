// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>

#include "kernel/subset.h"
#include "kernel/types.h"
#include "test.h"

/* What libbpf reads of what is written. */
static struct btf *subset_make(struct btf *kernel, const struct btf *object, bool ids)
{
	struct types *types = types_new(kernel);
	int fd = memfd_create("subset", MFD_CLOEXEC);
	struct btf *subset;
	char path[32];

	assert_non_null(types);
	assert_true(fd >= 0);
	assert_int_equal(subset_write(types, object, ids, fd), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	subset = btf__parse(path, NULL);
	assert_non_null(subset);
	close(fd);
	types_free(types);
	return subset;
}

static const struct btf_type *find(const struct btf *btf, const char *name, uint32_t kind)
{
	int id = btf__find_by_name_kind(btf, name, kind);

	return id > 0 ? btf__type_by_id(btf, id) : NULL;
}

static const struct btf_type *member_check(const struct btf *btf,
					   const struct btf_type *type, int i,
					   const char *name, uint32_t offset)
{
	const struct btf_member *member = &btf_members(type)[i];

	assert_string_equal(btf__name_by_offset(btf, member->name_off), name);
	assert_int_equal(btf_member_bit_offset(type, i), offset);
	return btf__type_by_id(btf, member->type);
}

static void kernel_make(struct btf *btf)
{
	int number = btf__add_int(btf, "int", 4, BTF_INT_SIGNED);
	int unused = btf__add_struct(btf, "unused", 4);
	int pointer = btf__add_ptr(btf, unused);
	int array = btf__add_array(btf, number, number, 3);
	int typedefed = btf__add_typedef(btf, "numbers_t", btf__add_const(btf, array));
	int inner = btf__add_union(btf, "", 8);

	btf__add_field(btf, "word", pointer, 0, 0);
	btf__add_field(btf, "number", number, 0, 0);
	assert_true(btf__add_struct(btf, "sk_buff", 24) > 0);
	btf__add_field(btf, "", inner, 0, 0);
	btf__add_field(btf, "numbers", typedefed, 64, 0);
	btf__add_field(btf, "bit", number, 160, 1);
	assert_true(btf__add_struct(btf, "sk_buff", 4) > 0);
	btf__add_field(btf, "other", number, 0, 0);
	btf__add_enum(btf, "words", 4);
	btf__add_enum_value(btf, "WORD", 7);
	btf__add_enum64(btf, "long_words", 8, false);
	btf__add_enum64_value(btf, "LONG_WORD", 1ull << 40);
}

static void object_make(struct btf *btf)
{
	btf__add_struct(btf, "sk_buff___flavour", 0);
	btf__add_struct(btf, "nothing_like_it", 0);
	btf__add_struct(btf, "words", 0); /* another kind */
	btf__add_struct(btf, "", 0);
	btf__add_enum(btf, "long_words", 4);
}

static void test_types(void **state)
{
	struct btf *kernel = btf__new_empty(), *object = btf__new_empty(), *subset;
	const struct btf_type *type, *inner;
	int second;

	kernel_make(kernel);
	object_make(object);
	subset = subset_make(kernel, object, false);
	type = find(subset, "sk_buff", BTF_KIND_STRUCT);
	assert_non_null(type);
	assert_int_equal(type->size, 24);
	assert_int_equal(btf_vlen(type), 3);
	inner = member_check(subset, type, 0, "", 0);
	assert_true(btf_is_union(inner));
	assert_true(btf_is_ptr(member_check(subset, inner, 0, "word", 0)));
	assert_int_equal(member_check(subset, inner, 0, "word", 0)->type, 0);
	assert_true(btf_is_int(member_check(subset, inner, 1, "number", 0)));
	assert_true(btf_is_typedef(member_check(subset, type, 1, "numbers", 64)));
	assert_int_equal(btf__resolve_size(subset, btf_members(type)[1].type), 12);
	assert_true(btf_is_int(member_check(subset, type, 2, "bit", 160)));
	assert_int_equal(btf_member_bitfield_size(type, 2), 1);

	/* Its namesake follows, and libbpf is to choose. */
	second = btf__find_by_name_kind(subset, "sk_buff", BTF_KIND_STRUCT) + 1;
	while (!btf_is_struct(btf__type_by_id(subset, second)))
		second++;
	member_check(subset, btf__type_by_id(subset, second), 0, "other", 0);
	assert_null(find(subset, "unused", BTF_KIND_STRUCT));
	assert_null(find(subset, "words", BTF_KIND_ENUM));
	assert_non_null(find(subset, "long_words", BTF_KIND_ENUM64));
	btf__free(subset);
	btf__free(object);
	btf__free(kernel);
}

/* The same, and the kernel's numbers; what is nameless there has any other. */
static void test_ids(void **state)
{
	struct btf *kernel = btf__new_empty(), *object = btf__new_empty(), *subset;
	const struct btf_type *type;
	int id;

	kernel_make(kernel);
	object_make(object);
	subset = subset_make(kernel, object, true);
	id = btf__find_by_name_kind(kernel, "sk_buff", BTF_KIND_STRUCT);
	assert_int_equal(btf__find_by_name_kind(subset, "sk_buff", BTF_KIND_STRUCT), id);
	type = btf__type_by_id(subset, id);
	assert_int_equal(type->size, 24);
	assert_true(btf_is_union(member_check(subset, type, 0, "", 0)));
	assert_int_equal(btf__resolve_size(subset, btf_members(type)[1].type), 12);
	assert_true(btf_is_struct(btf__type_by_id(subset, id + 1)));
	member_check(subset, btf__type_by_id(subset, id + 1), 0, "other", 0);
	id = btf__find_by_name_kind(kernel, "long_words", BTF_KIND_ENUM64);
	assert_int_equal(btf__find_by_name_kind(subset, "long_words", BTF_KIND_ENUM64),
			 id);
	assert_null(find(subset, "unused", BTF_KIND_STRUCT));
	btf__free(subset);
	btf__free(object);
	btf__free(kernel);
}

static void test_nothing(void **state)
{
	struct btf *kernel = btf__new_empty(), *object = btf__new_empty(), *subset;

	kernel_make(kernel);
	subset = subset_make(kernel, object, false);
	assert_int_equal(btf__type_cnt(subset), 1);
	btf__free(subset);
	btf__free(object);
	btf__free(kernel);
}

static void test_not_written(void **state)
{
	struct btf *btf = btf__new_empty();
	struct types *types = types_new(btf);

	assert_true(subset_write(types, btf, false, -1) < 0);
	types_free(types);
	btf__free(btf);
}

/* Each member of the running kernel's sk_buff is where it was, and of the same size. */
static void test_machine(void **state)
{
	struct btf *kernel = btf__load_vmlinux_btf(), *object = btf__new_empty(), *subset;
	const struct btf_type *all, *type;

	if (!kernel) {
		print_message("skipped: this kernel has no BTF\n");
		skip();
	}
	btf__add_struct(object, "sk_buff", 0);
	subset = subset_make(kernel, object, false);
	all = find(kernel, "sk_buff", BTF_KIND_STRUCT);
	type = find(subset, "sk_buff", BTF_KIND_STRUCT);
	assert_non_null(type);
	assert_int_equal(type->size, all->size);
	assert_int_equal(btf_vlen(type), btf_vlen(all));
	for (int i = 0; i < btf_vlen(type); i++) {
		member_check(subset, type, i,
			     btf__name_by_offset(kernel, btf_members(all)[i].name_off),
			     btf_member_bit_offset(all, i));
		assert_int_equal(btf__resolve_size(subset, btf_members(type)[i].type),
				 btf__resolve_size(kernel, btf_members(all)[i].type));
	}
	print_message("%u of %u types\n", btf__type_cnt(subset), btf__type_cnt(kernel));
	assert_in_range(btf__type_cnt(subset), 10, 2000);
	btf__free(subset);
	btf__free(object);
	btf__free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_types),	cmocka_unit_test(test_ids),
		cmocka_unit_test(test_nothing), cmocka_unit_test(test_not_written),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
