// SPDX-License-Identifier: GPL-2.0-only
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel/netns_watch.h"
#include "test.h"

#define EXIT_SKIP 77
#define WAIT_MS	  2000

static char name[32];

static int ip(const char *arguments)
{
	char text[256];

	snprintf(text, sizeof(text), "ip %s", arguments);
	return system(text);
}

static bool word_comes(const struct netns_watch *watch, int timeout)
{
	struct pollfd poll_fd = { .fd = netns_watch_fd(watch), .events = POLLIN };

	return poll(&poll_fd, 1, timeout) == 1;
}

static int name_delete(void **state)
{
	char text[64];

	snprintf(text, sizeof(text), "netns del %s 2>/dev/null", name);
	ip(text);
	return 0;
}

static void test_word(void **state)
{
	struct netns_watch *watch = NULL;
	char text[128];

	assert_int_equal(netns_watch_open(&watch), 0);
	snprintf(text, sizeof(text), "netns add %s", name);
	assert_int_equal(ip(text), 0);
	assert_true(word_comes(watch, WAIT_MS));
	assert_true(netns_watch_drain(watch));

	snprintf(text, sizeof(text),
		 "link add bpfpath-%d type veth peer bpfpath-w1 netns %s",
		 (int)getpid() % 1000000, name);
	assert_int_equal(ip(text), 0);
	assert_true(word_comes(watch, WAIT_MS));
	assert_true(netns_watch_drain(watch));

	/* In the other namespace alone, which the veth gave an id. */
	while (word_comes(watch, 200))
		netns_watch_drain(watch);
	snprintf(text, sizeof(text), "-n %s link add bpfpath-w2 type bridge", name);
	assert_int_equal(ip(text), 0);
	assert_true(word_comes(watch, WAIT_MS));
	assert_true(netns_watch_drain(watch));

	while (word_comes(watch, 200))
		netns_watch_drain(watch);
	assert_false(netns_watch_drain(watch));
	snprintf(text, sizeof(text), "netns del %s", name);
	assert_int_equal(ip(text), 0);
	assert_true(word_comes(watch, WAIT_MS));
	netns_watch_close(watch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_word, name_delete),
	};

	if (geteuid()) {
		puts("skipped: needs root, to make network namespaces");
		return EXIT_SKIP;
	}
	snprintf(name, sizeof(name), "bpfpath-test-%d-w", (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
