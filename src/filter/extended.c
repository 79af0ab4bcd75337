// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pass over the classic program writes the code, with jumps that still
 * name the classic instruction they go to; a second one fills in distances.
 *
 * The accumulator and the index register are 32 bits wide: all arithmetic and
 * all comparisons are the 32-bit ones, which also clear the upper half of the
 * 64-bit register. So an index can be used in 64-bit sums as it is, and an
 * offset never wraps around.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/packet.h"
#include "filter/classic.h"
#include "filter/extended.h"

enum extended_register {
	REG_RESULT = BPF_REG_0, /* and scratch, until the end */
	REG_DATA = BPF_REG_1,
	REG_CAPTURED = BPF_REG_2,
	REG_LEN = BPF_REG_3,
	REG_A = BPF_REG_4,
	REG_X = BPF_REG_5,
	REG_STACK = BPF_REG_10,
};

/* Where a jump goes, when it is not the index of a classic instruction. */
#define TARGET_REJECT -1
#define TARGET_NONE   -2 /* not a jump, or a short one that is complete */

struct extended_generator {
	const struct classic *classic;
	unsigned int current; /* classic instruction being translated */
	unsigned int count;
	bool rejects; /* something jumps to the reject at the end */
	bool too_long;
	struct bpf_insn insns[FILTER_SLOT_INSNS];
	int targets[FILTER_SLOT_INSNS];
	int *starts;   /* of each classic instruction, in insns[] */
	bool *reached; /* classic instructions that something leads to */
};

static void gen_insn_to(struct extended_generator *gen, struct bpf_insn insn, int target)
{
	if (gen->count == FILTER_SLOT_INSNS) {
		gen->too_long = true;
		return;
	}
	gen->targets[gen->count] = target;
	gen->insns[gen->count++] = insn;
}

static void gen_insn(struct extended_generator *gen, struct bpf_insn insn)
{
	gen_insn_to(gen, insn, TARGET_NONE);
}

static void gen_alu_k(struct extended_generator *gen, __u8 op, __u8 reg, __u32 k)
{
	gen_insn(gen, (struct bpf_insn){
			      .code = BPF_ALU | op | BPF_K, .dst_reg = reg, .imm = k });
}

static void gen_alu_x(struct extended_generator *gen, __u8 op, __u8 reg, __u8 source)
{
	gen_insn(gen, (struct bpf_insn){ .code = BPF_ALU | op | BPF_X,
					 .dst_reg = reg,
					 .src_reg = source });
}

/* 64-bit sums: offsets and addresses. */
static void gen_add64_k(struct extended_generator *gen, __u8 reg, __u32 k)
{
	gen_insn(gen, (struct bpf_insn){ .code = BPF_ALU64 | BPF_ADD | BPF_K,
					 .dst_reg = reg,
					 .imm = k });
}

static void gen_add64_x(struct extended_generator *gen, __u8 reg, __u8 source)
{
	gen_insn(gen, (struct bpf_insn){ .code = BPF_ALU64 | BPF_ADD | BPF_X,
					 .dst_reg = reg,
					 .src_reg = source });
}

static void gen_exit(struct extended_generator *gen, bool match)
{
	gen_alu_k(gen, BPF_MOV, REG_RESULT, match);
	gen_insn(gen, (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT });
}

/* Skip the next @distance instructions if @reg op @k, in 32 bits. */
static void gen_skip_if(struct extended_generator *gen, __u8 op, __u8 reg, __u32 k,
			__s16 distance)
{
	gen_insn(gen, (struct bpf_insn){ .code = BPF_JMP32 | op | BPF_K,
					 .dst_reg = reg,
					 .imm = k,
					 .off = distance });
}

static void gen_reject_if(struct extended_generator *gen, struct bpf_insn condition)
{
	gen->rejects = true;
	gen_insn_to(gen, condition, TARGET_REJECT);
}

/* A jump to a classic instruction: @distance behind the current one's next. */
static void gen_jump(struct extended_generator *gen, struct bpf_insn insn, __u32 distance)
{
	unsigned int target = gen->current + 1 + distance;

	gen->reached[target] = true;
	gen_insn_to(gen, insn, target);
}

