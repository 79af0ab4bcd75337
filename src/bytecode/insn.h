/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * insn.h - what an instruction of eBPF is (linux/bpf.h, RFC 9669)
 */
#ifndef BPFPATH_INSN_H
#define BPFPATH_INSN_H

#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>

static inline bool insn_is_alu(const struct bpf_insn *insn)
{
	return BPF_CLASS(insn->code) == BPF_ALU || BPF_CLASS(insn->code) == BPF_ALU64;
}

static inline bool insn_is_move(const struct bpf_insn *insn)
{
	return insn_is_alu(insn) && BPF_OP(insn->code) == BPF_MOV;
}

/* Of two slots: a constant of 64 bits, or the address of something of the object's. */
static inline bool insn_is_wide(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

/* With the distance to where it leads in @off, counted from the next instruction. */
static inline bool insn_is_jump(const struct bpf_insn *insn)
{
	__u8 class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);

	return (class == BPF_JMP || class == BPF_JMP32) && op != BPF_CALL &&
	       op != BPF_EXIT;
}

static inline bool insn_is_goto(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_JA);
}

/* A jump that is taken or not. */
static inline bool insn_is_branch(const struct bpf_insn *insn)
{
	return insn_is_jump(insn) && BPF_OP(insn->code) != BPF_JA;
}

static inline bool insn_is_exit(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_EXIT);
}

/* Of a helper, of a function of the kernel's, or of one of the program's own. */
static inline bool insn_is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL);
}

/* ... of the program's own, with the distance to it in @imm. */
static inline bool insn_is_local_call(const struct bpf_insn *insn)
{
	return insn_is_call(insn) && insn->src_reg == BPF_PSEUDO_CALL;
}

/* The address of a function of the program's own: the distance to it in @imm. */
static inline bool insn_is_callback(const struct bpf_insn *insn)
{
	return insn_is_wide(insn) && insn->src_reg == BPF_PSEUDO_FUNC;
}

#endif
