/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * functions.h - which functions of the running kernel take a packet
 */
#ifndef BPFPATH_FUNCTIONS_H
#define BPFPATH_FUNCTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct btf;
struct symbols;
struct prototypes;
struct functions;

enum function_packet {
	FUNCTION_SKB,	    /* struct sk_buff *, const or not */
	FUNCTION_SKB_REF,   /* struct sk_buff ** */
	FUNCTION_SKB_LIST,  /* struct list_head * whose members are packets */
	FUNCTION_XDP_FRAME, /* struct xdp_frame * */
	FUNCTION_XDP_BUFF,  /* struct xdp_buff * */
	FUNCTION_PACKETS
};

struct function {
	const char *name;   /* as the kernel has it, with a compiler's suffix */
	const char *module; /* NULL: vmlinux */
	uint64_t address;
	uint8_t argument; /* position of the packet, from 1 */
	uint8_t packet;	  /* enum function_packet */
	bool assumed;	  /* the compiler may have moved the argument */
	bool alone;	  /* no other symbol has its name */
	uint8_t arity;	  /* how many arguments it has */
	uint32_t type;	  /* its id in the BTF of vmlinux or the module */
};

/* Why a function that takes a packet cannot be probed. */
enum function_problem {
	FUNCTION_SHAPES,    /* several of this name, with different arguments */
	FUNCTION_WIDE,	    /* behind an argument of more than one register */
	FUNCTION_OUT,	    /* a packet is stored there later, none is there at entry */
	FUNCTION_INLINED,   /* there is no symbol of this name */
	FUNCTION_REWRITTEN, /* only .isra: it may take the packet itself */
	FUNCTION_NOTRACE,   /* ftrace does not know it */
	FUNCTION_PROBLEMS
};

struct function_missing {
	const char *name;
	const char *module;
	uint8_t problem; /* enum function_problem */
};

/*
 * Find every function with a packet among its arguments in @vmlinux, its BTF,
 * and of the loaded modules that can be probed: is in the kernel's
 * available_filter_functions and has an address in @symbols (each address of
 * a name with several is an entry of its own; since 6.5 the kernel says which
 * of them can be probed). Ordered by address. tracefs is read through a
 * detached mount (fsopen(2)), so that it need not be mounted, and nothing stays.
 *
 * A compiler's copy of a function (NAME.constprop.0, NAME.part.0, NAME.isra.0)
 * counts with the position that NAME has, as .assumed: where arguments before it
 * were dropped, what is there is something else, and no packet. Whoever follows
 * known addresses then sees nothing; whoever reads a packet there must not. A
 * copy with .isra of a function that takes a reference or a list may have got
 * the packet itself in its place, and is left out.
 *
 * 0, or a negative errno: -EPERM when the list of functions that can be probed
 * may not be read (lockdown), -EOPNOTSUPP when the kernel has no such list
 * (CONFIG_DYNAMIC_FTRACE). Nothing is printed.
 */
int functions_load(struct btf *vmlinux, const struct symbols *symbols,
		   struct functions **out);

/*
 * The same from a file like available_filter_functions, or like
 * available_filter_functions_addrs, and from @prototypes.
 */
int functions_read(FILE *file, const struct symbols *symbols,
		   const struct prototypes *prototypes, struct functions **out);
void functions_free(struct functions *functions);

const struct function *functions_all(const struct functions *functions, size_t *count);

/* Those that take a packet but are not among functions_all(), ordered by name. */
const struct function_missing *functions_missing(const struct functions *functions,
						 size_t *count);

/* The length of @name without a compiler's suffix (.isra.0, .constprop.0, ...). */
size_t function_base_length(const char *name);

#endif