static void gen_jump_always(struct extended_generator *gen, __u32 distance)
{
	gen_jump(gen, (struct bpf_insn){ .code = BPF_JMP | BPF_JA }, distance);
}

/*
 * A = the big-endian field at @base + @offset. It may lie at any address:
 * a machine on which the verifier insists on alignment (it says so in
 * CONFIG_HAVE_EFFICIENT_UNALIGNED_ACCESS) would need loads by bytes here.
 */
static void gen_field(struct extended_generator *gen, __u16 code, __u8 base, __s16 offset)
{
	int size = classic_field_size(code);

	gen_insn(gen, (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_SIZE(code),
					 .dst_reg = REG_A,
					 .src_reg = base,
					 .off = offset });
	if (size > 1)
		gen_insn(gen, (struct bpf_insn){ .code = BPF_ALU | BPF_END | BPF_TO_BE,
						 .dst_reg = REG_A,
						 .imm = 8 * size });
}

static void gen_reject_unless_captured(struct extended_generator *gen, __u32 end)
{
	gen_reject_if(gen, (struct bpf_insn){ .code = BPF_JMP | BPF_JLT | BPF_K,
					      .dst_reg = REG_CAPTURED,
					      .imm = end });
}

static void gen_load_absolute(struct extended_generator *gen,
			      const struct sock_filter *insn)
{
	gen_reject_unless_captured(gen, insn->k + classic_field_size(insn->code));
	gen_field(gen, insn->code, REG_DATA, insn->k);
}

/*
 * The constant bound is for the verifier, which knows nothing of @captured;
 * the comparison with @captured is the one that decides. Neither sum can wrap:
 * 32-bit values in 64-bit registers.
 */
static void gen_load_indexed(struct extended_generator *gen,
			     const struct sock_filter *insn)
{
	int size = classic_field_size(insn->code);

	gen_alu_x(gen, BPF_MOV, REG_RESULT, REG_X);
	gen_add64_k(gen, REG_RESULT, insn->k + size);
	gen_reject_if(gen, (struct bpf_insn){ .code = BPF_JMP | BPF_JGT | BPF_K,
					      .dst_reg = REG_RESULT,
					      .imm = PACKET_SNAP_MAX });
	gen_reject_if(gen, (struct bpf_insn){ .code = BPF_JMP | BPF_JGT | BPF_X,
					      .dst_reg = REG_RESULT,
					      .src_reg = REG_CAPTURED });
	gen_add64_x(gen, REG_RESULT, REG_DATA);
	gen_field(gen, insn->code, REG_RESULT, -size);
}

/* X = length in bytes of the IPv4 header whose first byte is at k. */
static void gen_load_header_len(struct extended_generator *gen,
				const struct sock_filter *insn)
{
	gen_reject_unless_captured(gen, insn->k + 1);
	gen_insn(gen, (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_B,
					 .dst_reg = REG_X,
					 .src_reg = REG_DATA,
					 .off = insn->k });
	gen_alu_k(gen, BPF_AND, REG_X, 0xf);
	gen_alu_k(gen, BPF_LSH, REG_X, 2);
}

static __s16 gen_memory_offset(__u32 word)
{
	return -(int)sizeof(__u32) * (int)(word + 1);
}

static void gen_load(struct extended_generator *gen, const struct sock_filter *insn)
{
	__u8 reg = BPF_CLASS(insn->code) == BPF_LD ? REG_A : REG_X;

	switch (BPF_MODE(insn->code)) {
	case BPF_ABS:
		gen_load_absolute(gen, insn);
		break;
	case BPF_IND:
		gen_load_indexed(gen, insn);
		break;
	case BPF_MSH:
		gen_load_header_len(gen, insn);
		break;
	case BPF_IMM:
		gen_alu_k(gen, BPF_MOV, reg, insn->k);
		break;
	case BPF_LEN:
		gen_alu_x(gen, BPF_MOV, reg, REG_LEN);
		break;
	case BPF_MEM:
		gen_insn(gen, (struct bpf_insn){ .code = BPF_LDX | BPF_MEM | BPF_W,
						 .dst_reg = reg,
						 .src_reg = REG_STACK,
						 .off = gen_memory_offset(insn->k) });
		break;
	}
}

