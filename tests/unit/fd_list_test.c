// SPDX-License-Identifier: GPL-2.0-only
/* Files that are closed by several threads: all of them, and somebody is told. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "hook/fd_list.h"
#include "test.h"

#define FILES 200

struct told {
	size_t last, times;
};

static void tell(void *context, size_t closed)
{
	struct told *told = context;

	/* Up to the threads that found none. */
	assert_in_range(closed, told->last + 1, FILES + 8);
	told->last = closed;
	told->times++;
}

static void fill(struct fd_list *list, int fds[FILES])
{
	for (size_t i = 0; i < FILES; i++) {
		fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
		assert_true(fds[i] >= 0);
		assert_int_equal(fd_list_add(list, fds[i]), 0);
	}
}

static void assert_closed(const struct fd_list *list, const int fds[FILES])
{
	assert_int_equal(list->count, 0);
	for (size_t i = 0; i < FILES; i++) {
		assert_int_equal(fcntl(fds[i], F_GETFD), -1);
		assert_int_equal(errno, EBADF);
	}
}

static void closes_all(void **state)
{
	struct fd_list list = { 0 };
	int fds[FILES];

	fill(&list, fds);
	fd_list_close_parallel(&list, 7, NULL, NULL);
	assert_closed(&list, fds);
	fill(&list, fds);
	fd_list_close(&list);
	assert_closed(&list, fds);
}

/* By one thread, so that it is clear who tells. */
static void tells_how_many(void **state)
{
	struct fd_list list = { 0 };
	struct told told = { 0 };
	int fds[FILES];

	fill(&list, fds);
	fd_list_close_parallel(&list, 0, tell, &told);
	assert_closed(&list, fds);
	assert_int_equal(told.times, FILES);
	assert_int_equal(told.last, FILES);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(closes_all),
		cmocka_unit_test(tells_how_many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
