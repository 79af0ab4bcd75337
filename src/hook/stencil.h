/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stencil.h - a program of which a copy is loaded for each function
 */
#ifndef BPFPATH_STENCIL_H
#define BPFPATH_STENCIL_H

#include <stddef.h>
#include <stdint.h>
#include <bpf/bpf.h>

struct bpf_program;

/* What a program is loaded from. */
struct stencil {
	struct bpf_insn *insns;
	size_t count;
	struct bpf_func_info *functions; /* with it, global functions are global */
	uint32_t function_count;
	int btf;
	enum bpf_attach_type attach;
};

/*
 * Keep what libbpf is about to load @program from, with @options: for a
 * prog_prepare_load_fn. 0 or -ENOMEM.
 */
int stencil_keep(struct stencil *stencil, const struct bpf_program *program,
		 const struct bpf_prog_load_opts *options);
void stencil_clear(struct stencil *stencil);

/* Load a copy for the function with this id in the BTF of vmlinux: a file, or -errno. */
int stencil_load(const struct stencil *stencil, uint32_t function);

#endif