static void gen_store(struct extended_generator *gen, const struct sock_filter *insn)
{
	__u8 reg = BPF_CLASS(insn->code) == BPF_ST ? REG_A : REG_X;

	gen_insn(gen, (struct bpf_insn){ .code = BPF_STX | BPF_MEM | BPF_W,
					 .dst_reg = REG_STACK,
					 .src_reg = reg,
					 .off = gen_memory_offset(insn->k) });
}

/* A op X where eBPF and classic BPF differ: division by 0, wide shifts. */
static void gen_alu_guard(struct extended_generator *gen, __u8 op)
{
	switch (op) {
	case BPF_DIV:
	case BPF_MOD:
		gen_reject_if(gen, (struct bpf_insn){ .code = BPF_JMP32 | BPF_JEQ | BPF_K,
						      .dst_reg = REG_X });
		break;
	case BPF_LSH:
	case BPF_RSH:
		gen_skip_if(gen, BPF_JLT, REG_X, 32, 1);
		gen_alu_k(gen, BPF_MOV, REG_A, 0);
		break;
	}
}

static void gen_alu(struct extended_generator *gen, const struct sock_filter *insn)
{
	__u8 op = BPF_OP(insn->code);

	if (op == BPF_NEG) {
		gen_insn(gen, (struct bpf_insn){ .code = BPF_ALU | BPF_NEG,
						 .dst_reg = REG_A });
	} else if (BPF_SRC(insn->code) == BPF_X) {
		gen_alu_guard(gen, op);
		gen_alu_x(gen, op, REG_A, REG_X);
	} else {
		gen_alu_k(gen, op, REG_A, insn->k);
	}
}

/* The condition that holds when @op does not; 0 when there is none. */
static __u8 gen_jump_inverse(__u8 op)
{
	switch (op) {
	case BPF_JEQ:
		return BPF_JNE;
	case BPF_JGT:
		return BPF_JLE;
	case BPF_JGE:
		return BPF_JLT;
	default:
		return 0;
	}
}

static void gen_jump_if(struct extended_generator *gen, const struct sock_filter *insn,
			__u8 op, __u32 distance)
{
	bool constant = BPF_SRC(insn->code) == BPF_K;

	gen_jump(gen,
		 (struct bpf_insn){ .code = BPF_JMP32 | op | BPF_SRC(insn->code),
				    .dst_reg = REG_A,
				    .src_reg = constant ? 0 : REG_X,
				    .imm = constant ? insn->k : 0 },
		 distance);
}

/* Classic jumps name both ways on, eBPF's fall through to the second. */
static void gen_conditional(struct extended_generator *gen,
			    const struct sock_filter *insn)
{
	__u8 op = BPF_OP(insn->code);
	__u8 inverse = gen_jump_inverse(op);

	if (insn->jt == insn->jf) {
		gen_jump_always(gen, insn->jt);
	} else if (!insn->jt && inverse) {
		gen->reached[gen->current + 1] = true;
		gen_jump_if(gen, insn, inverse, insn->jf);
	} else {
		gen_jump_if(gen, insn, op, insn->jt);
		gen->reached[gen->current + 1 + insn->jf] = true;
		if (insn->jf)
			gen_jump_always(gen, insn->jf);
	}
}

static void gen_return(struct extended_generator *gen, const struct sock_filter *insn)
{
	if (BPF_RVAL(insn->code) == BPF_K) {
		gen_exit(gen, insn->k);
		return;
	}
	gen_alu_x(gen, BPF_MOV, REG_RESULT, REG_A);
	gen_insn(gen, (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT });
}

