// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/capability.h"
#include "kernel/kernel.h"
#include "test.h"

#define EXIT_SKIP 77

static int kernel_setup(void **state)
{
	return kernel_probe((struct kernel **)state);
}

static int kernel_teardown(void **state)
{
	kernel_free(*state);
	return 0;
}

static void test_features(void **state)
{
	const struct kernel *kernel = *state;

	print_message("%s: reads %d, kprobe.multi %d, tcx %d\n", kernel->release,
		      kernel->reads, kernel->kprobe_multi, kernel->tcx);
	assert_true(strlen(kernel->release) > 0);
}

static void test_tracepoints(void **state)
{
	const struct kernel *kernel = *state;
	int arguments = -1;

	assert_int_equal(kernel_tracepoint_skb(kernel, "no_such_tracepoint", &arguments),
			 -ENOENT);
	assert_int_equal(kernel_tracepoint_skb(kernel, "sched_switch", &arguments),
			 -EINVAL);
	assert_int_equal(arguments, -1);
	assert_int_equal(kernel_tracepoint_skb(kernel, "net_dev_queue", &arguments), 0);
	assert_int_equal(arguments, 1);
	assert_int_equal(kernel_tracepoint_skb(kernel, "qdisc_dequeue", &arguments), 3);
	assert_int_equal(arguments, 4);
	assert_int_equal(kernel_tracepoint_skb(kernel, "kfree_skb", NULL), 0);
}

static void test_drop_reasons(void **state)
{
	const struct kernel *kernel = *state;

	assert_null(kernel_drop_reason(kernel, 0x7fff));
	if (!kernel_drop_reason(kernel, 2))
		skip(); /* older than 5.17 */
	assert_string_equal(kernel_drop_reason(kernel, 2), "NOT_SPECIFIED");
}

/* In a child: nobody has no capabilities, and is told which he needs. */
static void test_nobody(void **state)
{
	struct kernel *kernel = NULL;
	char missing[128];
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (setgid(65534) || setuid(65534))
			_exit(1);
		if (!capability_missing(missing, sizeof(missing)) ||
		    strcmp(missing, "CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN"))
			_exit(2);
		_exit(kernel_probe(&kernel) == -EPERM && !kernel ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_false(capability_missing(missing, sizeof(missing)));
}

/* The root of a user namespace: all capabilities, none that count. */
static void test_user_namespace(void **state)
{
	struct kernel *kernel = NULL;
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (unshare(CLONE_NEWUSER))
			_exit(EXIT_SKIP);
		if (capability_is_initial())
			_exit(1);
		_exit(kernel_probe(&kernel) == -EPERM && !kernel ? 0 : 2);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (WEXITSTATUS(status) == EXIT_SKIP)
		skip();
	assert_int_equal(status, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_features),       cmocka_unit_test(test_tracepoints),
		cmocka_unit_test(test_drop_reasons),   cmocka_unit_test(test_nobody),
		cmocka_unit_test(test_user_namespace),
	};

	if (geteuid()) {
		puts("skipped: needs root, to load BPF programs");
		return EXIT_SKIP;
	}
	return cmocka_run_group_tests(tests, kernel_setup, kernel_teardown);
}
