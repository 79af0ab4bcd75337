// SPDX-License-Identifier: GPL-2.0-only
/*
 * kprobe.multi: one link for all functions with the packet at one position.
 * Needs CONFIG_FPROBE and Linux 5.18.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "base/log.h"
#include "bpf/bpfpath.skel.h"
#include "hook/backend.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "kernel/kernel.h"
#include "kernel/modules.h"
#include "kernel/netns.h"
#include "kernel/symbols.h"

/* Of linux/bpf.h since 5.18 and 6.10; Debian 12 has that of 6.1. */
#define ATTACH_KPROBE_MULTI   42 /* BPF_TRACE_KPROBE_MULTI */
#define ATTACH_KPROBE_SESSION 56 /* BPF_TRACE_KPROBE_SESSION */

struct multi {
	struct plan *plan;
	struct fd_list links;
	uint64_t modules; /* modules_state() that the plan is for */
};

static bool multi_usable(const struct kernel *kernel, const char **why)
{
	*why = !kernel->reads ? "the kernel is locked down: no function can be probed"
	       : !kernel->kprobe_multi ? "the kernel has no kprobe.multi (CONFIG_FPROBE)"
				       : NULL;
	return !*why;
}

static struct bpf_program *multi_program(const struct session *session,
					 enum plan_kind kind)
{
	struct bpfpath_bpf *skeleton = session->skeleton;
	struct bpf_program *const programs[PLAN_KINDS] =
		PLAN_PROGRAMS(skeleton, function, call, skeleton->progs.function_gate,
			      skeleton->progs.call_gate);

	return programs[kind];
}

/* Calls are seen to return by the program of their entry, or by another one. */
static void multi_choose(struct session *session, enum plan_kind kind)
{
	bool some = plan_list(session->multi->plan, kind)->count > 0;
	bool call = plan_kind_is_call(kind),
	     ends = session->options.kernel->kprobe_session;
	struct bpf_program *program = multi_program(session, kind);

	bpf_program__set_autoload(program, some);
	if (call && ends)
		bpf_program__set_expected_attach_type(program, ATTACH_KPROBE_SESSION);
	else if (call && some)
		bpf_program__set_autoload(session->skeleton->progs.call_end_multi, true);
}

static int multi_prepare(struct session *session)
{
	struct multi *multi = calloc(1, sizeof(*multi));
	int err;

	if (!multi)
		return -ENOMEM;
	session->multi = multi;
	session->skeleton->rodata->config_session =
		session->options.kernel->kprobe_session;
	err = tracepoints_prepare(session);
	if (!err)
		err = plan_make(session, &multi->plan);
	for (enum plan_kind kind = 0; !err && kind < PLAN_KINDS; kind++)
		multi_choose(session, kind);
	return err;
}