static void gen_misc(struct extended_generator *gen, const struct sock_filter *insn)
{
	if (BPF_MISCOP(insn->code) == BPF_TAX)
		gen_alu_x(gen, BPF_MOV, REG_X, REG_A);
	else
		gen_alu_x(gen, BPF_MOV, REG_A, REG_X);
}

static void gen_classic(struct extended_generator *gen, const struct sock_filter *insn)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
	case BPF_LDX:
		gen_load(gen, insn);
		break;
	case BPF_ST:
	case BPF_STX:
		gen_store(gen, insn);
		break;
	case BPF_ALU:
		gen_alu(gen, insn);
		break;
	case BPF_MISC:
		gen_misc(gen, insn);
		break;
	case BPF_RET:
		gen_return(gen, insn);
		return;
	case BPF_JMP:
		if (BPF_OP(insn->code) == BPF_JA)
			gen_jump_always(gen, insn->k);
		else
			gen_conditional(gen, insn);
		return;
	}
	gen->reached[gen->current + 1] = true;
}

/*
 * The registers and the words of scratch memory that are read begin as 0: so
 * they do in bpf_filter(), and the verifier refuses to read what was never
 * written.
 */
static void gen_prologue(struct extended_generator *gen)
{
	__u32 words = 0;

	gen_alu_k(gen, BPF_MOV, REG_A, 0);
	gen_alu_k(gen, BPF_MOV, REG_X, 0);

	for (unsigned int i = 0; i < gen->classic->count; i++) {
		const struct sock_filter *insn = &gen->classic->insns[i];
		__u8 class = BPF_CLASS(insn->code);
		bool load = class == BPF_LD || class == BPF_LDX;

		if (load && BPF_MODE(insn->code) == BPF_MEM)
			words |= 1U << insn->k;
	}
	for (__u32 word = 0; word < BPF_MEMWORDS; word++) {
		if (words & 1U << word)
			gen_store(gen,
				  &(struct sock_filter){ .code = BPF_ST, .k = word });
	}
}

/* Classic instructions that nothing leads to are left out: so the verifier wants. */
static void gen_program(struct extended_generator *gen)
{
	gen_prologue(gen);
	gen->reached[0] = true;
	for (unsigned int i = 0; i < gen->classic->count; i++) {
		if (!gen->reached[i])
			continue;
		gen->current = i;
		gen->starts[i] = gen->count;
		gen_classic(gen, &gen->classic->insns[i]);
	}
}

static void gen_resolve(struct extended_generator *gen)
{
	int reject = gen->count;

	if (gen->rejects)
		gen_exit(gen, false);

	for (unsigned int i = 0; i < gen->count; i++) {
		int target = gen->targets[i];

		if (target == TARGET_NONE)
			continue;
		if (target == TARGET_REJECT)
			target = reject;
		else
			target = gen->starts[target];
		gen->insns[i].off = target - (int)i - 1;
	}
}

static void gen_free(struct extended_generator **gen)
{
	if (!*gen)
		return;
	free((*gen)->starts);
	free((*gen)->reached);
	free(*gen);
}

static struct extended_generator *gen_new(const struct classic *classic)
{
	struct extended_generator *gen = calloc(1, sizeof(*gen));

	if (!gen)
		return NULL;

	gen->classic = classic;
	gen->starts = calloc(classic->count, sizeof(*gen->starts));
	gen->reached = calloc(classic->count, sizeof(*gen->reached));
	if (!gen->starts || !gen->reached) {
		gen_free(&gen);
		return NULL;
	}
	return gen;
}

int extended_generate(const struct classic *classic, struct extended *out)
{
	AUTO(gen_free) struct extended_generator *gen = gen_new(classic);

	if (!gen)
		return -ENOMEM;

	gen_program(gen);
	gen_resolve(gen);
	if (gen->too_long)
		return -E2BIG;

	out->insns = malloc(gen->count * sizeof(*out->insns));
	if (!out->insns)
		return -ENOMEM;
	memcpy(out->insns, gen->insns, gen->count * sizeof(*out->insns));
	out->count = gen->count;
	return 0;
}

void extended_free(struct extended *extended)
{
	free(extended->insns);
	*extended = (struct extended){};
}
