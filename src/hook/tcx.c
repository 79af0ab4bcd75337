// SPDX-License-Identifier: GPL-2.0-only
/*
 * Confined kernels: nothing may be read there but what a tcx program is given. Gates on
 * every device know the bytes; raw tracepoints know the address.
 */
#include <bpf/libbpf.h>

#include "bpf/bpfpath.skel.h"
#include "hook/backend.h"
#include "hook/gates.h"
#include "hook/internal.h"
#include "kernel/kernel.h"

static bool tcx_usable(const struct kernel *kernel, const char **why)
{
	*why = kernel->tcx ? NULL : "the kernel has no tcx (Linux 6.6)";
	return !*why;
}

static int tcx_prepare(struct session *session)
{
	bpf_program__set_autoload(session->skeleton->progs.tcx_ingress, true);
	bpf_program__set_autoload(session->skeleton->progs.tcx_egress, true);
	session->skeleton->rodata->config_tc_task = session->options.kernel->tc_task;
	return tracepoints_prepare(session);
}

static int tcx_rescan(struct session *session)
{
	return gates_scan(session->gates);
}

static int tcx_attach(struct session *session)
{
	const struct gates_options options = {
		.ingress = session->skeleton->progs.tcx_ingress,
		.egress = session->skeleton->progs.tcx_egress,
		.netns = session->options.netns,
		.dev = session->options.dev,
		.only_netns = session->options.only_netns,
	};
	int err = tracepoints_attach(session);

	return err ?: gates_open(&options, &session->gates);
}

static void tcx_work(const struct session *session, struct session_work *work)
{
	gates_work(session->gates, work);
}

static void tcx_detach(struct session *session)
{
	gates_close(session->gates);
	session->gates = NULL;
}

const struct backend backend_tcx = {
	.name = "tcx",
	.help = "tcx programs on devices, and raw tracepoints; reads no kernel memory",
	.needs = "Linux 6.6 with CONFIG_NET_XGRESS",
	.lacks = "no functions are seen; the place of a step between two gates is "
		 "inferred",
	.usable = tcx_usable,
	.prepare = tcx_prepare,
	.attach = tcx_attach,
	.rescan = tcx_rescan,
	.work = tcx_work,
	.detach = tcx_detach,
};
