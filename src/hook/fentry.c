// SPDX-License-Identifier: GPL-2.0-only
/*
 * fentry: the kernel's trampolines, the cheapest way into a function, to arguments that
 * are in no register, and to its return. Before 7.2 the kernel wants a program and a link
 * for each function, each of which takes its time to attach and, above all, to detach:
 * for short lists, and for those who pay for each packet. Since then one link takes
 * them all.
 *
 * What has no BTF of its own, functions of modules, copies by the compiler and names that
 * several functions have are left to another backend beside this one.
 */
#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "bpf/bpfpath.skel.h"
#include "hook/backend.h"
#include "hook/function_table.h"
#include "hook/internal.h"
#include "hook/plan.h"
#include "hook/stencil.h"
#include "kernel/features.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"

/* Of linux/bpf.h since 7.2, BPF_TRACE_FENTRY_MULTI and BPF_TRACE_FEXIT_MULTI */
#define ATTACH_FENTRY_MULTI 59
#define ATTACH_FEXIT_MULTI  60

/* What the programs are loaded for at first: only tests of BPF call it. */
#define FENTRY_NOWHERE "bpf_fentry_test1"

/* Arguments that a function may have (473e3150e30a, 6.6); more are refused. */
#define FENTRY_ARGUMENTS 12

#define FENTRY_THREADS 8 /* that detach */

/* A program for each group, and the one at returns. */
#define FENTRY_RETURN	PLAN_GROUPS
#define FENTRY_PROGRAMS (PLAN_GROUPS + 1)

struct fentry {
	struct plan *plan;
	const struct backend *beside;
	bool many;   /* one program and one link for many functions */
	int nowhere; /* BTF id of FENTRY_NOWHERE */
	struct stencil stencils[FENTRY_PROGRAMS];
	struct fd_list programs;
	struct fd_list anchors, steps; /* links; see plan_is_anchor() */
};

static const struct backend *fentry_beside(const struct kernel *kernel)
{
	const char *why;

	return backend_multi.usable(kernel, &why)    ? &backend_multi
	       : backend_kprobe.usable(kernel, &why) ? &backend_kprobe
						     : NULL;
}

static int fentry_nowhere(const struct kernel *kernel)
{
	return btf__find_by_name_kind(kernel->btf, FENTRY_NOWHERE, BTF_KIND_FUNC);
}

static bool fentry_usable(const struct kernel *kernel, const char **why)
{
	*why = !kernel->reads ? "the kernel is locked down: no function can be probed"
	       : !fentry_beside(kernel) ? "the kernel has no kprobes beside it"
	       : !features_fentry(fentry_nowhere(kernel))
		       ? "the kernel has no BPF trampolines (Linux 5.17, and "
			 "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS)"
		       : NULL;
	return !*why;
}

static bool fentry_takes(const struct function *function)
{
	return !function->module && !function->assumed && function->alone &&
	       function->arity <= FENTRY_ARGUMENTS;
}

static bool fentry_reaches(const struct function *function)
{
	return fentry_takes(function) || plan_in_registers(function);
}

/* For the backend beside this one. */
static bool fentry_leaves(const struct function *function)
{
	return !fentry_takes(function) && plan_in_registers(function);
}

static struct bpf_program *fentry_program(const struct session *session, int which)
{
	const struct bpfpath_bpf *skeleton = session->skeleton;
	struct bpf_program *const programs[FENTRY_PROGRAMS] = {
		[PLAN_ANCHORS] = skeleton->progs.fentry_gate,
		[PLAN_STEPS] = skeleton->progs.fentry_step,
		[PLAN_CALL_ANCHORS] = skeleton->progs.fentry_call_gate,
		[PLAN_CALL_STEPS] = skeleton->progs.fentry_call,
		[FENTRY_RETURN] = skeleton->progs.fexit_return,
	};

	return programs[which];
}

static int fentry_prepare(struct session *session)
{
	const struct kernel *kernel = session->options.kernel;
	struct fentry *fentry = calloc(1, sizeof(*fentry));
	int err;

	if (!fentry)
		return -ENOMEM;
	session->fentry = fentry;
	session->takes = fentry_leaves;
	fentry->many = features_fentry_multi();
	fentry->nowhere = fentry_nowhere(kernel);
	fentry->beside = fentry_beside(kernel);
	err = fentry->beside->prepare(session);
	if (!err)
		err = plan_make(session, fentry_takes, &fentry->plan);
	for (int which = 0; !err && which < FENTRY_PROGRAMS; which++)
		bpf_program__set_autoload(fentry_program(session, which), true);
	return err;
}

/* A program that is attached nowhere, but completed by libbpf: copies of it will be. */
static int fentry_loading_one(struct fentry *fentry, int which,
			      struct bpf_program *program,
			      struct bpf_prog_load_opts *options)
{
	options->attach_btf_id = (uint32_t)fentry->nowhere;
	return stencil_keep(&fentry->stencils[which], program, options);
}

static int fentry_loading(struct session *session, struct bpf_program *program,
			  struct bpf_prog_load_opts *options)
{
	struct fentry *fentry = session->fentry;
	int which = 0;

	while (which < FENTRY_PROGRAMS && program != fentry_program(session, which))
		which++;
	if (which == FENTRY_PROGRAMS)
		return 0;
	if (!fentry->many)
		return fentry_loading_one(fentry, which, program, options);
	options->expected_attach_type = which == FENTRY_RETURN ? ATTACH_FEXIT_MULTI
							       : ATTACH_FENTRY_MULTI;
	return 0;
}

