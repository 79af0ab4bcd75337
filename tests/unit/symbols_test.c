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

/* All of a name, in this order, and no more. */
static void named_check(const struct symbols *symbols, const char *name,
			const struct symbol *expected, size_t count)
{
	const struct symbol *found = NULL;

	for (size_t i = 0; i < count; i++) {
		found = symbols_named(symbols, name, found);
		assert_non_null(found);
		assert_string_equal(found->name, name);
		assert_int_equal(found->address, expected[i].address);
		assert_string_equal(found->module ?: "vmlinux",
				    expected[i].module ?: "vmlinux");
	}
	assert_null(symbols_named(symbols, name, found));
}

static void test_named(void **state)
{
	struct symbols *symbols = NULL;

	assert_int_equal(text_load(KALLSYMS, &symbols), 0);
	named_check(symbols, "twice",
		    (const struct symbol[]){ { 0xffffffff81000100ULL, "twice", NULL },
					     { 0xffffffff81000400ULL, "twice", NULL },
					     { 0xffffffffc0100000ULL, "twice", "veth" } },
		    3);
	assert_non_null(symbols_named(symbols, "_stext", NULL));
	assert_null(symbols_named(symbols, "twic", NULL));
	assert_null(symbols_named(symbols, "__pfx_ip_rcv", NULL));
	assert_null(symbols_named(symbols, "not_text", NULL));
	assert_null(symbols_named(symbols, "ftrace_trampoline", NULL));
	assert_null(symbols_named(symbols, "bpf_prog_6deef7357e7b4530", NULL));
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
	const char *name;

	assert_int_equal(text_load(KALLSYMS, &symbols), 0);
	name = name_at(symbols, 0xffffffffc0100090ULL);
	assert_int_equal(symbols_update_read(symbols, file), 0);
	fclose(file);
	assert_string_equal(name, "veth_xmit");
	assert_null(symbols_named(symbols, "veth_xmit", NULL));
	assert_null(symbols_named(symbols, "br_handle_frame", NULL));
	assert_null(symbols_named(symbols, "bpf_prog_1", NULL));
	assert_string_equal(name_at(symbols, 0xffffffffc0100090ULL), "moved");
	assert_string_equal(name_at(symbols, 0xffffffff81000040ULL), "ip_rcv");
	assert_string_equal(name_at(symbols, 0xffffffff81000000ULL), "first");
	named_check(symbols, "twice",
		    (const struct symbol[]){ { 0xffffffff81000100ULL, NULL, NULL },
					     { 0xffffffff81000400ULL, NULL, NULL },
					     { 0xffffffffc0700000ULL, NULL, "vxlan" } },
		    3);
	named_check(symbols, "ip_rcv",
		    (const struct symbol[]){ { 0xffffffff81000040ULL, NULL, NULL } }, 1);
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

/*
 * In no order at all, modules below the kernel (arm64) and above it: each address finds
 * the same as a search through the whole list, the first of the file where several are.
 */
static void test_unordered(void **state)
{
	static const char text[] = "ffff800008000100 T second\n"
				   "ffff800008000000 T first\n"
				   "ffff800008000000 T first_too\n"
				   "ffff800008000200 W twice\n"
				   "ffff80000a000000 t high\t[b]\n"
				   "ffff800001000040 t low\t[a]\n"
				   "ffff800001000000 t twice\t[a]\n"
				   "ffff800008000100 t late\t[a]\n"
				   "ffff800001000040 t low_too\t[a]\n";
	struct symbols *symbols = NULL;

	assert_int_equal(text_load(text, &symbols), 0);
	assert_string_equal(name_at(symbols, 0xffff800000ffffffULL), "nothing");
	assert_string_equal(name_at(symbols, 0xffff800001000000ULL), "twice");
	assert_string_equal(name_at(symbols, 0xffff80000100003fULL), "twice");
	assert_string_equal(name_at(symbols, 0xffff800001000040ULL), "low");
	assert_string_equal(name_at(symbols, 0xffff800001000041ULL), "low");
	assert_string_equal(name_at(symbols, 0xffff8000080000ffULL), "first");
	assert_string_equal(name_at(symbols, 0xffff800008000100ULL), "second");
	assert_string_equal(name_at(symbols, 0xffff800008000101ULL), "second");
	assert_string_equal(name_at(symbols, 0xffff800009000000ULL), "twice");
	assert_string_equal(name_at(symbols, UINT64_MAX), "high");
	named_check(symbols, "twice",
		    (const struct symbol[]){ { 0xffff800001000000ULL, NULL, "a" },
					     { 0xffff800008000200ULL, NULL, NULL } },
		    2);
	named_check(symbols, "late",
		    (const struct symbol[]){ { 0xffff800008000100ULL, NULL, "a" } }, 1);
	symbols_free(symbols);
}

#define MANY 200000

/* The i-th of many: each third is out of order, and all have one of 1,000 names. */
static uint64_t many_address(size_t i)
{
	return 0xffffffff80000000ULL + (i % 3 ? i : MANY - i) * 16;
}

static void test_many(void **state)
{
	struct symbols *symbols = NULL;
	FILE *file = tmpfile();
	uint64_t before = 0;
	size_t count = 0;

	assert_non_null(file);
	for (size_t i = 0; i < MANY; i++)
		fprintf(file, "%016llx %c name_%zu%s\n",
			(unsigned long long)many_address(i), "tTwW"[i % 4], i % 1000,
			i % 2 ? "\t[module]" : "");
	rewind(file);
	assert_int_equal(symbols_read(file, &symbols), 0);
	fclose(file);
	for (const struct symbol *at = NULL;
	     (at = symbols_named(symbols, "name_7", at));) {
		assert_true(at->address >= before);
		assert_string_equal(at->module, "module");
		before = at->address;
		count++;
	}
	assert_int_equal(count, MANY / 1000);
	for (size_t i = 0; i < MANY; i++)
		assert_int_equal(symbols_at(symbols, many_address(i) + 3)->address,
				 many_address(i));
	symbols_free(symbols);
}

/* What a reader saw when the file was cut in the middle of a line. */
static void test_truncated(void **state)
{
	struct symbols *symbols = NULL;

	assert_int_equal(text_load("ffffffff81000000 T first\nffffffff81000100 t cut_of",
				   &symbols),
			 0);
	assert_string_equal(name_at(symbols, 0xffffffff81000100ULL), "cut_of");
	symbols_free(symbols);
	assert_int_equal(text_load("ffffffff81000000 T first\nffffffff810001", &symbols),
			 0);
	assert_string_equal(name_at(symbols, UINT64_MAX), "first");
	symbols_free(symbols);
}

/* All that there was went away with its module. */
static void test_update_to_nothing(void **state)
{
	FILE *file = fopen("/dev/null", "r");
	struct symbols *symbols = NULL;

	assert_int_equal(text_load("ffffffffc0200000 t only\t[m]\n", &symbols), 0);
	assert_int_equal(symbols_update_read(symbols, file), 0);
	fclose(file);
	assert_null(symbols_at(symbols, UINT64_MAX));
	assert_null(symbols_named(symbols, "only", NULL));
	symbols_free(symbols);
}

/* Asked for again, after other addresses that are remembered in its place. */
static void test_remembered(void **state)
{
	struct symbols *symbols = NULL;

	assert_int_equal(text_load(KALLSYMS, &symbols), 0);
	for (int i = 0; i < 3; i++) {
		assert_string_equal(name_at(symbols, 0xffffffff81000040ULL), "ip_rcv");
		for (uint64_t at = 0; at < 65536; at += 8)
			assert_string_equal(name_at(symbols, 0xffffffff81000500ULL + at),
					    "last");
		assert_string_equal(name_at(symbols, 0), "nothing");
	}
	symbols_free(symbols);
}

/* The machine's own: only what holds for every kernel. */
static void test_machine(void **state)
{
	struct symbols *symbols = NULL;
	const struct symbol *found;
	int err = symbols_load(&symbols);

	if (err == -EPERM || err == -ENOENT) {
		print_message("skipped: /proc/kallsyms: %s\n", strerror(-err));
		skip();
	}
	assert_int_equal(err, 0);
	found = symbols_named(symbols, "ip_rcv", NULL);
	assert_non_null(found);
	assert_null(symbols_named(symbols, "ip_rcv", found));
	assert_string_equal(name_at(symbols, found->address), "ip_rcv");
	assert_string_equal(name_at(symbols, found->address + 5), "ip_rcv");
	symbols_free(symbols);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_at),
		cmocka_unit_test(test_named),
		cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_garbage),
		cmocka_unit_test(test_update),
		cmocka_unit_test(test_update_to_nothing),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_unordered),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_remembered),
		cmocka_unit_test(test_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
