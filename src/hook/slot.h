/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slot.h - the filter, and what is constant, goes into the programs as they are loaded
 */
#ifndef BPFPATH_HOOK_SLOT_H
#define BPFPATH_HOOK_SLOT_H

struct bpf_map;
struct bpf_prog_load_opts;
struct bpf_program;
struct filter;

/* Is told of a program that is about to be loaded, its filter in place. 0, or -errno. */
typedef int slot_loading(void *context, struct bpf_program *program,
			 struct bpf_prog_load_opts *options);

/* Make the sections of our programs known to libbpf. 0 or a negative errno. */
int slot_register(void);

/*
 * What is loaded from now on has @filter in its slots, which must outlive the loading,
 * and knows what is in @data, the read-only data of its object; and @loading is told of
 * it, with @context. NULL: nobody is.
 */
void slot_set(const struct filter *filter, const struct bpf_map *data,
	      slot_loading *loading, void *context);

#endif