/* libbpf 1.1 knows no options for attach types that are younger than itself. */
static int multi_link(const struct bpf_program *program, uint32_t flags,
		      const struct plan_list *list, size_t first, size_t count)
{
	union bpf_attr attr = { 0 };
	int fd;

	attr.link_create.prog_fd = bpf_program__fd(program);
	attr.link_create.attach_type = bpf_program__expected_attach_type(program);
	attr.link_create.kprobe_multi.flags = flags;
	attr.link_create.kprobe_multi.addrs = (uintptr_t)(list->addresses + first);
	attr.link_create.kprobe_multi.cookies = (uintptr_t)(list->cookies + first);
	attr.link_create.kprobe_multi.cnt = count;
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

/* The link of the returns, where there is one; 0: none is needed. */
static int multi_link_ends(struct session *session, enum plan_kind kind,
			   const struct plan_list *list, size_t first, size_t count)
{
	int fd;

	if (!plan_kind_is_call(kind) || session->options.kernel->kprobe_session)
		return 0;
	fd = multi_link(session->skeleton->progs.call_end_multi,
			BPF_F_KPROBE_MULTI_RETURN, list, first, count);
	return fd < 0 ? fd : fd_list_add(&session->multi->links, fd);
}

/* The returns come first: a call is not waited for that would not be seen to end. */
static int multi_link_all(struct session *session, enum plan_kind kind,
			  const struct plan_list *list, size_t first, size_t count)
{
	int err = multi_link_ends(session, kind, list, first, count);
	int fd = err ? err
		     : multi_link(multi_program(session, kind), 0, list, first, count);

	return fd < 0 ? fd : fd_list_add(&session->multi->links, fd);
}

/*
 * The kernel takes all functions of a link or none: when it refuses, the list
 * is halved until those are found that it will not have.
 */
static int multi_attach_range(struct session *session, enum plan_kind kind,
			      const struct plan_list *list, size_t first, size_t count)
{
	int err = multi_link_all(session, kind, list, first, count);

	if (!err) {
		session->functions += count;
		return 0;
	}
	if (count == 1) {
		log_debug("function '%s' cannot be probed: %s", list->names[first],
			  strerror(-err));
		session->refused++;
		return 0;
	}
	err = multi_attach_range(session, kind, list, first, count / 2);
	if (!err)
		err = multi_attach_range(session, kind, list, first + count / 2,
					 count - count / 2);
	return err;
}

static int multi_attach_list(struct session *session, enum plan_kind kind,
			     const struct plan_list *list)
{
	if (!list->count)
		return 0;
	if (bpf_program__autoload(multi_program(session, kind)))
		return multi_attach_range(session, kind, list, 0, list->count);
	/* Nothing was there for this program when the others were loaded. */
	session->refused += list->count;
	return 0;
}

static int multi_attach(struct session *session)
{
	int err = 0;

	session->multi->modules = modules_state();
	for (enum plan_kind kind = 0; !err && kind < PLAN_KINDS; kind++)
		err = multi_attach_list(session, kind,
					plan_list(session->multi->plan, kind));
	return err ? err : tracepoints_attach(session);
}

static int multi_attach_new(struct session *session, const struct plan *plan)
{
	struct multi *multi = session->multi;
	int err = 0;

	for (enum plan_kind kind = 0; !err && kind < PLAN_KINDS; kind++) {
		struct plan_list list = { 0 };

		err = plan_list_new(plan, multi->plan, kind, &list);
		if (!err)
			err = multi_attach_list(session, kind, &list);
		plan_list_clear(&list);
	}
	return err;
}

/* A module was loaded: its functions are probed, too. */
static int multi_rescan_modules(struct session *session)
{
	struct multi *multi = session->multi;
	size_t before = session->functions;
	struct plan *plan = NULL;
	int err = symbols_update(session->options.symbols);

	if (!err)
		err = plan_make(session, &plan);
	if (err)
		return err;
	err = multi_attach_new(session, plan);
	plan_free(multi->plan);
	multi->plan = plan;
	if (session->functions > before)
		log_info("a module was loaded: %zu more functions",
			 session->functions - before);
	return err;
}

static int multi_rescan(struct session *session)
{
	uint64_t modules = modules_state();
	int err = netns_table_scan(session->options.netns, NULL, NULL);

	if (err || modules == session->multi->modules)
		return err;
	session->multi->modules = modules;
	return multi_rescan_modules(session);
}

static void multi_detach(struct session *session)
{
	struct multi *multi = session->multi;

	if (!multi)
		return;
	fd_list_close(&multi->links);
	plan_free(multi->plan);
	free(multi);
	session->multi = NULL;
}

const struct backend backend_multi = {
	.name = "multi",
	.help = "kprobe.multi on functions, and raw tracepoints",
	.reads = true,
	.functions = true,
	.usable = multi_usable,
	.prepare = multi_prepare,
	.attach = multi_attach,
	.rescan = multi_rescan,
	.detach = multi_detach,
};
