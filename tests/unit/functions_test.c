// SPDX-License-Identifier: GPL-2.0-only
#include <bpf/btf.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "kernel/functions.h"
#include "kernel/prototypes.h"
#include "kernel/symbols.h"
#include "kernel/tracefs.h"
#include "test.h"

static const char KALLSYMS[] = "ffffffff81000000 T ip_rcv\n"
			       "ffffffff81000100 t dup\n"
			       "ffffffff81000200 t alias_first\n"
			       "ffffffff81000200 T alias\n"
			       "ffffffff81000300 t between\n"
			       "ffffffff81000400 t dup\n"
			       "ffffffff81000500 t cloned.isra.0\n"
			       "ffffffff81000600 t second.constprop.0.isra.0\n"
			       "ffffffff81000700 t list.constprop.0\n"
			       "ffffffff81000800 t list.part.0.isra.0\n"
			       "ffffffff81000900 t ref.isra.0\n"
			       "ffffffff81000a00 t cloned.cold\n"
			       "ffffffff81000b00 T shapes\n"
			       "ffffffff81000c00 T notrace\n"
			       "ffffffffc0100000 t dup\t[veth]\n";

struct world {
	struct symbols *symbols;
	struct prototypes *prototypes;
};

static FILE *text_open(const char *text)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");

	assert_non_null(file);
	return file;
}

static void world_add(struct btf *btf, const char *name, int first, int second)
{
	int function = btf__add_func_proto(btf, 0);

	btf__add_func_param(btf, "a", first);
	if (second)
		btf__add_func_param(btf, "b", second);
	btf__add_func(btf, name, BTF_FUNC_GLOBAL, function);
}

static void world_open(struct world *world)
{
	static const char *const NAMES[] = { "ip_rcv", "dup",	  "alias",
					     "cloned", "notrace", "inlined" };
	struct btf *btf = btf__new_empty();
	int skb = btf__add_ptr(btf, btf__add_fwd(btf, "sk_buff", BTF_FWD_STRUCT));
	int ref = btf__add_ptr(btf, skb);
	int number = btf__add_int(btf, "int", 4, 0);
	FILE *file = text_open(KALLSYMS);

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++)
		world_add(btf, NAMES[i], skb, 0);
	world_add(btf, "second", number, skb);
	world_add(btf, "list", ref, 0);
	world_add(btf, "ref", ref, 0);
	world_add(btf, "shapes", skb, 0);
	world_add(btf, "shapes", number, skb);
	assert_int_equal(prototypes_read(btf, &world->prototypes), 0);
	assert_int_equal(symbols_read(file, &world->symbols), 0);
	fclose(file);
	btf__free(btf);
}

static void world_close(struct world *world)
{
	symbols_free(world->symbols);
	prototypes_free(world->prototypes);
}

static struct functions *text_load(const struct world *world, const char *text)
{
	struct functions *functions = NULL;
	FILE *file = text_open(text);

	assert_int_equal(
		functions_read(file, world->symbols, world->prototypes, &functions), 0);
	fclose(file);
	return functions;
}

static void function_check(const struct function *function, const char *name,
			   uint64_t address)
{
	assert_string_equal(function->name, name);
	assert_null(function->module);
	assert_int_equal(function->address, address);
	assert_int_equal(function->argument, 1);
	assert_int_equal(function->packet, FUNCTION_SKB);
	assert_false(function->assumed);
}

static void test_names(void **state)
{
	const struct function *list;
	struct functions *functions;
	struct world world;
	size_t count;

	world_open(&world);
	functions = text_load(&world, "__ftrace_invalid_address___112\n"
				      "dup\nbetween\nalias\ndup\nip_rcv\n"
				      "dup [other]\n\ndup]\n[]\n]\n [m]\nalia");
	list = functions_all(functions, &count);
	assert_int_equal(count, 4);
	function_check(&list[0], "ip_rcv", 0xffffffff81000000ULL);
	function_check(&list[1], "dup", 0xffffffff81000100ULL);
	function_check(&list[2], "alias", 0xffffffff81000200ULL);
	function_check(&list[3], "dup", 0xffffffff81000400ULL);
	functions_free(functions);
	world_close(&world);
}

/* Only one of two namesakes can be probed, and the list says which. */
static void test_addresses(void **state)
{
	const struct function *list;
	struct functions *functions;
	struct world world;
	size_t count;

	world_open(&world);
	functions = text_load(&world, "ffffffff81000404 dup\n"
				      "ffffffff81000204 alias\n"
				      "ffffffff81000304 ip_rcv\n"
				      "ffffffffc0100004 dup [veth]\n"
				      "zzz ip_rcv\n"
				      "ffffffff81000000z ip_rcv\n"
				      "ffffffff81000000 \n");
	list = functions_all(functions, &count);
	assert_int_equal(count, 2);
	function_check(&list[0], "alias", 0xffffffff81000200ULL);
	function_check(&list[1], "dup", 0xffffffff81000400ULL);
	functions_free(functions);
	world_close(&world);
}

