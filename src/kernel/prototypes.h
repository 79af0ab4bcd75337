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

/* Why the packet of a function cannot be found, although it takes one. */
enum prototype_problem {
	PROTOTYPE_FINE,
	PROTOTYPE_SHAPES, /* BTF has the name more than once, with different arguments */
	PROTOTYPE_WIDE,	  /* an argument of more than one register comes before it */
	PROTOTYPE_OUT, /* the packet is stored there later: nothing is there at entry */
};

struct prototype {
	const char *name;
	const char *module; /* NULL: vmlinux */
	uint8_t argument;   /* position of the packet, from 1; 0 with a problem */
	uint8_t packet;	    /* enum function_packet, functions.h */
	uint8_t problem;    /* enum prototype_problem */
	uint8_t arity;	    /* how many arguments it has */
	uint32_t type;	    /* its id in the BTF of vmlinux or the module */
};

/*
 * Those of @vmlinux, its BTF, and of every loaded module, each name of a module once.
 * Without the stubs of tracepoints (__traceiter_* and the like). 0 or a negative
 * errno. A module that vanishes meanwhile, or whose BTF cannot be read, is left out.
 */
int prototypes_load(struct btf *vmlinux, struct prototypes **out);

/* The same from one @btf alone, which is that of vmlinux. */
int prototypes_read(const struct btf *btf, struct prototypes **out);
void prototypes_free(struct prototypes *prototypes);

/* Ordered by name, then by module, vmlinux first. */
const struct prototype *prototypes_all(const struct prototypes *prototypes,
				       size_t *count);

/* By the first @length bytes of @name. NULL: there is none. @module: NULL for vmlinux. */
const struct prototype *prototypes_find(const struct prototypes *prototypes,
					const char *name, size_t length,
					const char *module);

#endif