static int fentry_keep(struct fentry *fentry, enum plan_group group, int link)
{
	if (link < 0)
		return link;
	return fd_list_add(plan_is_anchor(group) ? &fentry->anchors : &fentry->steps,
			   link);
}

/* ---- since 7.2: a link for many functions */

/* What union bpf_attr of 7.2 is for such a link. */
struct fentry_link {
	__u32 program, target, attach_type, flags;
	__u64 ids, cookies; /* addresses of arrays */
	__u32 count;
};

static int fentry_link_many(struct session *session, int which, enum plan_group group,
			    const struct plan_list *list, size_t first, size_t count)
{
	AUTO_FREE uint32_t *ids = calloc(count, sizeof(*ids));
	struct fentry_link link = {
		.program = (uint32_t)bpf_program__fd(fentry_program(session, which)),
		.attach_type = which == FENTRY_RETURN ? ATTACH_FEXIT_MULTI
						      : ATTACH_FENTRY_MULTI,
		.ids = (uintptr_t)ids,
		.count = (uint32_t)count,
	};
	int fd;

	if (!ids)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		ids[i] = list->functions[first + i]->type;
	fd = (int)syscall(SYS_bpf, BPF_LINK_CREATE, &link, sizeof(link));
	return fentry_keep(session->fentry, group, fd < 0 ? -errno : fd);
}

static int fentry_link_range(struct session *session, enum plan_group group,
			     const struct plan_list *list, size_t first, size_t count)
{
	int err = 0;

	if (plan_is_call(group))
		err = fentry_link_many(session, FENTRY_RETURN, group, list, first, count);
	return err ?: fentry_link_many(session, (int)group, group, list, first, count);
}

/* ---- before: a program and a link for each */

/* Load and attach a copy of a program. */
static int fentry_open(struct session *session, int which, enum plan_group group,
		       const struct function *function)
{
	struct fentry *fentry = session->fentry;
	int program = stencil_load(&fentry->stencils[which], function->type), link;
	int err;

	if (program < 0)
		return program;
	err = fd_list_add(&fentry->programs, program);
	if (!err)
		err = missing_add(&session->missing, MISSING_PROGRAM, program,
				  MISSED_FUNCTION, function->name);
	if (err)
		return err;
	link = bpf_raw_tracepoint_open(NULL, program);
	return fentry_keep(fentry, group, link);
}

/* The return comes first: a call is not waited for that would not be seen to end. */
static void fentry_attach_one(struct session *session, enum plan_group group,
			      const struct function *function)
{
	int err = 0;

	if (plan_is_call(group))
		err = fentry_open(session, FENTRY_RETURN, group, function);
	if (!err)
		err = fentry_open(session, (int)group, group, function);
	session_attached(session, function, err);
}

/* ---- all */

static int fentry_attach_list(struct session *session, enum plan_group group)
{
	const struct plan_list *list = plan_list(session->fentry->plan, group);
	int err = function_table_fill(session, list);

	if (!err && session->fentry->many)
		range_attach(session, group, list, fentry_link_range);
	for (size_t i = 0; !err && !session->fentry->many && i < list->count; i++)
		fentry_attach_one(session, group, list->functions[i]);
	return err;
}

static int fentry_attach(struct session *session)
{
	int err = 0;

	for (enum plan_group group = 0; !err && group < PLAN_GROUPS; group++)
		err = fentry_attach_list(session, group);
	return err ?: session->fentry->beside->attach(session);
}

static int fentry_rescan(struct session *session)
{
	return session->fentry->beside->rescan(session);
}

static int fentry_narrow(struct session *session)
{
	fd_list_close_parallel(&session->fentry->steps, FENTRY_THREADS, NULL, NULL);
	return session->fentry->beside->narrow(session);
}

static void fentry_work(const struct session *session, struct session_work *work)
{
	const struct fentry *fentry = session->fentry;

	for (size_t i = 0; i < fentry->programs.count; i++)
		work_add(work, fentry->programs.fds[i]);
	if (fentry->beside->work)
		fentry->beside->work(session, work);
}

static const struct plan *fentry_plan(const struct session *session)
{
	return session->fentry ? session->fentry->plan : NULL;
}

static void fentry_detach(struct session *session)
{
	struct fentry *fentry = session->fentry;

	if (!fentry)
		return;
	fd_list_close_parallel(&fentry->steps, FENTRY_THREADS, NULL, NULL);
	fd_list_close_parallel(&fentry->anchors, FENTRY_THREADS, NULL, NULL);
	fd_list_close(&fentry->programs);
	fentry->beside->detach(session);
	for (int which = 0; which < FENTRY_PROGRAMS; which++)
		stencil_clear(&fentry->stencils[which]);
	plan_free(fentry->plan);
	free(fentry);
	session->fentry = NULL;
}

const struct backend backend_fentry = {
	.name = "fentry",
	.help = "a trampoline at each function, and raw tracepoints",
	.reads = true,
	.functions = true,
	.needs = "Linux 5.17 with CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS, and kprobes",
	.lacks = "attaching and detaching take a while for each function",
	.usable = fentry_usable,
	.reaches = fentry_reaches,
	.prepare = fentry_prepare,
	.loading = fentry_loading,
	.attach = fentry_attach,
	.rescan = fentry_rescan,
	.narrow = fentry_narrow,
	.work = fentry_work,
	.plan = fentry_plan,
	.detach = fentry_detach,
};
