// SPDX-License-Identifier: GPL-2.0-only
/*
 * A slot is made for the longest filter; most are short. The verifier takes the
 * rest out by itself, but only after it has looked at each instruction several
 * times: that is most of the time that loading a gate takes.
 */
#include "filter/shrink.h"

#include <stdbool.h>
#include <linux/bpf.h>

static bool insn_is_nothing(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_JA) && !insn->off;
}

/*
 * How many instructions from @insns on are free: the jump that slot_fill() puts
 * behind "r0 = 0", always taken, and the nothing that it leads over.
 */
static size_t free_run(const struct bpf_insn *insns, size_t left)
{
	const struct bpf_insn *jump = &insns[1];
	size_t run = 1;

	if (left < 2 || insns->code != (BPF_ALU64 | BPF_MOV | BPF_K) ||
	    insns->dst_reg != BPF_REG_0 || insns->imm ||
	    jump->code != (BPF_JMP | BPF_JEQ | BPF_K) || jump->dst_reg != BPF_REG_0 ||
	    jump->imm || jump->off < 0 || (size_t)jump->off > left - 2)
		return 0;
	while (run <= (size_t)jump->off && insn_is_nothing(&jump[run]))
		run++;
	return run > (size_t)jump->off ? run : 0;
}

static size_t places_fill(const struct bpf_insn *insns, size_t count, uint32_t *places)
{
	size_t kept = 0, run = 0;

	for (size_t i = 0; i < count; i++) {
		places[i] = kept;
		if (run) {
			run--;
			continue;
		}
		run = free_run(&insns[i], count - i);
		kept++;
	}
	places[count] = kept;
	return kept;
}

static bool insn_is_jump(const struct bpf_insn *insn)
{
	__u8 class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL &&
	       op != BPF_EXIT;
}

static bool insn_is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL;
}

/* How far from @from it now is to what was @distance behind it. */
static int32_t place_distance(const uint32_t *places, size_t from, int32_t distance)
{
	return places[from + 1 + distance] - places[from] - 1;
}

size_t shrink(struct bpf_insn *insns, size_t count, uint32_t *places)
{
	size_t kept = places_fill(insns, count, places);

	for (size_t i = 0; i < count; i++) {
		struct bpf_insn insn = insns[i];

		if (places[i + 1] == places[i])
			continue;
		if (insn_is_jump(&insn))
			insn.off = place_distance(places, i, insn.off);
		else if (insn_is_call(&insn))
			insn.imm = place_distance(places, i, insn.imm);
		insns[places[i]] = insn;
	}
	return kept;
}
