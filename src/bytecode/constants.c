// SPDX-License-Identifier: GPL-2.0-only
#include "bytecode/constants.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "bytecode/fold.h"
#include "bytecode/insn.h"
#include "bytecode/value.h"

#define REGISTERS 10 /* the frame pointer is no number */

struct registers {
	struct value of[REGISTERS];
};

struct constants {
	const struct bpf_insn *insns;
	size_t count;
	const struct fold_data *data;
	struct registers *before; /* what is known before each instruction */
	bool *reached;
	bool *waits;
	uint32_t *work; /* what waits to be looked at (again), each of them once */
	size_t pending;
};

static struct value register_value(const struct registers *registers, __u8 which)
{
	return which < REGISTERS ? registers->of[which] : value_any();
}

static void register_set(struct registers *registers, __u8 which, struct value value)
{
	if (which < REGISTERS)
		registers->of[which] = value;
}

static void registers_forget(struct registers *registers, __u8 first, __u8 last)
{
	for (__u8 which = first; which <= last; which++)
		registers->of[which] = value_any();
}

/* What @insn of arithmetic, or a branch, reads beside its destination. */
static struct value operand_value(const struct bpf_insn *insn,
				  const struct registers *registers)
{
	if (BPF_SRC(insn->code) == BPF_X)
		return register_value(registers, insn->src_reg);
	return value_number((uint64_t)(int64_t)insn->imm);
}

static struct value wide_value(const struct bpf_insn *insn, const struct fold_data *data)
{
	if (!insn->src_reg)
		return value_number((uint32_t)insn[0].imm | (uint64_t)insn[1].imm << 32);
	if (insn->src_reg == BPF_PSEUDO_MAP_VALUE && data && insn->imm == data->fd)
		return (struct value){ VALUE_DATA, (uint32_t)insn[1].imm };
	return value_any();
}

static size_t load_size(const struct bpf_insn *insn)
{
	switch (BPF_SIZE(insn->code)) {
	case BPF_B:
		return 1;
	case BPF_H:
		return 2;
	case BPF_W:
		return 4;
	default:
		return 8;
	}
}

static uint64_t number_at(const uint8_t *bytes, size_t size)
{
	uint64_t number = 0;

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	memcpy(&number, bytes, size);
#else
	memcpy((uint8_t *)&number + sizeof(number) - size, bytes, size);
#endif
	return number;
}

static struct value load_value(const struct bpf_insn *insn, struct value address,
			       const struct fold_data *data)
{
	const uint64_t offset = address.number + (uint64_t)(int64_t)insn->off;
	const size_t size = load_size(insn);

	if (BPF_MODE(insn->code) != BPF_MEM || address.kind != VALUE_DATA ||
	    offset > data->size || data->size - offset < size)
		return value_any();
	return value_number(number_at((const uint8_t *)data->bytes + offset, size));
}

/* An operation that brings back what was there before writes to a register. */
static void store_pass(const struct bpf_insn *insn, struct registers *registers)
{
	if (BPF_MODE(insn->code) != BPF_ATOMIC)
		return;
	register_set(registers, BPF_REG_0, value_any());
	register_set(registers, insn->src_reg, value_any());
}

/* What is known after @insn. */
static void registers_pass(struct registers *registers, const struct bpf_insn *insn,
			   const struct fold_data *data)
{
	const struct value dst = register_value(registers, insn->dst_reg);

	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		register_set(registers, insn->dst_reg,
			     value_compute(insn, dst, operand_value(insn, registers)));
		break;
	case BPF_LD:
		if (insn_is_wide(insn))
			register_set(registers, insn->dst_reg, wide_value(insn, data));
		else /* from a packet, for old filters */
			registers_forget(registers, BPF_REG_0, BPF_REG_5);
		break;
	case BPF_LDX:
		register_set(registers, insn->dst_reg,
			     load_value(insn, register_value(registers, insn->src_reg),
					data));
		break;
	case BPF_STX:
		store_pass(insn, registers);
		break;
	default:
		if (insn_is_call(insn))
			registers_forget(registers, BPF_REG_0, BPF_REG_5);
	}
}

/* The instruction at @at may be reached with @registers. */
static void constants_reach(struct constants *constants, size_t at,
			    const struct registers *registers)
{
	bool other = !constants->reached[at];

	constants->reached[at] = true;
	for (size_t i = 0; i < REGISTERS; i++)
		other |= value_join(&constants->before[at].of[i], registers->of[i]);
	if (!other || constants->waits[at])
		return;
	constants->waits[at] = true;
	constants->work[constants->pending++] = (uint32_t)at;
}

/* A function gets its arguments, and nothing else. */
static void constants_call(struct constants *constants, size_t at,
			   const struct registers *registers)
{
	struct registers entered = *registers;

	entered.of[BPF_REG_0] = value_any();
	registers_forget(&entered, BPF_REG_6, BPF_REG_9);
	constants_reach(constants, at, &entered);
}

static void constants_callback(struct constants *constants, size_t at)
{
	struct registers entered;

	registers_forget(&entered, BPF_REG_0, BPF_REG_9);
	constants_reach(constants, at, &entered);
}

static enum value_branch branch_at(const struct constants *constants, size_t at)
{
	const struct bpf_insn *insn = &constants->insns[at];
	const struct registers *registers = &constants->before[at];

	return value_branch(insn, register_value(registers, insn->dst_reg),
			    operand_value(insn, registers));
}

