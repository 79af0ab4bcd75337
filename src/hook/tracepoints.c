// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw tracepoints: those that the running kernel has with its packet where we
 * expect it. The others are left out and counted.
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "bpf/tracepoints.h"
#include "hook/backend.h"
#include "hook/internal.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"

/* Called for each change of a device, in every namespace (net/core/rtnetlink.c). */
#define DEVICE_NOTIFIER "rtnetlink_event"

struct tracepoint {
	const char *name;
	uint8_t argument, role;
	struct bpf_program *program;
	uint64_t cookie; /* its id, if it shares the program */
};

/* Put the program that it shares with others in place of its own. */
static void tracepoint_share(const struct bpfpath_bpf *skeleton,
			     struct tracepoint *tracepoint, uint64_t id)
{
	const struct tracepoint shared[] = {
#define X(name, argument, role)                                                          \
	{ #name, argument, TRACEPOINT_ROLE_##role, skeleton->progs.tracepoints_##name,   \
	  0 },
		TRACEPOINTS_SHARED(X)
#undef X
	};

	for (size_t i = 0; i < sizeof(shared) / sizeof(shared[0]); i++) {
		if (shared[i].role != tracepoint->role ||
		    shared[i].argument != tracepoint->argument)
			continue;
		tracepoint->program = shared[i].program;
		tracepoint->cookie = id;
	}
}

/* All that we know, in the order of their ids. */
static void tracepoint_list(const struct session *session,
			    struct tracepoint list[TRACEPOINT_PACKETS])
{
	const struct bpfpath_bpf *skeleton = session->skeleton;
	const struct tracepoint all[] = {
#define X(name, argument, role)                                                          \
	{ #name, argument, TRACEPOINT_ROLE_##role, skeleton->progs.tracepoint_##name, 0 },
		TRACEPOINTS(X)
#undef X
	};

	memcpy(list, all, sizeof(all));
	for (size_t i = 0;
	     i < TRACEPOINT_PACKETS && session->options.kernel->raw_tp_cookie; i++)
		tracepoint_share(skeleton, &list[i], i);
}

/* Has the kernel its packet where we expect it? */
static bool tracepoint_usable(const struct session *session,
			      const struct tracepoint *tracepoint)
{
	return kernel_tracepoint_skb(session->options.kernel, tracepoint->name, NULL) ==
	       tracepoint->argument;
}

static int tracepoints_arguments(const struct kernel *kernel, const char *name)
{
	int count = 0;

	if (kernel_tracepoint_skb(kernel, name, &count) < 0)
		return 0;
	return count;
}

/* It need not carry a packet. */
static bool tracepoint_exists(const struct kernel *kernel, const char *name)
{
	return kernel_tracepoint_skb(kernel, name, NULL) != -ENOENT;
}

int tracepoints_prepare(struct session *session)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	const struct kernel *kernel = session->options.kernel;
	const struct symbol *notifier;
	struct tracepoint list[TRACEPOINT_PACKETS];

	tracepoint_list(session, list);
	for (size_t i = 0; i < TRACEPOINT_PACKETS; i++)
		if (tracepoint_usable(session, &list[i]))
			bpf_program__set_autoload(list[i].program, true);
	skeleton->rodata->config_consume_location =
		tracepoints_arguments(kernel, "consume_skb") > 1;
	skeleton->rodata->config_drop_reason = tracepoints_arguments(kernel,
								     "kfree_skb") > 2;

	bpf_program__set_autoload(skeleton->progs.socket_ready,
				  session->options.backend->reads &&
					  !session->options.backend->functions &&
					  tracepoint_exists(kernel, "sk_data_ready"));
	notifier = symbols_named(session->options.symbols, DEVICE_NOTIFIER, NULL);
	if (notifier)
		skeleton->rodata->config_device_notifier = notifier->address;
	bpf_program__set_autoload(skeleton->progs.devices_changed,
				  notifier && tracepoint_exists(kernel, "notifier_run"));
	return 0;
}

/* The end of the structure is younger than libbpf 1.1 (6.10). */
static int tracepoint_open(const char *name, const struct bpf_program *program,
			   uint64_t cookie)
{
	struct {
		uint64_t name;
		uint32_t program, pad;
		uint64_t cookie;
	} attr = { (uintptr_t)name, bpf_program__fd(program), 0, cookie };
	int fd;

	if (!cookie)
		return bpf_raw_tracepoint_open(name, bpf_program__fd(program));
	fd = syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

static int tracepoints_attach_one(struct session *session, const char *name,
				  const struct bpf_program *program, uint64_t cookie)
{
	int fd = tracepoint_open(name, program, cookie);

	if (fd < 0) {
		log_debug("tracepoint '%s' cannot be attached: %s", name, strerror(-fd));
		session->refused++;
		return 0;
	}
	return fd_list_add(&session->tracepoints, fd);
}

/* What is no tracepoint of a packet, if it was loaded. */
static int tracepoints_attach_other(struct session *session, const char *name,
				    const struct bpf_program *program)
{
	if (!bpf_program__autoload(program))
		return 0;
	return tracepoints_attach_one(session, name, program, 0);
}

int tracepoints_attach(struct session *session)
{
	const struct bpfpath_bpf *skeleton = session->skeleton;
	struct tracepoint list[TRACEPOINT_PACKETS];
	int err;

	/* What ends a path goes first: an address must never be kept too long. */
	err = tracepoints_attach_other(session, "kmem_cache_free",
				       skeleton->progs.memory_freed);
	tracepoint_list(session, list);
	for (size_t i = TRACEPOINT_PACKETS; !err && i-- > 0;) {
		if (tracepoint_usable(session, &list[i]))
			err = tracepoints_attach_one(session, list[i].name,
						     list[i].program, list[i].cookie);
	}
	if (!err)
		err = tracepoints_attach_other(session, "sk_data_ready",
					       skeleton->progs.socket_ready);
	if (!err)
		err = tracepoints_attach_other(session, "notifier_run",
					       skeleton->progs.devices_changed);
	return err;
}
