// SPDX-License-Identifier: GPL-2.0-only
#include "bytecode/constants.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "bytecode/insn.h"
#include "bytecode/registers.h"

/* Where jumps, calls and addresses of functions lead: what is known there is kept. */
struct constants {
	const struct bpf_insn *insns;
	size_t count;
	const struct fold_data *data;
	uint32_t *label;	  /* of each instruction, from 1; 0: none */
	struct registers *before; /* by label */
	bool *reached, *waits;	  /* likewise */
	uint32_t *work; /* labelled ones that are to be looked at (again), each once */
	size_t pending;
};

/* The instruction at @at, which has a label, may be reached with @registers. */
static void constants_reach(struct constants *constants, size_t at,
			    const struct registers *registers)
{
	const uint32_t label = constants->label[at];
	bool other = !constants->reached[label];

	constants->reached[label] = true;
	for (size_t i = 0; i < REGISTERS; i++)
		other |= value_join(&constants->before[label].of[i], registers->of[i]);
	if (!other || constants->waits[label])
		return;
	constants->waits[label] = true;
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

static enum value_branch branch_of(const struct bpf_insn *insn,
				   const struct registers *registers)
{
	if (insn_is_goto(insn))
		return BRANCH_TAKEN;
	if (!insn_is_branch(insn))
		return BRANCH_NOT_TAKEN;
	return value_branch(insn, register_value(registers, insn->dst_reg),
			    operand_value(insn, registers));
}

/* Where does the way that comes to @at go on, if not elsewhere? @count: nowhere. */
static size_t insn_next(const struct constants *constants, size_t at,
			const struct registers *registers)
{
	const struct bpf_insn *insn = &constants->insns[at];

	if (insn_is_exit(insn))
		return constants->count;
	if (insn->off && branch_of(insn, registers) == BRANCH_TAKEN)
		return constants->count;
	return at + 1 + insn_is_wide(insn);
}

/* Where else the instruction at @at leads, reached with @registers. */
static void constants_lead(struct constants *constants, size_t at,
			   const struct registers *registers)
{
	const struct bpf_insn *insn = &constants->insns[at];

	if (insn_is_local_call(insn))
		constants_call(constants, at + 1 + insn->imm, registers);
	else if (insn_is_callback(insn))
		constants_callback(constants, at + 1 + insn->imm);
	else if (insn_is_jump(insn) && insn->off &&
		 branch_of(insn, registers) != BRANCH_NOT_TAKEN)
		constants_reach(constants, at + 1 + insn->off, registers);
}

/* From a label to the next one, or to where it goes on elsewhere. */
static void constants_walk(struct constants *constants, size_t at)
{
	struct registers registers = constants->before[constants->label[at]];

	do {
		const size_t next = insn_next(constants, at, &registers);

		constants_lead(constants, at, &registers);
		registers_pass(&registers, &constants->insns[at], constants->data);
		at = next;
	} while (at < constants->count && !constants->label[at]);
	if (at < constants->count)
		constants_reach(constants, at, &registers);
}

static void constants_solve(struct constants *constants)
{
	constants_callback(constants, 0);
	while (constants->pending) {
		const size_t at = constants->work[--constants->pending];

		constants->waits[constants->label[at]] = false;
		constants_walk(constants, at);
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

/* Write what is known before @insn into it. */
static void insn_fold(struct bpf_insn *insn, const struct registers *before,
		      const struct fold_data *data)
{
	struct registers after = *before;
	struct value value;

	registers_pass(&after, insn, data);
	value = register_value(&after, insn->dst_reg);
	if (insn_is_branch(insn)) {
		const enum value_branch branch = branch_of(insn, before);

		if (branch != BRANCH_OPEN)
			branch_fold(insn, branch);
		else
			operand_fold(insn, before);
	} else if (insn_is_alu(insn) || BPF_CLASS(insn->code) == BPF_LDX) {
		if (value.kind == VALUE_NUMBER && move_number(insn, value.number))
			return;
		if (insn_is_alu(insn))
			operand_fold(insn, before);
	}
}

/* The same way as constants_walk(), writing what is known there. */
static void constants_write(const struct constants *constants, struct bpf_insn *insns,
			    size_t at, bool *reached)
{
	struct registers registers = constants->before[constants->label[at]];

	do {
		const size_t next = insn_next(constants, at, &registers);
		struct registers before = registers;

		reached[at] = true;
		registers_pass(&registers, &insns[at], constants->data);
		insn_fold(&insns[at], &before, constants->data);
		at = next;
	} while (at < constants->count && !constants->label[at]);
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

/* A jump to what follows needs none. Returns one more than there are. */
static uint32_t labels_mark(const struct bpf_insn *insns, size_t count, uint32_t *label)
{
	uint32_t labels = 1;

	label[0] = 1;
	for (size_t at = 0; at < count; at++) {
		const struct bpf_insn *insn = &insns[at];

		if (insn_is_jump(insn) && insn->off)
			label[at + 1 + insn->off] = 1;
		else if (insn_is_local_call(insn) || insn_is_callback(insn))
			label[at + 1 + insn->imm] = 1;
	}
	for (size_t at = 0; at < count; at++) {
		if (label[at])
			label[at] = labels++;
	}
	return labels;
}

int constants_fold(struct bpf_insn *insns, size_t count, const struct fold_data *data,
		   bool *reached)
{
	AUTO_FREE uint32_t *label = calloc(count ?: 1, sizeof(*label));
	AUTO_FREE struct registers *before = NULL;
	AUTO_FREE bool *marks = NULL;
	AUTO_FREE uint32_t *work = NULL;
	struct constants constants;
	size_t labels;

	if (!label)
		return -ENOMEM;
	if (!insns_are_sound(insns, count))
		return -EINVAL;
	labels = labels_mark(insns, count, label);
	before = calloc(labels, sizeof(*before));
	marks = calloc(labels, 2 * sizeof(*marks));
	work = calloc(labels, sizeof(*work));
	if (!before || !marks || !work)
		return -ENOMEM;
	constants = (struct constants){
		.insns = insns,
		.count = count,
		.data = data,
		.label = label,
		.before = before,
		.reached = marks,
		.waits = marks + labels,
		.work = work,
	};
	constants_solve(&constants);
	for (size_t at = 0; at < count; at++) {
		if (label[at] && constants.reached[label[at]])
			constants_write(&constants, insns, at, reached);
	}
	return 0;
}
