// SPDX-License-Identifier: GPL-2.0-only
/*
 * kprobe.multi: one link for all functions with the packet at one position.
 * Needs CONFIG_FPROBE and Linux 5.18.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
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

#define ATTACH_KPROBE_MULTI 42 /* BPF_TRACE_KPROBE_MULTI, linux/bpf.h since 5.18 */

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
		PLAN_PROGRAMS(skeleton, function, skeleton->progs.function_gate);

	return programs[kind];
}

static int multi_prepare(struct session *session)
{
	struct multi *multi = calloc(1, sizeof(*multi));
	int err;

	if (!multi)
		return -ENOMEM;
	session->multi = multi;
	err = tracepoints_prepare(session);
	if (!err)
		err = plan_make(session, &multi->plan);
	for (enum plan_kind kind = 0; !err && kind < PLAN_KINDS; kind++)
		bpf_program__set_autoload(multi_program(session, kind),
					  plan_list(multi->plan, kind)->count > 0);
	return err;
}

/*
 * The kernel takes all functions of a link or none: when it refuses, the list
 * is halved until those are found that it will not have.
 */
static int multi_attach_range(struct session *session, enum plan_kind kind,
			      const struct plan_list *list, size_t first, size_t count)
{
	LIBBPF_OPTS(bpf_link_create_opts, options,
		    .kprobe_multi.addrs = list->addresses + first,
		    .kprobe_multi.cookies = (const __u64 *)list->cookies + first,
		    .kprobe_multi.cnt = count);
	int fd = bpf_link_create(bpf_program__fd(multi_program(session, kind)), 0,
				 ATTACH_KPROBE_MULTI, &options);
	int err;

	if (fd >= 0) {
		session->functions += count;
		return fd_list_add(&session->multi->links, fd);
	}
	if (count == 1) {
		log_debug("function '%s' cannot be probed: %s", list->names[first],
			  strerror(errno));
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
