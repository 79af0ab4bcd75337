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

#define ATTACH_KPROBE_MULTI 42 /* BPF_TRACE_KPROBE_MULTI, linux/bpf.h since 5.18 */

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
	/* All of them, also for modules to come: they load in no time. */
	for (enum plan_kind kind = 0; !err && kind < PLAN_KINDS; kind++)
		bpf_program__set_autoload(multi_program(session, kind), true);
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
		return fd_list_add(plan_is_anchor(kind) ? &session->multi->anchors
							: &session->multi->steps,
				   fd);
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
	return list->count ? multi_attach_range(session, kind, list, 0, list->count) : 0;
}

static int multi_attach(struct session *session)
{
	int err = 0;

	for (enum plan_kind kind = 0; !err && kind < PLAN_KINDS; kind++)
		err = multi_attach_list(session, kind,
					plan_list(session->multi->plan, kind));
	return err ? err : tracepoints_attach(session);
}

static int multi_rescan(struct session *session)
{
	return late_rescan(session, &session->multi->plan, multi_attach_list);
}

/* The links of the functions between the first step of a packet and its end. */
static int multi_narrow(struct session *session)
{
	fd_list_close(&session->multi->steps);
	return 0;
}

/*
 * What struct bpf_link_info of a kprobe.multi link begins with; .missed: hits that it
 * skipped before its program (6.7, e2b2cd592adb).
 */
struct multi_info {
	__u32 type, id, program, pad;
	__u64 addresses;
	__u32 count, flags;
	__u64 missed;
};

static void multi_work_links(const struct fd_list *links, struct session_work *work)
{
	for (size_t i = 0; i < links->count; i++) {
		struct multi_info info = { 0 };
		__u32 size = sizeof(info);

		if (!bpf_obj_get_info_by_fd(links->fds[i], &info, &size))
			work->skipped += info.missed;
	}
}

static void multi_work(const struct session *session, struct session_work *work)
{
	multi_work_links(&session->multi->anchors, work);
	multi_work_links(&session->multi->steps, work);
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
	.needs = "Linux 5.18 with CONFIG_FPROBE and CONFIG_DEBUG_INFO_BTF",
	.usable = multi_usable,
	.prepare = multi_prepare,
	.attach = multi_attach,
	.rescan = multi_rescan,
	.narrow = multi_narrow,
	.work = multi_work,
	.detach = multi_detach,
};
