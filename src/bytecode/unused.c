// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which registers are read later is worked out against the direction of the program,
 * until it does not change; what is read only by something unused is not read.
 */
#include "bytecode/unused.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "bytecode/insn.h"

#define REGISTER(which) ((uint16_t)(1U << (which)))
#define ARGUMENTS	((uint16_t)(0x1f << BPF_REG_1))

/* A call takes what it takes of the arguments, and leaves nothing in them. */
static uint16_t reads_before_call(uint16_t after)
{
	return (after & ~(REGISTER(BPF_REG_0) | ARGUMENTS)) | ARGUMENTS;
}

static bool insn_is_pure(const struct bpf_insn *insn)
{
	return insn_is_alu(insn) || (insn_is_wide(insn) && !insn_is_callback(insn));
}

static uint16_t reads_of_alu(const struct bpf_insn *insn)
{
	const bool ends = BPF_OP(insn->code) == BPF_END || BPF_OP(insn->code) == BPF_NEG;
	uint16_t reads = insn_is_move(insn) ? 0 : REGISTER(insn->dst_reg);

	if (BPF_SRC(insn->code) == BPF_X && !ends)
		reads |= REGISTER(insn->src_reg);
	return reads;
}

static uint16_t reads_of_jump(const struct bpf_insn *insn)
{
	if (!insn_is_branch(insn))
		return insn_is_exit(insn) ? REGISTER(BPF_REG_0) : 0;
	return REGISTER(insn->dst_reg) |
	       (BPF_SRC(insn->code) == BPF_X ? REGISTER(insn->src_reg) : 0);
}

/* The registers that are read from @insn on, if those of @after are read after it. */
static uint16_t reads_before(const struct bpf_insn *insn, uint16_t after)
{
	if (insn_is_pure(insn) && !(after & REGISTER(insn->dst_reg)))
		return after;
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return (after & ~REGISTER(insn->dst_reg)) | reads_of_alu(insn);
	case BPF_LD:
		if (insn_is_wide(insn))
			return after & ~REGISTER(insn->dst_reg);
		return UINT16_MAX;
	case BPF_LDX:
		return (after & ~REGISTER(insn->dst_reg)) | REGISTER(insn->src_reg);
	case BPF_ST:
		return after | REGISTER(insn->dst_reg);
	case BPF_STX:
		return after | REGISTER(insn->dst_reg) | REGISTER(insn->src_reg) |
		       REGISTER(BPF_REG_0);
	default:
		return insn_is_call(insn) ? reads_before_call(after)
					  : after | reads_of_jump(insn);
	}
}

/* The registers that are read after the instruction at @at. */
static uint16_t reads_after(const struct bpf_insn *insns, size_t at,
			    const uint16_t *reads)
{
	const struct bpf_insn *insn = &insns[at];
	uint16_t after = 0;

	if (insn_is_exit(insn))
		return 0;
	if (insn_is_jump(insn))
		after |= reads[at + 1 + insn->off];
	if (!insn_is_goto(insn))
		after |= reads[at + 1 + insn_is_wide(insn)];
	return after;
}

static void reads_solve(const struct bpf_insn *insns, size_t count, const bool *wanted,
			uint16_t *reads)
{
	bool other = true;

	while (other) {
		other = false;
		for (size_t at = count; at-- > 0;) {
			uint16_t now;

			if (!wanted[at])
				continue;
			now = reads_before(&insns[at], reads_after(insns, at, reads));
			other |= now != reads[at];
			reads[at] = now;
		}
	}
}

int unused_find(const struct bpf_insn *insns, size_t count, bool *wanted)
{
	AUTO_FREE uint16_t *reads = calloc(count + 2, sizeof(*reads));

	if (!reads)
		return -ENOMEM;
	reads_solve(insns, count, wanted, reads);
	for (size_t at = 0; at < count; at++) {
		if (wanted[at] && insn_is_pure(&insns[at]) &&
		    !(reads_after(insns, at, reads) & REGISTER(insns[at].dst_reg)))
			wanted[at] = false;
	}
	return 0;
}
