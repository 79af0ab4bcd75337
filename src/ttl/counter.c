// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/counter.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/capability.h"
#include "ttl/program.h"

#define COUNTER_PER_SOCKET 16 /* entries that the map has room for */

#define UNPRIVILEGED "/proc/sys/kernel/unprivileged_bpf_disabled"

struct counter {
	int map, program;
};

/* ---- permission */

/* The value of the setting; -1: not known. */
static int unprivileged_disabled(void)
{
	AUTO_FILE FILE *file = fopen(UNPRIVILEGED, "re");
	int value;

	return file && fscanf(file, "%d", &value) == 1 ? value : -1;
}

static void say_forbidden(void)
{
	bool capable = capability_has(CAP_BPF) || capability_has(CAP_SYS_ADMIN);
	int disabled = unprivileged_disabled();

	if (capable && !capability_is_initial())
		log_error("may not load a socket filter: it needs CAP_BPF in the initial "
			  "user namespace");
	else if (!capable && disabled > 0)
		log_error("may not load a socket filter: it needs CAP_BPF, or "
			  "kernel.unprivileged_bpf_disabled=0 (it is %d%s)",
			  disabled, disabled == 1 ? ", until the next boot" : "");
	else
		log_error(
			"may not load a socket filter: bpf(2) is forbidden by a security "
			"module, a seccomp filter, or, before Linux 5.11, 'ulimit -l'");
}

static int say_failed(const char *what, int err, const char *log)
{
	if (err == -EPERM)
		say_forbidden();
	else if (err == -ENOSYS)
		log_error("the kernel has no bpf(2): it needs CONFIG_BPF_SYSCALL");
	else
		log_error("cannot %s: %s", what, strerror(-err));
	if (log && *log)
		log_debug("%s", log);
	return err;
}

/* ---- map, program, sockets */

static int counter_map(size_t sockets)
{
	const struct program_key lost = { 0 };
	const uint64_t zero = 0;
	int fd = bpf_map_create(BPF_MAP_TYPE_HASH, "bpfpath_ttl", sizeof(lost),
				sizeof(zero), sockets * COUNTER_PER_SOCKET + 1, NULL);

	if (fd < 0)
		return -errno;
	if (bpf_map_update_elem(fd, &lost, &zero, BPF_ANY)) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

int counter_open(size_t sockets, struct counter **out)
{
	AUTO_FREE struct counter *counter = calloc(1, sizeof(*counter));
	AUTO_FREE char *log = calloc(1, PROGRAM_LOG_SIZE);
	AUTO_FD int map = -1;
	int program;

	if (!counter || !log) {
		log_error("out of memory");
		return -ENOMEM;
	}
	map = counter_map(sockets);
	if (map < 0)
		return say_failed("make a map for the TTLs", map, NULL);
	program = program_load(map, log);
	if (program < 0)
		return say_failed("load the socket filter", program, log);
	counter->program = program;
	counter->map = TAKE_FD(map);
	*out = TAKE_PTR(counter);
	return 0;
}

void counter_close(struct counter *counter)
{
	if (!counter)
		return;
	close(counter->program);
	close(counter->map);
	free(counter);
}

int counter_attach(const struct counter *counter, int fd, uint64_t *cookie)
{
	socklen_t size = sizeof(*cookie);

	if (getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &size) ||
	    setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &counter->program,
		       sizeof(counter->program)))
		return -errno;
	return 0;
}

void counter_detach(int fd)
{
	setsockopt(fd, SOL_SOCKET, SO_DETACH_BPF, NULL, 0);
}

int counter_each(const struct counter *counter, counter_fn *fn, void *context,
		 uint64_t *lost)
{
	struct program_key key, *previous = NULL;
	uint64_t count;
	int err = 0;

	while (!err && !bpf_map_get_next_key(counter->map, previous, &key)) {
		previous = &key;
		if (bpf_map_lookup_elem(counter->map, &key, &count))
			return -errno;
		if (key.cookie) {
			const struct counter_entry entry = { key.cookie, count, key.ttl,
							     key.tcp_flags };

			err = fn(&entry, context);
		} else {
			*lost = count;
		}
	}
	return err;
}
