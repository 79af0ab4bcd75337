// SPDX-License-Identifier: GPL-2.0-only
#include <linux/bpf.h>

#include "filter/dump.h"
#include "filter/extended.h"

/* Indexed by BPF_OP() >> 4. */
static const char *const dump_alu_signs[16] = {
	[BPF_ADD >> 4] = "+=",	[BPF_SUB >> 4] = "-=",	[BPF_MUL >> 4] = "*=",
	[BPF_DIV >> 4] = "/=",	[BPF_OR >> 4] = "|=",	[BPF_AND >> 4] = "&=",
	[BPF_LSH >> 4] = "<<=", [BPF_RSH >> 4] = ">>=", [BPF_MOD >> 4] = "%=",
	[BPF_XOR >> 4] = "^=",	[BPF_MOV >> 4] = "=",
};

static const char *const dump_jump_signs[16] = {
	[BPF_JEQ >> 4] = "==", [BPF_JNE >> 4] = "!=", [BPF_JGT >> 4] = ">",
	[BPF_JGE >> 4] = ">=", [BPF_JLT >> 4] = "<",  [BPF_JLE >> 4] = "<=",
	[BPF_JSET >> 4] = "&",
};

static int dump_size_bits(__u8 code)
{
	switch (BPF_SIZE(code)) {
	case BPF_B:
		return 8;
	case BPF_H:
		return 16;
	default:
		return 32;
	}
}

static void dump_source(const struct bpf_insn *insn, char width, char *text, size_t size)
{
	if (BPF_SRC(insn->code) == BPF_X)
		snprintf(text, size, "%c%d", width, insn->src_reg);
	else
		snprintf(text, size, "0x%x", insn->imm);
}

static void dump_alu(const struct bpf_insn *insn, char *text, size_t size)
{
	char width = BPF_CLASS(insn->code) == BPF_ALU64 ? 'r' : 'w';
	const char *sign = dump_alu_signs[BPF_OP(insn->code) >> 4];
	char source[16];

	dump_source(insn, width, source, sizeof(source));
	if (BPF_OP(insn->code) == BPF_END)
		snprintf(text, size, "r%d = be%d r%d", insn->dst_reg, insn->imm,
			 insn->dst_reg);
	else if (BPF_OP(insn->code) == BPF_NEG)
		snprintf(text, size, "%c%d = -%c%d", width, insn->dst_reg, width,
			 insn->dst_reg);
	else
		snprintf(text, size, "%c%d %s %s", width, insn->dst_reg,
			 sign ? sign : "?=", source);
}

static void dump_jump(const struct bpf_insn *insn, char *text, size_t size)
{
	char width = BPF_CLASS(insn->code) == BPF_JMP ? 'r' : 'w';
	const char *sign = dump_jump_signs[BPF_OP(insn->code) >> 4];
	char source[16];

	dump_source(insn, width, source, sizeof(source));
	if (BPF_OP(insn->code) == BPF_EXIT)
		snprintf(text, size, "exit");
	else if (BPF_OP(insn->code) == BPF_JA)
		snprintf(text, size, "goto %+d", insn->off);
	else
		snprintf(text, size, "if %c%d %s %s goto %+d", width, insn->dst_reg,
			 sign ? sign : "?", source, insn->off);
}

static void dump_memory(const struct bpf_insn *insn, char *text, size_t size)
{
	int bits = dump_size_bits(insn->code);

	if (BPF_CLASS(insn->code) == BPF_STX)
		snprintf(text, size, "*(u%d *)(r%d %+d) = r%d", bits, insn->dst_reg,
			 insn->off, insn->src_reg);
	else
		snprintf(text, size, "r%d = *(u%d *)(r%d %+d)", insn->dst_reg, bits,
			 insn->src_reg, insn->off);
}

void dump_insn(const struct bpf_insn *insn, char *text, size_t size)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		dump_alu(insn, text, size);
		break;
	case BPF_JMP:
	case BPF_JMP32:
		dump_jump(insn, text, size);
		break;
	case BPF_LDX:
	case BPF_STX:
		dump_memory(insn, text, size);
		break;
	default:
		snprintf(text, size, "0x%02x", insn->code);
	}
}

void dump_extended(const struct extended *code, FILE *out)
{
	char text[64];

	for (unsigned int i = 0; i < code->count; i++) {
		dump_insn(&code->insns[i], text, sizeof(text));
		fprintf(out, "%4u: %s\n", i, text);
	}
}
