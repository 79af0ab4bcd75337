/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * subset.h - those types of the kernel that a BPF object has names for
 *
 * For CO-RE libbpf reads the BTF of the whole kernel once more, and goes through its
 * 120,000 types for each type of the object, and those of all modules when it finds
 * none: two thirds of what bpfpath does until it is ready. It takes another BTF, in
 * which there are only some hundred.
 */
#ifndef BPFPATH_SUBSET_H
#define BPFPATH_SUBSET_H

#include <stdbool.h>

struct btf;
struct types;

/*
 * Write to @fd, as raw BTF, every type of @types whose name and kind a type of @object
 * has ("sk_buff" for "sk_buff___old"), with the types that it is made of. What it only
 * points to is left out: all pointers lead to void. @ids: these types have the ids that
 * they have in the kernel, which programs may tell it (bpf_core_type_id_kernel). 0 or a
 * negative errno.
 */
int subset_write(const struct types *types, const struct btf *object, bool ids, int fd);

#endif
