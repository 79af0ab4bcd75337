// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raw tracepoints alone: for kernels where memory can be read but no function
 * can be probed at little cost, and for a zoom that needs no functions.
 */
#include "hook/backend.h"
#include "hook/internal.h"
#include "kernel/kernel.h"

static bool tracepoint_usable(const struct kernel *kernel, const char **why)
{
	*why = kernel->reads ? NULL
			     : "the kernel is locked down: its memory cannot be read";
	return !*why;
}

static void tracepoint_detach(struct session *session)
{
}

const struct backend backend_tracepoint = {
	.name = "tracepoint",
	.help = "raw tracepoints",
	.reads = true,
	.needs = "Linux 5.8 with CONFIG_DEBUG_INFO_BTF, and no lockdown=confidentiality",
	.lacks = "no functions are seen, only tracepoints",
	.usable = tracepoint_usable,
	.prepare = tracepoints_prepare,
	.attach = tracepoints_attach,
	.detach = tracepoint_detach,
};
