/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * prototypes.h - functions with a packet among their arguments, from BTF
 */
#ifndef BPFPATH_PROTOTYPES_H
#define BPFPATH_PROTOTYPES_H

#include <stddef.h>
#include <stdint.h>

struct btf;
struct prototypes;

struct prototype {
	const char *name;
	const char *module; /* NULL: vmlinux */
	uint8_t argument;   /* position of the packet, from 1 */
	uint8_t packet;	    /* enum function_packet, functions.h */
};

/*
 * Those of vmlinux and of every loaded module. Without the stubs of tracepoints
 * (__traceiter_* and the like), without functions that BTF has in two shapes,
 * and without those where the packet comes behind an argument that takes more
 * than one register, whose position says nothing. 0 or a negative errno:
 * -ENOENT when the kernel has no BTF. A module that vanishes meanwhile, or
 * whose BTF cannot be read, is left out.
 */
int prototypes_load(struct prototypes **out);

/* The same from one @btf alone, which is that of vmlinux. */
int prototypes_read(const struct btf *btf, struct prototypes **out);
void prototypes_free(struct prototypes *prototypes);

/* Ordered by name, then by module, vmlinux first. */
const struct prototype *prototypes_all(const struct prototypes *prototypes,
				       size_t *count);

/* NULL when there is none. @module: NULL for vmlinux. */
const struct prototype *prototypes_find(const struct prototypes *prototypes,
					const char *name, const char *module);

#endif
