// SPDX-License-Identifier: GPL-2.0-only
#include "bytecode/registers.h"

#include <string.h>

#include "bytecode/fold.h"
#include "bytecode/insn.h"

struct value register_value(const struct registers *registers, __u8 which)
{
	return which < REGISTERS ? registers->of[which] : value_any();
}

static void register_set(struct registers *registers, __u8 which, struct value value)
{
	if (which < REGISTERS)
		registers->of[which] = value;
}

void registers_forget(struct registers *registers, __u8 first, __u8 last)
{
	for (__u8 which = first; which <= last; which++)
		registers->of[which] = value_any();
}

struct value operand_value(const struct bpf_insn *insn, const struct registers *registers)
{
	if (BPF_SRC(insn->code) == BPF_X)
		return register_value(registers, insn->src_reg);
	return value_number((uint64_t)(int64_t)insn->imm);
}

static struct value wide_value(const struct bpf_insn *insn, const struct fold_data *data)
{
	if (!insn->src_reg) {
		const uint64_t number = (uint32_t)insn[0].imm | (uint64_t)insn[1].imm
									<< 32;

		return data && data->open == number ? value_any() : value_number(number);
	}
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

void registers_pass(struct registers *registers, const struct bpf_insn *insn,
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
