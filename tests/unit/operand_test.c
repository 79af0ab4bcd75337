// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/operand.h"
#include "test.h"

static char dir[] = "/tmp/bpfpath-unit-XXXXXX";
static const char *const files[] = { "plain", "plain#1", "plain:tcp", "#:" };

static int setup(void **state)
{
	assert_non_null(mkdtemp(dir));
	assert_int_equal(chdir(dir), 0);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		close(open(files[i], O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	return 0;
}

static int teardown(void **state)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		unlink(files[i]);
	return chdir("/") || rmdir(dir);
}

static void expect(const char *text, const char *file, const char *filter,
		   uint64_t packet)
{
	struct operand operand;

	assert_int_equal(operand_read(&operand, text), 0);
	assert_string_equal(operand.file, file);
	assert_int_equal(operand.packet, packet);
	if (filter)
		assert_string_equal(operand.filter, filter);
	else
		assert_null(operand.filter);
	operand_free(&operand);
}

static void a_part_of_a_file(void **state)
{
	expect("plain", "plain", NULL, 0);
	expect("plain#7", "plain", NULL, 7);
	expect("plain:udp", "plain", "udp", 0);
	expect("plain:ether host 02:00:00:00:00:01", "plain",
	       "ether host 02:00:00:00:00:01", 0);
	expect("plain:", "plain", "", 0);
	expect("-", "-", NULL, 0);
	expect("-#2", "-", NULL, 2);
	expect("-:ip6", "-", "ip6", 0);
}

static void every_name_can_be_reached(void **state)
{
	expect("plain#1", "plain#1", NULL, 0);
	expect("plain#1#2", "plain#1", NULL, 2);
	expect("plain:tcp", "plain:tcp", NULL, 0);
	expect("plain:tcp:udp", "plain:tcp", "udp", 0);
	expect("plain:tcpdump", "plain", "tcpdump", 0);
	expect("#:", "#:", NULL, 0);
	expect("#:#3", "#:", NULL, 3);
}

static void what_is_wrong_is_refused(void **state)
{
	static const char *const wrong[] = { "",	 "missing",  "missing#1",
					     "plain#",	 "plain#0",  "plain#-1",
					     "plain#1x", "plain##2", "#" };
	struct operand operand;

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(operand_read(&operand, wrong[i]), -EINVAL);
		operand_free(&operand);
	}
	assert_int_equal(operand_read(&operand, "plain#99999999999999999999"), -EINVAL);
	operand_free(&operand);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_part_of_a_file),
		cmocka_unit_test(every_name_can_be_reached),
		cmocka_unit_test(what_is_wrong_is_refused),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
