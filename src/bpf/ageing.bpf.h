/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * ageing.bpf.h - what was not seen for long is forgotten
 *
 * A packet that went out of sight without a word, or waits for ever, would keep its
 * place in the table. The session looks at all of them now and then, and has this
 * program run for each (BPF_PROG_TEST_RUN, for raw tracepoints since 5.10).
 */
#ifndef BPFPATH_AGEING_BPF_H
#define BPFPATH_AGEING_BPF_H

#include "bpf/gate.bpf.h"

/* The arguments are the packet's address, and the time since when it must be seen. */
SEC("bpfpath_raw_tp/ageing")
int packet_age(struct bpf_raw_tracepoint_args *ctx)
{
	struct followed *followed = follow_find(ctx->args[0]);

	if (followed && followed->seen < ctx->args[1])
		gate_reused(followed, ctx->args[0]);
	return 0;
}

#endif