/* Where it goes on after the instruction at @at. */
static void constants_lead(struct constants *constants, size_t at,
			   const struct registers *registers)
{
	const struct bpf_insn *insn = &constants->insns[at];
	enum value_branch branch = BRANCH_NOT_TAKEN;

	if (insn_is_exit(insn))
		return;
	if (insn_is_goto(insn))
		branch = BRANCH_TAKEN;
	else if (insn_is_branch(insn))
		branch = branch_at(constants, at);
	if (insn_is_local_call(insn))
		constants_call(constants, at + 1 + insn->imm, &constants->before[at]);
	if (insn_is_callback(insn))
		constants_callback(constants, at + 1 + insn->imm);
	if (branch != BRANCH_NOT_TAKEN)
		constants_reach(constants, at + 1 + insn->off, registers);
	if (branch != BRANCH_TAKEN)
		constants_reach(constants, at + 1 + insn_is_wide(insn), registers);
}

static void constants_solve(struct constants *constants)
{
	struct registers registers;

	constants_callback(constants, 0);
	while (constants->pending) {
		size_t at = constants->work[--constants->pending];

		constants->waits[at] = false;
		registers = constants->before[at];
		registers_pass(&registers, &constants->insns[at], constants->data);
		constants_lead(constants, at, &registers);
	}
}

/* As a number of 32 bits, with its sign or without; false: it takes more. */
static bool move_number(struct bpf_insn *insn, uint64_t number)
{
	const bool narrow = number <= UINT32_MAX;

	if (!narrow && number != (uint64_t)(int64_t)(int32_t)number)
		return false;
	*insn = (struct bpf_insn){
		.code = (narrow ? BPF_ALU : BPF_ALU64) | BPF_MOV | BPF_K,
		.dst_reg = insn->dst_reg,
		.imm = (int32_t)number,
	};
	return true;
}

/* May the second operand of @insn be a number instead? What divides may not be 0. */
static bool operand_may_be(const struct bpf_insn *insn, uint64_t number)
{
	const __u8 class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);
	const bool narrow = class == BPF_ALU || class == BPF_JMP32;

	if (BPF_SRC(insn->code) != BPF_X)
		return false;
	if (insn_is_alu(insn) &&
	    (op == BPF_DIV || op == BPF_MOD || op == BPF_END || insn->off))
		return false;
	if (insn_is_alu(insn) && (op == BPF_LSH || op == BPF_RSH || op == BPF_ARSH))
		return number < (narrow ? 32 : 64);
	return narrow || number == (uint64_t)(int64_t)(int32_t)number;
}

static void operand_fold(struct bpf_insn *insn, const struct registers *before)
{
	const struct value value = register_value(before, insn->src_reg);

	if (value.kind != VALUE_NUMBER || !operand_may_be(insn, value.number))
		return;
	insn->code = (insn->code & ~BPF_X) | BPF_K;
	insn->src_reg = 0;
	insn->imm = (int32_t)value.number;
}

static void branch_fold(struct bpf_insn *insn, enum value_branch branch)
{
	*insn = (struct bpf_insn){
		.code = BPF_JMP | BPF_JA,
		.off = branch == BRANCH_TAKEN ? insn->off : 0,
	};
}

/* Write what is known into the instruction at @at, which is reached. */
static void constants_write(const struct constants *constants, struct bpf_insn *insns,
			    size_t at)
{
	struct registers after = constants->before[at];
	struct bpf_insn *insn = &insns[at];
	struct value value;

	registers_pass(&after, insn, constants->data);
	value = register_value(&after, insn->dst_reg);
	if (insn_is_branch(insn)) {
		enum value_branch branch = branch_at(constants, at);

		if (branch != BRANCH_OPEN)
			branch_fold(insn, branch);
		else
			operand_fold(insn, &constants->before[at]);
	} else if (insn_is_alu(insn) || BPF_CLASS(insn->code) == BPF_LDX) {
		if (value.kind == VALUE_NUMBER && move_number(insn, value.number))
			return;
		if (insn_is_alu(insn))
			operand_fold(insn, &constants->before[at]);
	}
}

/* Code that is known, with jumps that lead somewhere. */
static bool insn_is_sound(const struct bpf_insn *insns, size_t at, size_t count)
{
	const struct bpf_insn *insn = &insns[at];
	const size_t next = at + 1 + insn_is_wide(insn);
	int64_t to = (int64_t)at;

	if (insn_is_jump(insn)) {
		if (BPF_OP(insn->code) > BPF_JSLE ||
		    (!insn_is_branch(insn) && !insn_is_goto(insn)))
			return false;
		to += 1 + insn->off;
	} else if (insn_is_local_call(insn) || insn_is_callback(insn)) {
		to += 1 + insn->imm;
	}
	return to >= 0 && to < (int64_t)count &&
	       (next < count || insn_is_exit(insn) || insn_is_goto(insn));
}

static bool insns_are_sound(const struct bpf_insn *insns, size_t count)
{
	for (size_t at = 0; at < count; at += 1 + insn_is_wide(&insns[at])) {
		if (!insn_is_sound(insns, at, count))
			return false;
	}
	return count > 0;
}

int constants_fold(struct bpf_insn *insns, size_t count, const struct fold_data *data,
		   bool *reached)
{
	AUTO_FREE struct registers *before = calloc(count ?: 1, sizeof(*before));
	AUTO_FREE uint32_t *work = calloc(count ?: 1, sizeof(*work));
	AUTO_FREE bool *waits = calloc(count ?: 1, sizeof(*waits));
	struct constants constants = {
		.insns = insns,
		.count = count,
		.data = data,
		.before = before,
		.reached = reached,
		.waits = waits,
		.work = work,
	};

	if (!before || !work || !waits)
		return -ENOMEM;
	if (!insns_are_sound(insns, count))
		return -EINVAL;
	constants_solve(&constants);
	for (size_t at = 0; at < count; at++) {
		if (reached[at])
			constants_write(&constants, insns, at);
	}
	return 0;
}
