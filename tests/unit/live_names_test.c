// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/kernel.h"
#include "kernel/live_names.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"
#include "test.h"

#define EXIT_SKIP 77

static struct symbols *symbols_make(void)
{
	const char *text = "ffffffff81000040 T ip_rcv\n";
	FILE *file = fmemopen((void *)text, strlen(text), "r");
	struct symbols *symbols = NULL;

	assert_non_null(file);
	assert_int_equal(symbols_read(file, &symbols), 0);
	fclose(file);
	return symbols;
}

static void test_names(void **state)
{
	struct kernel *kernel = NULL;
	struct symbols *symbols = symbols_make();
	struct netns_table *table = netns_table_new();
	struct names *names;
	const char *device;
	uint64_t offset = 0;
	struct stat home;

	assert_int_equal(stat("/proc/self/ns/net", &home), 0);
	assert_int_equal(kernel_probe(&kernel), 0);
	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	names = live_names_new(kernel, symbols, table);
	assert_non_null(names);

	assert_string_equal(names->ops->symbol(names, 0xffffffff81000044ULL, &offset),
			    "ip_rcv");
	assert_int_equal(offset, 4);
	assert_null(names->ops->symbol(names, 0x1000, &offset));
	assert_null(names->ops->drop_reason(names, 0x7fff));
	assert_null(names->ops->netns(names, 1));
	assert_non_null(names->ops->netns(names, home.st_ino));
	device = names->ops->device(names, home.st_ino, 1);
	assert_string_equal(device, "lo");
	assert_null(names->ops->device(names, home.st_ino, 0x7fffffff));

	/* The table may go, the names stay. */
	netns_table_free(table);
	assert_string_equal(device, "lo");
	live_names_free(names);
	symbols_free(symbols);
	kernel_free(kernel);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names),
	};

	if (geteuid()) {
		puts("skipped: needs root, to load BPF programs");
		return EXIT_SKIP;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
