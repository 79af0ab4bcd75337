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

static void world_open(struct world *world)
{
	static const char *const NAMES[] = { "ip_rcv", "dup", "alias", "cloned" };
	struct btf *btf = btf__new_empty();
	int skb = btf__add_ptr(btf, btf__add_fwd(btf, "sk_buff", BTF_FWD_STRUCT));
	FILE *file = text_open(KALLSYMS);

	for (size_t i = 0; i < sizeof(NAMES) / sizeof(*NAMES); i++) {
		int function = btf__add_func_proto(btf, 0);

		btf__add_func_param(btf, "skb", skb);
		btf__add_func(btf, NAMES[i], BTF_FUNC_GLOBAL, function);
	}
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
				      "cloned.isra.0\ndup [other]\n\n");
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
				      "zzz ip_rcv\n");
	list = functions_all(functions, &count);
	assert_int_equal(count, 2);
	function_check(&list[0], "alias", 0xffffffff81000200ULL);
	function_check(&list[1], "dup", 0xffffffff81000400ULL);
	functions_free(functions);
	world_close(&world);
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
	struct functions *functions = NULL;
	struct symbols *symbols = NULL;
	size_t count;
	int fd, err;

	if (symbols_load(&symbols)) {
		print_message("skipped: no symbols for us\n");
		skip();
	}
	err = functions_load(symbols, &functions);
	if (err) {
		print_message("no list of functions here: %s\n", strerror(-err));
		assert_null(functions);
		assert_true(err == -EPERM || err == -EOPNOTSUPP || err == -ENOENT);
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
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_addresses),
		cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
