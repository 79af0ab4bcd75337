// SPDX-License-Identifier: GPL-2.0-only
/*
 * kprobe.multi: one link for all functions of a group. The end of each link waits for
 * the kernel (ftrace_shutdown, synchronize_rcu_tasks): the fewer the better.
 * Needs CONFIG_FPROBE and Linux 5.18.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "bpf/bpfpath.skel.h"
#include "hook/backend.h"
#include "hook/function_table.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "kernel/kernel.h"

/* Of linux/bpf.h since 5.18 and 6.10; Debian 12 has that of 6.1. */
#define ATTACH_KPROBE_MULTI   42 /* BPF_TRACE_KPROBE_MULTI */
#define ATTACH_KPROBE_SESSION 56 /* BPF_TRACE_KPROBE_SESSION */

struct multi {
	struct plan *plan;
	struct fd_list anchors, steps; /* links; see plan_is_anchor() */
};

static bool multi_usable(const struct kernel *kernel, const char **why)
{
	*why = !kernel->reads ? "the kernel is locked down: no function can be probed"
	       : !kernel->kprobe_multi ? "the kernel has no kprobe.multi (CONFIG_FPROBE)"
				       : NULL;
	return !*why;
}

static struct bpf_program *multi_program(const struct session *session,
					 enum plan_group group)
{
	const struct bpfpath_bpf *skeleton = session->skeleton;
	struct bpf_program *const programs[PLAN_GROUPS] = {
		[PLAN_ANCHORS] = skeleton->progs.multi_gate,
		[PLAN_STEPS] = skeleton->progs.multi_step,
		[PLAN_CALL_ANCHORS] = skeleton->progs.multi_call_gate,
		[PLAN_CALL_STEPS] = skeleton->progs.multi_call,
	};

	return programs[group];
}

/* Calls are seen to return by the program of their entry, or by another one. */
static void multi_choose(struct session *session, enum plan_group group)
{
	bool ends = session->options.kernel->kprobe_session;
	struct bpf_program *program = multi_program(session, group);

	bpf_program__set_autoload(program, true);
	if (!plan_is_call(group))
		return;
	if (ends)
		bpf_program__set_expected_attach_type(program, ATTACH_KPROBE_SESSION);
	else
		bpf_program__set_autoload(session->skeleton->progs.multi_return, true);
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
		err = plan_make(session, session->takes, &multi->plan);
	/* All of them, also for modules to come. */
	for (enum plan_group group = 0; !err && group < PLAN_GROUPS; group++)
		multi_choose(session, group);
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
	attr.link_create.kprobe_multi.cnt = count;
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	return fd < 0 ? -errno : fd;
}

static int multi_keep(struct session *session, enum plan_group group, int link)
{
	bool anchor = plan_is_anchor(group);
	struct multi *multi = session->multi;
	int err;

	if (link < 0)
		return link;
	err = fd_list_add(anchor ? &multi->anchors : &multi->steps, link);
	return err ? err
		   : missing_add(&session->missing, MISSING_MULTI, link, MISSED_FUNCTIONS,
				 missing_functions("multi", anchor));
}

/* The link of the returns, where there is one; 0: none is needed. */
static int multi_link_ends(struct session *session, enum plan_group group,
			   const struct plan_list *list, size_t first, size_t count)
{
	int fd;

	if (!plan_is_call(group) || session->options.kernel->kprobe_session)
		return 0;
	fd = multi_link(session->skeleton->progs.multi_return, BPF_F_KPROBE_MULTI_RETURN,
			list, first, count);
	return multi_keep(session, group, fd);
}

/* The returns come first: a call is not waited for that would not be seen to end. */
static int multi_link_all(struct session *session, enum plan_group group,
			  const struct plan_list *list, size_t first, size_t count)
{
	int err = multi_link_ends(session, group, list, first, count);
	int fd = err ? err
		     : multi_link(multi_program(session, group), 0, list, first, count);

	return multi_keep(session, group, fd);
}

static int multi_attach_list(struct session *session, enum plan_group group,
			     const struct plan_list *list)
{
	int err = function_table_fill(session, list);

	if (!err)
		range_attach(session, group, list, multi_link_all);
	return err;
}

static int multi_attach(struct session *session)
{
	int err = 0;

	for (enum plan_group group = 0; !err && group < PLAN_GROUPS; group++)
		err = multi_attach_list(session, group,
					plan_list(session->multi->plan, group));
	return err ? err : tracepoints_attach(session);
}

static int multi_rescan(struct session *session)
{
	return late_rescan(session, &session->multi->plan, multi_attach_list);
}

/* The links of the functions between the first step of a packet and its end. */
static int multi_narrow(struct session *session)
{
	missing_leave(&session->missing, &session->multi->steps);
	fd_list_close(&session->multi->steps);
	return 0;
}

static const struct plan *multi_plan(const struct session *session)
{
	return session->multi ? session->multi->plan : NULL;
}

static void multi_detach(struct session *session)
{
	struct multi *multi = session->multi;

	if (!multi)
		return;
	fd_list_close(&multi->steps);
	fd_list_close(&multi->anchors);
	plan_free(multi->plan);
	free(multi);
	session->multi = NULL;
}

const struct backend backend_multi = {
	.name = "multi",
	.help = "kprobe.multi on functions, and raw tracepoints",
	.reads = true,
	.functions = true,
	.exclusive = true,
	.needs = "Linux 5.18 with CONFIG_FPROBE and CONFIG_DEBUG_INFO_BTF",
	.usable = multi_usable,
	.reaches = plan_in_registers,
	.prepare = multi_prepare,
	.attach = multi_attach,
	.rescan = multi_rescan,
	.narrow = multi_narrow,
	.plan = multi_plan,
	.detach = multi_detach,
};
