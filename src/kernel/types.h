/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * types.h - the types of the kernel by name
 *
 * btf__find_by_name_kind() goes through all of the 120,000 types of a vmlinux each
 * time: here they are gone through once.
 */
#ifndef BPFPATH_TYPES_H
#define BPFPATH_TYPES_H

#include <stdint.h>

struct btf;
struct types;

/* Of @btf, which has to outlive them: typedefs, structs, unions and enums. NULL without
 * memory. */
struct types *types_new(struct btf *btf);
void types_free(struct types *types);

struct btf *types_btf(const struct types *types);

/*
 * The first of this name behind the one whose id is @after (0: of all); @kind:
 * BTF_KIND_TYPEDEF, ... 0: there is none.
 */
uint32_t types_find(const struct types *types, const char *name, uint32_t kind,
		    uint32_t after);

#endif
