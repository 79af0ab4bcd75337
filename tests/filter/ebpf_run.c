// SPDX-License-Identifier: GPL-2.0-only
#include <endian.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "ebpf_run.h"

#define STACK_SIZE 64

struct machine {
	uint64_t regs[MAX_BPF_REG];
	bool written[MAX_BPF_REG];
	uint8_t stack[STACK_SIZE];
	bool stack_written[STACK_SIZE];
	const uint8_t *data;
	uint64_t captured;
	size_t pc;
	const struct bpf_insn *insns;
};

static void fail(const struct machine *m, const char *why)
{
	fprintf(stderr, "ebpf_run: %s: insn %zu, code 0x%02x\n", why, m->pc,
		m->insns[m->pc].code);
	abort();
}

static uint64_t reg_read(const struct machine *m, uint8_t reg)
{
	if (reg >= MAX_BPF_REG || !m->written[reg])
		fail(m, "register was never written");
	return m->regs[reg];
}

static void reg_write(struct machine *m, uint8_t reg, uint64_t value)
{
	if (reg >= BPF_REG_10)
		fail(m, "register cannot be written");
	m->regs[reg] = value;
	m->written[reg] = true;
}

static unsigned int size_of(uint8_t code)
{
	switch (BPF_SIZE(code)) {
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

/* Offset of an access in the stack; -1 when it is none of the stack's. */
static long stack_offset(const struct machine *m, uint64_t address, unsigned int size)
{
	uint64_t offset = address - (uintptr_t)m->stack;

	return offset <= STACK_SIZE - size ? (long)offset : -1;
}

static void load(struct machine *m, const struct bpf_insn *insn)
{
	uint64_t address = reg_read(m, insn->src_reg) + insn->off;
	unsigned int size = size_of(insn->code);
	uint64_t offset = address - (uintptr_t)m->data;
	long stack = stack_offset(m, address, size);
	uint64_t value = 0;

	if (stack >= 0) {
		for (unsigned int i = 0; i < size; i++) {
			if (!m->stack_written[stack + i])
				fail(m, "stack was never written");
		}
		memcpy(&value, m->stack + stack, size);
	} else {
		if (offset > m->captured || size > m->captured - offset)
			fail(m, "load outside of the packet");
		memcpy(&value, m->data + offset, size);
	}
	reg_write(m, insn->dst_reg, value);
}

static void store(struct machine *m, const struct bpf_insn *insn)
{
	unsigned int size = size_of(insn->code);
	uint64_t value = reg_read(m, insn->src_reg);
	long stack = stack_offset(m, reg_read(m, insn->dst_reg) + insn->off, size);

	if (stack < 0)
		fail(m, "store outside of the stack");
	memcpy(m->stack + stack, &value, size);
	memset(m->stack_written + stack, true, size);
}

static uint32_t alu32(const struct machine *m, uint8_t op, uint32_t a, uint32_t b)
{
	switch (op) {
	case BPF_ADD:
		return a + b;
	case BPF_SUB:
		return a - b;
	case BPF_MUL:
		return a * b;
	case BPF_DIV:
		return b ? a / b : 0;
	case BPF_MOD:
		return b ? a % b : a;
	case BPF_OR:
		return a | b;
	case BPF_AND:
		return a & b;
	case BPF_XOR:
		return a ^ b;
	case BPF_LSH:
		return a << (b & 31);
	case BPF_RSH:
		return a >> (b & 31);
	case BPF_NEG:
		return -a;
	case BPF_MOV:
		return b;
	default:
		fail(m, "arithmetic is not known");
		return 0;
	}
}

static uint64_t swap(const struct machine *m, const struct bpf_insn *insn)
{
	uint64_t value = reg_read(m, insn->dst_reg);

	if (BPF_SRC(insn->code) != BPF_TO_BE)
		fail(m, "byte swap is not known");
	return insn->imm == 16 ? htobe16(value) : htobe32(value);
}

static uint64_t source(const struct machine *m, const struct bpf_insn *insn)
{
	if (BPF_SRC(insn->code) == BPF_X)
		return reg_read(m, insn->src_reg);
	return (int64_t)insn->imm;
}

static void alu(struct machine *m, const struct bpf_insn *insn)
{
	uint8_t op = BPF_OP(insn->code);
	uint64_t a = 0;

	if (op == BPF_END) {
		reg_write(m, insn->dst_reg, swap(m, insn));
		return;
	}
	if (op != BPF_MOV)
		a = reg_read(m, insn->dst_reg);
	if (BPF_CLASS(insn->code) == BPF_ALU) {
		reg_write(m, insn->dst_reg, alu32(m, op, a, source(m, insn)));
		return;
	}
	if (op == BPF_ADD)
		reg_write(m, insn->dst_reg, a + source(m, insn));
	else if (op == BPF_MOV)
		reg_write(m, insn->dst_reg, source(m, insn));
	else
		fail(m, "64-bit arithmetic is not known");
}

static bool holds(const struct machine *m, const struct bpf_insn *insn)
{
	uint64_t a, b;

	if (BPF_OP(insn->code) == BPF_JA)
		return true;

	a = reg_read(m, insn->dst_reg);
	b = source(m, insn);
	if (BPF_CLASS(insn->code) == BPF_JMP32) {
		a = (uint32_t)a;
		b = (uint32_t)b;
	}
	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JGT:
		return a > b;
	case BPF_JGE:
		return a >= b;
	case BPF_JLT:
		return a < b;
	case BPF_JLE:
		return a <= b;
	case BPF_JSET:
		return a & b;
	default:
		fail(m, "jump is not known");
		return false;
	}
}

static void step(struct machine *m)
{
	const struct bpf_insn *insn = &m->insns[m->pc];

	switch (BPF_CLASS(insn->code)) {
	case BPF_LDX:
		load(m, insn);
		break;
	case BPF_STX:
		store(m, insn);
		break;
	case BPF_ALU:
	case BPF_ALU64:
		alu(m, insn);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		if (insn->off < 0)
			fail(m, "jump goes backward");
		if (holds(m, insn))
			m->pc += insn->off;
		break;
	default:
		fail(m, "instruction is not known");
	}
	m->pc++;
}

uint32_t ebpf_run(const struct bpf_insn *insns, size_t count, const uint8_t *data,
		  uint64_t captured, uint64_t len)
{
	struct machine m = { .data = data, .captured = captured, .insns = insns };

	reg_write(&m, BPF_REG_1, (uintptr_t)data);
	reg_write(&m, BPF_REG_2, captured);
	reg_write(&m, BPF_REG_3, len);
	m.regs[BPF_REG_10] = (uintptr_t)(m.stack + STACK_SIZE);
	m.written[BPF_REG_10] = true;

	while (m.pc < count) {
		if (insns[m.pc].code == (BPF_JMP | BPF_EXIT))
			return reg_read(&m, BPF_REG_0);
		step(&m);
	}
	fprintf(stderr, "ebpf_run: code has no end\n");
	abort();
}
