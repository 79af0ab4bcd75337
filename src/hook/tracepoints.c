// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw tracepoints: those that the running kernel has with its packet where we
 * expect it. The others are left out and counted.
 */
#include <assert.h>
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

static_assert(TRACEPOINT_PACKETS <= 32, "a bit each, in struct session");

struct tracepoint {
	const char *name;
	int argument;
	enum tracepoint_role role;
	struct bpf_program *program;
};

static size_t tracepoint_list(struct bpfpath_bpf *skeleton, struct tracepoint *list)
{
	const struct tracepoint all[] = {
#define X(name, argument, role)                                                          \
	{ #name, argument, TRACEPOINT_ROLE_##role, skeleton->progs.tracepoint_##name },
		TRACEPOINTS(X)
#undef X
	};

	memcpy(list, all, sizeof(all));
	return sizeof(all) / sizeof(all[0]);
}

/* The program that it shares with others here; NULL: it has its own. */
static struct bpf_program *tracepoint_shared(const struct session *session,
					     const struct tracepoint *tracepoint)
{
	const struct kernel *kernel = session->options.kernel;

	if (!kernel->cookies || !kernel->casts || !session->options.backend->exclusive)
		return NULL;
	if (tracepoint->role == TRACEPOINT_ROLE_RECEIVE)
		return session->skeleton->progs.tracepoints_receive;
	return tracepoint->role == TRACEPOINT_ROLE_STEP
		       ? session->skeleton->progs.tracepoints_step
		       : NULL;
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
	struct tracepoint list[TRACEPOINT_SIZE];
	size_t count = tracepoint_list(skeleton, list);

	for (size_t i = 0; i < count; i++) {
		bool usable = kernel_tracepoint_skb(kernel, list[i].name, NULL) ==
			      list[i].argument;

		if (!usable)
			continue;
		session->traced |= 1U << i;
		bpf_program__set_autoload(
			tracepoint_shared(session, &list[i]) ?: list[i].program, true);
	}
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

/* What union bpf_attr of 6.10 is for a raw tracepoint; libbpf 1.1 knows no cookie. */
struct tracepoint_open {
	__u64 name;
	__u32 program, pad;
	__u64 cookie;
};

static int tracepoints_attach_as(struct session *session, const char *name,
				 const struct bpf_program *program, __u64 cookie)
{
	const struct tracepoint_open open = {
		.name = (uintptr_t)name,
		.program = (__u32)bpf_program__fd(program),
		.cookie = cookie,
	};
	int fd = (int)syscall(SYS_bpf, BPF_RAW_TRACEPOINT_OPEN, &open, sizeof(open));

	if (fd < 0) {
		log_debug("tracepoint '%s' cannot be attached: %s", name,
			  strerror(errno));
		session->refused++;
		return 0;
	}
	return fd_list_add(&session->tracepoints, fd);
}

static int tracepoints_attach_one(struct session *session, const char *name,
				  const struct bpf_program *program)
{
	return tracepoints_attach_as(session, name, program, 0);
}

static int tracepoints_attach_packets(struct session *session)
{
	struct tracepoint list[TRACEPOINT_SIZE];
	size_t count = tracepoint_list(session->skeleton, list);
	int err = 0;

	for (size_t i = count; !err && i-- > 0;) {
		const struct bpf_program *shared = tracepoint_shared(session, &list[i]);

		if (!(session->traced & 1U << i))
			continue;
		err = shared ? tracepoints_attach_as(
				       session, list[i].name, shared,
				       TRACEPOINT_COOKIE(i, (__u64)list[i].argument))
			     : tracepoints_attach_one(session, list[i].name,
						      list[i].program);
	}
	return err;
}

int tracepoints_attach(struct session *session)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	int err;

	/* What ends a path goes first: an address must never be kept too long. */
	err = tracepoints_attach_one(session, "kmem_cache_free",
				     skeleton->progs.memory_freed);
	if (!err)
		err = tracepoints_attach_packets(session);
	if (!err && bpf_program__autoload(skeleton->progs.socket_ready))
		err = tracepoints_attach_one(session, "sk_data_ready",
					     skeleton->progs.socket_ready);
	if (!err && bpf_program__autoload(skeleton->progs.devices_changed))
		err = tracepoints_attach_one(session, "notifier_run",
					     skeleton->progs.devices_changed);
	return err;
}

void tracepoints_each(const struct session *session,
		      void (*fn)(void *context, enum event_kind kind, const char *name),
		      void *context)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	struct tracepoint list[TRACEPOINT_SIZE];
	size_t count = tracepoint_list(skeleton, list);

	for (size_t i = 0; i < count; i++) {
		if (session->traced & 1U << i)
			fn(context, EVENT_TRACEPOINT, list[i].name);
	}
	if (bpf_program__autoload(skeleton->progs.socket_ready))
		fn(context, EVENT_TRACEPOINT, "sk_data_ready");
}
