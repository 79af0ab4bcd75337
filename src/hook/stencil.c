// SPDX-License-Identifier: GPL-2.0-only
#include "hook/stencil.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <bpf/libbpf.h>

static void *stencil_copy(const void *from, size_t size)
{
	void *copy = malloc(size ?: 1);

	return copy ? memcpy(copy, from, size) : NULL;
}

int stencil_keep(struct stencil *stencil, const struct bpf_program *program,
		 const struct bpf_prog_load_opts *options)
{
	struct stencil kept = {
		.count = bpf_program__insn_cnt(program),
		.function_count = options->func_info_cnt,
		.btf = (int)options->prog_btf_fd,
		.attach = options->expected_attach_type,
	};

	kept.insns = stencil_copy(bpf_program__insns(program),
				  kept.count * sizeof(*kept.insns));
	kept.functions = stencil_copy(options->func_info,
				      kept.function_count * sizeof(*kept.functions));
	if (!kept.insns || !kept.functions) {
		stencil_clear(&kept);
		return -ENOMEM;
	}
	*stencil = kept;
	return 0;
}

void stencil_clear(struct stencil *stencil)
{
	free(stencil->insns);
	free(stencil->functions);
	*stencil = (struct stencil){ 0 };
}

int stencil_load(const struct stencil *stencil, uint32_t function)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = stencil->attach,
		    .attach_btf_id = function, .prog_btf_fd = (uint32_t)stencil->btf,
		    .func_info = stencil->functions,
		    .func_info_cnt = stencil->function_count,
		    .func_info_rec_size = sizeof(*stencil->functions));

	return bpf_prog_load(BPF_PROG_TYPE_TRACING, "bpfpath_fentry", "Dual BSD/GPL",
			     stencil->insns, stencil->count, &options);
}
