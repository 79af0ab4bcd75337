// SPDX-License-Identifier: GPL-2.0-only
#include "bytecode/value.h"

#include "bytecode/insn.h"

bool value_join(struct value *known, struct value value)
{
	if (known->kind == VALUE_NONE) {
		*known = value;
		return value.kind != VALUE_NONE;
	}
	if (value.kind == VALUE_NONE || known->kind == VALUE_ANY ||
	    (known->kind == value.kind && known->number == value.number))
		return false;
	*known = value_any();
	return true;
}

static struct value value_arithmetic(__u8 op, uint64_t dst, uint64_t src,
				     unsigned int bits)
{
	switch (op) {
	case BPF_ADD:
		return value_number(dst + src);
	case BPF_SUB:
		return value_number(dst - src);
	case BPF_AND:
		return value_number(dst & src);
	case BPF_OR:
		return value_number(dst | src);
	case BPF_XOR:
		return value_number(dst ^ src);
	case BPF_LSH:
		return src < bits ? value_number(dst << src) : value_any();
	case BPF_RSH:
		return src < bits ? value_number(dst >> src) : value_any();
	default:
		return value_any();
	}
}

/* Of 32 bits: the upper half of what is read is nothing, that of the result is 0. */
static struct value value_narrow(struct value value)
{
	if (value.kind == VALUE_NUMBER)
		value.number = (uint32_t)value.number;
	else
		value = value_any();
	return value;
}

struct value value_compute(const struct bpf_insn *insn, struct value dst,
			   struct value src)
{
	const bool narrow = BPF_CLASS(insn->code) == BPF_ALU;
	const __u8 op = BPF_OP(insn->code);

	if (op == BPF_END || op == BPF_NEG || insn->off)
		return value_any();
	if (narrow) {
		dst = value_narrow(dst);
		src = value_narrow(src);
	}
	if (op == BPF_MOV)
		return src;
	if (src.kind != VALUE_NUMBER)
		return value_any();
	if (dst.kind == VALUE_DATA && op == BPF_ADD)
		return (struct value){ VALUE_DATA, dst.number + src.number };
	if (dst.kind != VALUE_NUMBER)
		return value_any();
	dst = value_arithmetic(op, dst.number, src.number, narrow ? 32 : 64);
	return narrow ? value_narrow(dst) : dst;
}

static bool value_holds(__u8 op, uint64_t dst, uint64_t src)
{
	switch (op) {
	case BPF_JEQ:
		return dst == src;
	case BPF_JNE:
		return dst != src;
	case BPF_JGT:
		return dst > src;
	case BPF_JGE:
		return dst >= src;
	case BPF_JLT:
		return dst < src;
	case BPF_JLE:
		return dst <= src;
	case BPF_JSGT:
		return (int64_t)dst > (int64_t)src;
	case BPF_JSGE:
		return (int64_t)dst >= (int64_t)src;
	case BPF_JSLT:
		return (int64_t)dst < (int64_t)src;
	case BPF_JSLE:
		return (int64_t)dst <= (int64_t)src;
	default: /* BPF_JSET */
		return dst & src;
	}
}

enum value_branch value_branch(const struct bpf_insn *insn, struct value dst,
			       struct value src)
{
	if (dst.kind != VALUE_NUMBER || src.kind != VALUE_NUMBER)
		return BRANCH_OPEN;
	if (BPF_CLASS(insn->code) == BPF_JMP32) {
		/* as signed numbers, which compare like unsigned ones where those are */
		dst.number = (uint64_t)(int64_t)(int32_t)dst.number;
		src.number = (uint64_t)(int64_t)(int32_t)src.number;
	}
	return value_holds(BPF_OP(insn->code), dst.number, src.number) ? BRANCH_TAKEN
								       : BRANCH_NOT_TAKEN;
}
