/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * object.h - a BPF object is opened with few types of the kernel (kernel/subset.h)
 */
#ifndef BPFPATH_HOOK_OBJECT_H
#define BPFPATH_HOOK_OBJECT_H

struct bpf_object;
struct kernel;

/* A file that libbpf reads when it loads the object. */
struct object_types {
	int fd; /* -1: there is none, libbpf looks for the types itself */
	char path[32];
};

struct object_types object_types_open(void);
void object_types_close(struct object_types *types);

/* For bpf_object_open_opts.btf_custom_path. */
const char *object_types_path(const struct object_types *types);

/* The @object was opened, and is not loaded yet. 0, or a negative errno after one line.
 */
int object_types_fill(const struct object_types *types, const struct kernel *kernel,
		      const struct bpf_object *object);

/* One line to the user: the object could not be loaded. Returns @err. */
int object_refused(int err);

#endif
