// SPDX-License-Identifier: GPL-2.0-only
#include "hook/programs.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <bpf/libbpf.h>

#include "bpf/bpfpath.skel.h"
#include "bpf/direct.skel.h"
#include "bpf/leaves.skel.h"
#include "kernel/kernel.h"

/* They have the same maps, programs and variables, so that one skeleton fits all. */
#define PROGRAMS_LIKE(name)                                                              \
	static_assert(sizeof(struct bpfpath_bpf) == sizeof(struct name##_bpf) &&         \
			      sizeof(struct bpfpath_bpf__rodata) ==                      \
				      sizeof(struct name##_bpf__rodata) &&               \
			      sizeof(struct bpfpath_bpf__bss) ==                         \
				      sizeof(struct name##_bpf__bss),                    \
		      "of one source")
PROGRAMS_LIKE(direct);
PROGRAMS_LIKE(leaves);

static const void *programs_bytes(const struct kernel *kernel, size_t *size)
{
	if (!kernel || !kernel->casts)
		return bpfpath_bpf__elf_bytes(size);
	return kernel->leaves ? leaves_bpf__elf_bytes(size) : direct_bpf__elf_bytes(size);
}

struct bpfpath_bpf *programs_open(const struct kernel *kernel,
				  const struct bpf_object_open_opts *options)
{
	struct bpfpath_bpf *programs = calloc(1, sizeof(*programs));
	int err = programs ? bpfpath_bpf__create_skeleton(programs) : -ENOMEM;

	if (!err) {
		programs->skeleton->data =
			(void *)programs_bytes(kernel, &programs->skeleton->data_sz);
		err = bpf_object__open_skeleton(programs->skeleton, options);
	}
	if (!err)
		return programs;
	bpfpath_bpf__destroy(programs);
	errno = -err;
	return NULL;
}
