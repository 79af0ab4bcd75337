// SPDX-License-Identifier: GPL-2.0-only
#include "hook/object.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/kernel.h"
#include "kernel/subset.h"

struct object_types object_types_open(void)
{
	struct object_types types = { .fd = memfd_create("types", MFD_CLOEXEC) };

	snprintf(types.path, sizeof(types.path), "/proc/self/fd/%d", types.fd);
	return types;
}

void object_types_close(struct object_types *types)
{
	cleanup_fd(&types->fd);
}

const char *object_types_path(const struct object_types *types)
{
	return types->fd >= 0 ? types->path : NULL;
}

int object_types_fill(const struct object_types *types, const struct kernel *kernel,
		      const struct bpf_object *object)
{
	int err;

	if (types->fd < 0)
		return 0;
	err = subset_write(kernel->types, bpf_object__btf(object), kernel->casts,
			   types->fd);
	if (err)
		log_error("cannot copy the types of the kernel: %s", strerror(-err));
	return err;
}

int object_refused(int err)
{
	log_error("the kernel refused a BPF program: %s; run with --verbose to see its "
		  "reason",
		  strerror(-err));
	return err;
}
