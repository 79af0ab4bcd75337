/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * functions.h - which functions of the running kernel take a packet
 */
#ifndef BPFPATH_FUNCTIONS_H
#define BPFPATH_FUNCTIONS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct symbols;
struct prototypes;
struct functions;

enum function_packet {
	FUNCTION_SKB,	  /* struct sk_buff *, const or not */
	FUNCTION_SKB_REF, /* struct sk_buff ** */
};

struct function {
	const char *name;
	const char *module; /* NULL: vmlinux */
	uint64_t address;
	uint8_t argument; /* position of the packet, from 1 */
	uint8_t packet;	  /* enum function_packet */
};

/*
 * Find every function with a packet among its arguments in the BTF of vmlinux
 * and of the loaded modules that can be probed: is in the kernel's
 * available_filter_functions and has an address in @symbols (each address of
 * a name with several is an entry of its own; since 6.5 the kernel says which
 * of them can be probed). Ordered by address. tracefs is read through a
 * detached mount (fsopen(2)), so that it need not be mounted, and nothing stays.
 *
 * Left out: what only exists as NAME.isra.0, .constprop.0 or .part.0, because
 * the prototype in BTF need not be that of the code.
 *
 * 0, or a negative errno: -ENOENT without BTF, -EPERM when the list of
 * functions that can be probed may not be read (lockdown), -EOPNOTSUPP when
 * the kernel has no such list (CONFIG_DYNAMIC_FTRACE). Nothing is printed.
 */
int functions_load(const struct symbols *symbols, struct functions **out);

/*
 * The same from a file like available_filter_functions, or like
 * available_filter_functions_addrs, and from @prototypes.
 */
int functions_read(FILE *file, const struct symbols *symbols,
		   const struct prototypes *prototypes, struct functions **out);
void functions_free(struct functions *functions);

const struct function *functions_all(const struct functions *functions, size_t *count);

#endif
