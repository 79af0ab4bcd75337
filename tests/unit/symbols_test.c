// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "kernel/symbols.h"
#include "test.h"

static const char KALLSYMS[] =
	"0000000000000000 A fixed_percpu_data\n"
	"ffffffff81000000 T first\n"
	"ffffffff81000000 T _stext\n"
	"ffffffff81000030 t __pfx_ip_rcv\n"
	"ffffffff81000040 T ip_rcv\n"
	"ffffffff81000100 t twice\n"
	"ffffffff81000200 W weak\n"
	"ffffffff81000300 D not_text\n"
	"ffffffff81000400 t twice\n"
	"ffffffff81000500 T last\n"
	"ffffffffc0200000 t br_handle_frame\t[bridge]\n"
	"ffffffffc0100000 t twice\t[veth]\n"
	"ffffffffc0100080 t veth_xmit\t[veth]\n"
	"ffffffffc0300000 t bpf_prog_6deef7357e7b4530\t[bpf]\n"
	"ffffffffc0400000 t ftrace_trampoline\t[__builtin__ftrace]\n";

static int text_load(const char *text, struct symbols **out)
{
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	int err;

	assert_non_null(file);
	err = symbols_read(file, out);
	fclose(file);
	return err;
}

static const char *name_at(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *symbol = symbols_at(symbols, address);

	return symbol ? symbol->name : "nothing";
}

static void test_at(void **state)
{
	struct symbols *symbols = NULL;

	assert_int_equal(text_load(KALLSYMS, &symbols), 0);
	assert_string_equal(name_at(symbols, 0xffffffff80ffffffULL), "nothing");
	assert_string_equal(name_at(symbols, 0xffffffff81000000ULL), "first");
	assert_string_equal(name_at(symbols, 0xffffffff81000003ULL), "first");
	assert_string_equal(name_at(symbols, 0xffffffff81000038ULL), "first");
	assert_string_equal(name_at(symbols, 0xffffffff81000040ULL), "ip_rcv");
	assert_string_equal(name_at(symbols, 0xffffffff81000350ULL), "weak");
	assert_string_equal(name_at(symbols, 0xffffffffc0100090ULL), "veth_xmit");
	assert_string_equal(name_at(symbols, 0xffffffffc0500000ULL), "br_handle_frame");
	assert_string_equal(symbols_at(symbols, 0xffffffffc0200001ULL)->module, "bridge");
	assert_null(symbols_at(symbols, 0xffffffff81000040ULL)->module);
	symbols_free(symbols);
}

static void test_named(void **state)
{
	struct symbols *symbols = NULL;
	const struct symbol *found;
	size_t count;

	assert_int_equal(text_load(KALLSYMS, &symbols), 0);
	found = symbols_named(symbols, "twice", &count);
	assert_int_equal(count, 3);
	assert_int_equal(found[0].address, 0xffffffff81000100ULL);
	assert_int_equal(found[1].address, 0xffffffff81000400ULL);
	assert_int_equal(found[2].address, 0xffffffffc0100000ULL);
	assert_null(found[1].module);
	assert_string_equal(found[2].module, "veth");

	assert_non_null(symbols_named(symbols, "_stext", &count));
	assert_null(symbols_named(symbols, "twic", &count));
	assert_int_equal(count, 0);
	assert_null(symbols_named(symbols, "__pfx_ip_rcv", &count));
	assert_null(symbols_named(symbols, "not_text", &count));
	assert_null(symbols_named(symbols, "ftrace_trampoline", &count));
	assert_null(symbols_named(symbols, "bpf_prog_6deef7357e7b4530", &count));
	symbols_free(symbols);
}

/* Modules come and go, and their names stay valid. */
static void test_update(void **state)
{
	static const char later[] = "ffffffff81000040 T ip_rcv\n"
				    "ffffffffc0100000 t moved\t[bridge]\n"
				    "ffffffffc0700000 t twice\t[vxlan]\n"
				    "ffffffffc0700010 t bpf_prog_1\t[bpf]\n";
	FILE *file = fmemopen((void *)later, strlen(later), "r");
	struct symbols *symbols = NULL;
	const struct symbol *found;
	const char *name;
	size_t count;

	assert_int_equal(text_load(KALLSYMS, &symbols), 0);
	name = name_at(symbols, 0xffffffffc0100090ULL);
	assert_int_equal(symbols_update_read(symbols, file), 0);
	fclose(file);
	assert_string_equal(name, "veth_xmit");
	assert_null(symbols_named(symbols, "veth_xmit", &count));
	assert_null(symbols_named(symbols, "br_handle_frame", &count));
	assert_null(symbols_named(symbols, "bpf_prog_1", &count));
	assert_string_equal(name_at(symbols, 0xffffffffc0100090ULL), "moved");
	assert_string_equal(name_at(symbols, 0xffffffff81000040ULL), "ip_rcv");
	assert_string_equal(name_at(symbols, 0xffffffff81000000ULL), "first");
	found = symbols_named(symbols, "twice", &count);
	assert_int_equal(count, 3);
	assert_string_equal(found[2].module, "vxlan");
	symbols_named(symbols, "ip_rcv", &count);
	assert_int_equal(count, 1);
	symbols_free(symbols);
}

static void test_hidden(void **state)
{
	struct symbols *symbols = NULL;

	assert_int_equal(text_load("0000000000000000 T first\n"
				   "0000000000000000 T ip_rcv\n",
				   &symbols),
			 -EPERM);
	assert_null(symbols);
}

static void test_garbage(void **state)
{
	struct symbols *symbols = NULL;

	assert_int_equal(
		text_load("\n \nffff\nffff T\nffff T \nxyz T name\nffff T\t[m]\n",
			  &symbols),
		-ENODATA);
	assert_null(symbols);
	assert_int_equal(text_load("ff T name\t[no end\n", &symbols), 0);
	assert_string_equal(symbols_at(symbols, 0xff)->module, "no end");
	symbols_free(symbols);
}

/* The machine's own: only what holds for every kernel. */
static void test_machine(void **state)
{
	struct symbols *symbols = NULL;
	const struct symbol *found;
	size_t count;
	int err = symbols_load(&symbols);

	if (err == -EPERM || err == -ENOENT) {
		print_message("skipped: /proc/kallsyms: %s\n", strerror(-err));
		skip();
	}
	assert_int_equal(err, 0);
	found = symbols_named(symbols, "ip_rcv", &count);
	assert_int_equal(count, 1);
	assert_string_equal(name_at(symbols, found->address), "ip_rcv");
	assert_string_equal(name_at(symbols, found->address + 5), "ip_rcv");
	symbols_free(symbols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at),     cmocka_unit_test(test_named),
		cmocka_unit_test(test_hidden), cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_update), cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
