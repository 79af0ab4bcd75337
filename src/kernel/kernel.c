// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/kernel.h"

#include <bpf/btf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/capability.h"
#include "kernel/drop_reasons.h"
#include "kernel/features.h"
#include "kernel/libbpf_log.h"
#include "kernel/types.h"

static int bpf_explain(const struct kernel_lacks *lacks)
{
	if (*lacks->capabilities)
		log_error("permission denied: %s missing; run as root",
			  lacks->capabilities);
	else if (lacks->bpf == -ENOSYS)
		log_error("this kernel has no bpf(2): it needs CONFIG_BPF_SYSCALL");
	else if (lacks->bpf != -EPERM)
		log_error("this kernel does not load BPF programs: %s",
			  strerror(-lacks->bpf));
	else if (lacks->contained)
		log_error("BPF is not permitted to the root of a user namespace; run "
			  "outside of the container");
	else
		log_error("BPF is not permitted: a security policy (seccomp, LSM) "
			  "forbids it "
			  "to this process");
	return lacks->bpf;
}

static int lacks_explain(const struct kernel_lacks *lacks)
{
	if (lacks->bpf)
		return bpf_explain(lacks);
	if (!lacks->btf)
		return 0;
	log_error("no BTF of the kernel, /sys/kernel/btf/vmlinux: it needs "
		  "CONFIG_DEBUG_INFO_BTF");
	return -ENOENT;
}

/* What BTF tells, once for all who ask. */
static int types_fill(struct kernel *kernel)
{
	kernel->types = types_new(kernel->btf);
	if (kernel->types)
		kernel->drop_reasons = drop_reasons_read(kernel->types);
	return kernel->drop_reasons ? 0 : -ENOMEM;
}

static void features_fill(struct kernel *kernel, bool programs)
{
	struct utsname name;

	if (!uname(&name))
		snprintf(kernel->release, sizeof(kernel->release), "%s", name.release);
	if (!programs)
		return;
	kernel->reads = features_reads();
	if (kernel->types)
		features_direct(kernel->types, &kernel->casts, &kernel->leaves);
	kernel->cookies = features_cookies();
	kernel->kprobe_multi = features_kprobe_multi();
	kernel->kprobe_session = features_kprobe_session();
	kernel->tcx = features_tcx();
	kernel->tc_task = features_tc_task();
}

static void cleanup_kernel(struct kernel **kernel)
{
	kernel_free(*kernel);
}

int kernel_inspect(struct kernel **out, struct kernel_lacks *lacks)
{
	AUTO(cleanup_kernel) struct kernel *kernel = calloc(1, sizeof(*kernel));

	if (!kernel)
		return -ENOMEM;
	libbpf_log_set();
	*lacks = (struct kernel_lacks){ .contained = !capability_is_initial() };
	lacks->bpf = capability_missing(lacks->capabilities, sizeof(lacks->capabilities))
			     ? -EPERM
			     : features_bpf();
	kernel->btf = btf__load_vmlinux_btf();
	lacks->btf = !kernel->btf;
	if (kernel->btf && types_fill(kernel))
		return -ENOMEM;
	features_fill(kernel, !lacks->bpf);
	*out = TAKE_PTR(kernel);
	return 0;
}

int kernel_probe(struct kernel **out)
{
	AUTO(cleanup_kernel) struct kernel *kernel = NULL;
	struct kernel_lacks lacks;
	int err = kernel_inspect(&kernel, &lacks);

	if (!err)
		err = lacks_explain(&lacks);
	if (!err)
		*out = TAKE_PTR(kernel);
	return err;
}

void kernel_forget_types(struct kernel *kernel)
{
	types_free(TAKE_PTR(kernel->types));
	btf__free(TAKE_PTR(kernel->btf));
}

int kernel_recall_types(struct kernel *kernel)
{
	if (kernel->types)
		return 0;
	kernel->btf = btf__load_vmlinux_btf();
	if (!kernel->btf)
		return -errno;
	kernel->types = types_new(kernel->btf);
	if (kernel->types)
		return 0;
	kernel_forget_types(kernel);
	return -ENOMEM;
}

void kernel_free(struct kernel *kernel)
{
	if (!kernel)
		return;
	drop_reasons_free(kernel->drop_reasons);
	kernel_forget_types(kernel);
	free(kernel);
}

/*
 * btf_trace_NAME is a pointer to the function that runs for the tracepoint
 * (include/trace/bpf_probe.h): void *data, and then what TP_PROTO says.
 */
static const struct btf_type *tracepoint_find(const struct kernel *kernel,
					      const char *name)
{
	const struct btf *btf = kernel->btf;
	const struct btf_type *type;
	char text[128];
	uint32_t id;

	if (snprintf(text, sizeof(text), "btf_trace_%s", name) >= (int)sizeof(text))
		return NULL;
	id = types_find(kernel->types, text, BTF_KIND_TYPEDEF, 0);
	if (!id)
		return NULL;
	type = btf__type_by_id(btf, btf__type_by_id(btf, id)->type);
	if (!type || !btf_is_ptr(type))
		return NULL;
	type = btf__type_by_id(btf, type->type);
	return type && btf_is_func_proto(type) && btf_vlen(type) ? type : NULL;
}

static bool param_is_skb(const struct btf *btf, const struct btf_param *param)
{
	const struct btf_type *type = btf__type_by_id(btf, param->type);

	if (!type || !btf_is_ptr(type))
		return false;
	type = btf__type_by_id(btf, type->type);
	while (type && btf_is_mod(type))
		type = btf__type_by_id(btf, type->type);
	return type && btf_is_struct(type) &&
	       !strcmp(btf__name_by_offset(btf, type->name_off), "sk_buff");
}

int kernel_tracepoint_skb(const struct kernel *kernel, const char *name, int *arguments)
{
	const struct btf_type *function = tracepoint_find(kernel, name);
	const struct btf_param *params;
	int count;

	if (!function)
		return -ENOENT;
	params = btf_params(function) + 1;
	count = btf_vlen(function) - 1;
	for (int i = 0; i < count; i++) {
		if (!param_is_skb(kernel->btf, &params[i]))
			continue;
		if (arguments)
			*arguments = count;
		return i;
	}
	return -EINVAL;
}

const char *kernel_drop_reason(const struct kernel *kernel, unsigned int reason)
{
	return drop_reasons_name(kernel->drop_reasons, reason);
}
