// SPDX-License-Identifier: GPL-2.0-only
/*
 * Namespaces of our own, made and removed with ip(8), all of them called
 * bpfpath-test-PID-*: the table finds them, works in them, and never holds them.
 */
#include <errno.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/netns.h"
#include "test.h"

#define EXIT_SKIP 77
#define ABORT	  42

static char blue[32], red[32];

static int command(const char *format, ...)
{
	char text[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return system(text);
}

static uint32_t inode_of(const char *path)
{
	struct stat found;

	assert_int_equal(stat(path, &found), 0);
	return found.st_ino;
}

static uint32_t inode_named(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/run/netns/%s", name);
	return inode_of(path);
}

static const struct netns_device *device_named(const struct netns_table *table,
					       uint32_t inode, const char *name)
{
	const struct netns *netns = netns_table_find(table, inode);

	for (size_t i = 0; netns && i < netns->device_count; i++)
		if (!strcmp(netns->devices[i].name, name))
			return &netns->devices[i];
	return NULL;
}

static int netns_teardown(void **state)
{
	command("ip netns del %s 2>/dev/null", blue);
	command("ip netns del %s 2>/dev/null", red);
	netns_table_free(*state);
	*state = NULL;
	return 0;
}

static int netns_setup(void **state)
{
	*state = netns_table_new();
	if (!*state || command("ip netns add %s && ip netns add %s", blue, red) ||
	    command("ip -n %s link add bpfpath-a type veth peer name bpfpath-b netns %s",
		    blue, red)) {
		netns_teardown(state);
		return -1;
	}
	return 0;
}

struct calls {
	uint32_t inode; /* count only calls for this namespace */
	unsigned int count;
	unsigned int outside; /* calls that were not in the device's namespace */
	unsigned int allowed;
};

static int call_count(const struct netns *netns, struct netns_device *device,
		      void *context)
{
	struct calls *calls = context;

	calls->outside += inode_of("/proc/self/ns/net") != netns->inode ||
			  device->netns != netns->inode ||
			  if_nametoindex(device->name) != device->ifindex;
	if (netns->inode != calls->inode)
		return 0;
	if (calls->count >= calls->allowed)
		return ABORT;
	calls->count++;
	device->seen = true;
	return 0;
}

static void test_scan(void **state)
{
	struct netns_table *table = *state;
	uint32_t home = inode_of("/proc/self/ns/net"), inode = inode_named(blue);
	struct calls calls = { .inode = inode, .allowed = 100 };
	const struct netns_device *device;

	assert_int_equal(netns_table_scan(table, call_count, &calls), 0);
	assert_int_equal(inode_of("/proc/self/ns/net"), home);
	assert_int_equal(calls.outside, 0);
	assert_string_equal(netns_table_find(table, inode)->name, blue);
	device = device_named(table, inode, "bpfpath-a");
	assert_non_null(device);
	assert_true(device->seen);
	assert_int_equal(device->type, 1);
	assert_non_null(device_named(table, inode, "lo"));
	assert_int_equal(calls.count, netns_table_find(table, inode)->device_count);
	assert_non_null(device_named(table, inode_named(red), "bpfpath-b"));
	assert_non_null(device_named(table, home, "lo"));
	assert_string_equal(netns_table_device(table, inode, device->ifindex),
			    "bpfpath-a");
	assert_null(netns_table_device(table, inode, 123456));
	assert_null(netns_table_device(table, 1, 1));
}

/* Marks stay, also with a new name; only what is new is called for. */
static void test_rescan(void **state)
{
	struct netns_table *table = *state;
	uint32_t inode = inode_named(blue);
	struct calls calls = { .inode = inode, .allowed = 100 };
	unsigned int before;

	assert_int_equal(netns_table_scan(table, call_count, &calls), 0);
	before = calls.count;
	assert_int_equal(netns_table_scan(table, call_count, &calls), 0);
	assert_int_equal(calls.count, before);

	assert_int_equal(command("ip -n %s link set bpfpath-a name bpfpath-c", blue), 0);
	assert_int_equal(command("ip -n %s link add bpfpath-d type bridge", blue), 0);
	assert_int_equal(netns_table_scan(table, call_count, &calls), 0);
	assert_int_equal(calls.count, before + 1);
	assert_null(device_named(table, inode, "bpfpath-a"));
	assert_true(device_named(table, inode, "bpfpath-c")->seen);

	assert_int_equal(command("ip -n %s link del bpfpath-d", blue), 0);
	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	assert_null(device_named(table, inode, "bpfpath-d"));
	assert_true(device_named(table, inode, "bpfpath-c")->seen);
}

/* A scan that was ended goes on at the next, and forgets nothing. */
static void test_stop(void **state)
{
	struct netns_table *table = *state;
	uint32_t home = inode_of("/proc/self/ns/net"), inode = inode_named(blue);
	struct calls calls = { .inode = inode, .allowed = 1 };

	assert_int_equal(netns_table_scan(table, call_count, &calls), ABORT);
	assert_int_equal(inode_of("/proc/self/ns/net"), home);
	assert_int_equal(netns_table_find(table, inode)->device_count, 1);
	assert_true(netns_table_find(table, inode)->devices[0].seen);
	calls.allowed = 100;
	assert_int_equal(netns_table_scan(table, call_count, &calls), 0);
	assert_int_equal(calls.count, netns_table_find(table, inode)->device_count);
	assert_non_null(device_named(table, inode, "bpfpath-a"));
}

/* Its veth takes the other end along only when nobody holds the namespace. */
static void test_deletion(void **state)
{
	struct netns_table *table = *state;
	uint32_t inode = inode_named(blue);
	int gone = 1;

	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	assert_int_equal(command("ip netns del %s", blue), 0);
	for (int i = 0; i < 200 && gone; i++) {
		gone = !command("ip -n %s link show bpfpath-b >/dev/null 2>&1", red);
		usleep(10000);
	}
	assert_int_equal(gone, 0);
	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	assert_null(netns_table_find(table, inode));
	assert_null(device_named(table, inode_named(red), "bpfpath-b"));
}

/* A file that is left over from a namespace is none. */
static void test_stale_file(void **state)
{
	struct netns_table *table = *state;
	char path[80];

	snprintf(path, sizeof(path), "/run/netns/%s-stale", blue);
	assert_int_equal(command("touch %s", path), 0);
	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	unlink(path);
	for (size_t i = 0; i < netns_table_count(table); i++)
		assert_null(strstr(netns_table_get(table, i)->name, "-stale"));
	assert_string_equal(netns_table_find(table, inode_named(blue))->name, blue);
}

/* A child in a namespace without a file, as containers are. */
static pid_t child_start(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		if (unshare(CLONE_NEWNET) || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
		_exit(0);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void test_process(void **state)
{
	struct netns_table *table = *state;
	char text[64], path[64];
	uint32_t inode, found = 0;
	pid_t pid = child_start();
	const char *name;
	int err;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", (int)pid);
	inode = inode_of(path);
	snprintf(text, sizeof(text), "%d", (int)pid);
	err = netns_table_scan(table, NULL, NULL);
	if (!err)
		err = netns_resolve(table, text, &found);
	name = err ? NULL : netns_table_find(table, inode)->name;
	snprintf(path, sizeof(path), "%.15s:%d", program_invocation_short_name, (int)pid);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);

	assert_int_equal(err, 0);
	assert_int_equal(found, inode);
	if (strchr(name, ':')) /* else we run in a container, whose name it has */
		assert_string_equal(name, path);
	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	assert_null(netns_table_find(table, inode));
}

static void test_resolve(void **state)
{
	struct netns_table *table = *state;
	uint32_t inode = inode_named(blue), found = 7;
	char text[64];

	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	assert_int_equal(netns_resolve(table, blue, &found), 0);
	assert_int_equal(found, inode);
	assert_int_equal(netns_resolve(table, "host", &found), 0);
	if (!access("/proc/1/ns/net", R_OK))
		assert_int_equal(found, inode_of("/proc/1/ns/net"));
	else
		assert_int_equal(found, inode_of("/proc/2/ns/net"));
	snprintf(text, sizeof(text), "%u", inode);
	assert_int_equal(netns_resolve(table, text, &found), 0);
	assert_int_equal(found, inode);
	snprintf(text, sizeof(text), "/run/netns/%s", red);
	assert_int_equal(netns_resolve(table, text, &found), 0);
	assert_int_equal(found, inode_named(red));

	found = 7;
	assert_int_equal(netns_resolve(table, "no-such-name", &found), -ENOENT);
	assert_int_equal(netns_resolve(table, "4194305", &found), -ENOENT);
	assert_int_equal(netns_resolve(table, "", &found), -ENOENT);
	assert_int_equal(netns_resolve(table, "/dev/null", &found), -ENOENT);
	assert_int_equal(found, 7);
}

static void test_host_has_a_name(void **state)
{
	struct netns_table *table = *state;
	uint32_t host = 0;

	assert_null(netns_table_get(table, 0));
	assert_int_equal(netns_table_scan(table, NULL, NULL), 0);
	assert_int_equal(netns_resolve(table, "host", &host), 0);
	assert_string_equal(netns_table_find(table, host)->name, "host");
}

#define NETNS_TEST(test)                                                                 \
	cmocka_unit_test_setup_teardown(test, netns_setup, netns_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		NETNS_TEST(test_scan),	     NETNS_TEST(test_rescan),
		NETNS_TEST(test_stop),	     NETNS_TEST(test_deletion),
		NETNS_TEST(test_stale_file), NETNS_TEST(test_process),
		NETNS_TEST(test_resolve),    NETNS_TEST(test_host_has_a_name),
	};
	void *table = NULL;

	snprintf(blue, sizeof(blue), "bpfpath-test-%d-blue", (int)getpid());
	snprintf(red, sizeof(red), "bpfpath-test-%d-red", (int)getpid());
	if (geteuid()) {
		puts("skipped: needs root, to make network namespaces");
		return EXIT_SKIP;
	}
	if (netns_setup(&table)) {
		puts("skipped: no network namespaces or veth devices here");
		return EXIT_SKIP;
	}
	netns_teardown(&table);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