static void copy_check(const struct function *function, const char *name, int argument,
		       int packet)
{
	assert_string_equal(function->name, name);
	assert_int_equal(function->argument, argument);
	assert_int_equal(function->packet, packet);
	assert_true(function->assumed);
}

/* What the compiler made of a function has the position of the function. */
static void test_copies(void **state)
{
	const struct function *list;
	struct functions *functions;
	struct world world;
	size_t count;

	world_open(&world);
	functions = text_load(&world, "cloned.isra.0\nsecond.constprop.0.isra.0\n"
				      "list.constprop.0\nlist.part.0.isra.0\n"
				      "ref.isra.0\ncloned.cold\nother.isra.0\n");
	list = functions_all(functions, &count);
	assert_int_equal(count, 3);
	copy_check(&list[0], "cloned.isra.0", 1, FUNCTION_SKB);
	copy_check(&list[1], "second.constprop.0.isra.0", 2, FUNCTION_SKB);
	copy_check(&list[2], "list.constprop.0", 1, FUNCTION_SKB_REF);
	functions_free(functions);
	world_close(&world);
}

static void missing_check(const struct functions *functions, const char *name,
			  enum function_problem problem)
{
	size_t count;
	const struct function_missing *missing = functions_missing(functions, &count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(missing[i].name, name))
			continue;
		assert_int_equal(missing[i].problem, problem);
		return;
	}
	fail_msg("%s is not missing", name);
}

/* Everything that takes a packet is there, or it is said why not. */
static void test_missing(void **state)
{
	const struct function_missing *missing;
	struct functions *functions;
	struct world world;
	size_t count;

	world_open(&world);
	functions = text_load(&world, "ip_rcv\nalias\ndup\nref.isra.0\nshapes\n"
				      "cloned.isra.0\nlist.constprop.0\n"
				      "second.constprop.0.isra.0\n");
	missing_check(functions, "shapes", FUNCTION_SHAPES);
	missing_check(functions, "notrace", FUNCTION_NOTRACE);
	missing_check(functions, "inlined", FUNCTION_INLINED);
	missing_check(functions, "ref", FUNCTION_REWRITTEN);
	missing = functions_missing(functions, &count);
	assert_int_equal(count, 4);
	for (size_t i = 1; i < count; i++)
		assert_true(strcmp(missing[i - 1].name, missing[i].name) < 0);
	functions_free(functions);
	world_close(&world);
}

static void test_base(void **state)
{
	assert_int_equal(function_base_length("ip_rcv"), 6);
	assert_int_equal(function_base_length("ip_rcv.isra.0"), 6);
	assert_int_equal(function_base_length("ip_rcv.part.0.isra.0"), 6);
	assert_int_equal(function_base_length("ip_rcv.constprop.12"), 6);
	assert_int_equal(function_base_length("ip_rcv.llvm.123"), 6);
	assert_int_equal(function_base_length("ip_rcv.cold"), 11);
	assert_int_equal(function_base_length(""), 0);
}

static void test_nothing(void **state)
{
	struct functions *functions;
	struct world world;
	size_t count;

	world_open(&world);
	functions = text_load(&world, "\n");
	functions_all(functions, &count);
	assert_int_equal(count, 0);
	functions_free(functions);
	world_close(&world);
}

/* Whatever the kernel allows, and the detached mount leaves nothing behind. */
static void test_machine(void **state)
{
	struct btf *vmlinux = btf__load_vmlinux_btf();
	struct functions *functions = NULL;
	struct symbols *symbols = NULL;
	size_t count;
	int fd, err;

	if (!vmlinux || symbols_load(&symbols)) {
		print_message("skipped: no BTF, or no symbols for us\n");
		btf__free(vmlinux);
		skip();
	}
	err = functions_load(vmlinux, symbols, &functions);
	if (err) {
		print_message("no list of functions here: %s\n", strerror(-err));
		assert_null(functions);
		assert_true(err == -EPERM || err == -EOPNOTSUPP);
	} else {
		functions_all(functions, &count);
		print_message("%zu functions can be probed\n", count);
		assert_in_range(count, 500, 20000);
	}
	fd = tracefs_open("events/skb/kfree_skb/id");
	if (!geteuid() && !access("/sys/kernel/tracing", F_OK))
		assert_true(fd >= 0);
	if (fd >= 0)
		close(fd);
	functions_free(functions);
	symbols_free(symbols);
	btf__free(vmlinux);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),	cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_copies),	cmocka_unit_test(test_missing),
		cmocka_unit_test(test_base),	cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
