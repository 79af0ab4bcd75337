// SPDX-License-Identifier: GPL-2.0-only
/* What is constant is worked out, and programs do what they did. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/bpf.h>

#include "bytecode/fold.h"
#include "bytecode/insn.h"
#include "test.h"

#define MOST 96
#define MAP  7 /* the file of the map with the data */

static const uint8_t bytes[16] = { 1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff,
				   2, 3, 0, 0, 0,    0,	   0,	 0x80 };
#define OPEN 0x1234567812345678ULL

static const struct fold_data data = { MAP, bytes, sizeof(bytes), OPEN };

#define ALU(op, dst, number)                                                             \
	{                                                                                \
		.code = BPF_ALU64 | BPF_K | (op), .dst_reg = (dst), .imm = (number)      \
	}
#define ALU_X(op, dst, src)                                                              \
	{                                                                                \
		.code = BPF_ALU64 | BPF_X | (op), .dst_reg = (dst), .src_reg = (src)     \
	}
#define ADDRESS(dst, file, offset)                                                       \
	{ .code = BPF_LD | BPF_IMM | BPF_DW,                                             \
	  .dst_reg = (dst),                                                              \
	  .src_reg = BPF_PSEUDO_MAP_VALUE,                                               \
	  .imm = (file) },                                                               \
	{                                                                                \
		.imm = (offset)                                                          \
	}
#define LOAD(width, dst, src, distance)                                                  \
	{                                                                                \
		.code = BPF_LDX | BPF_MEM | (width), .dst_reg = (dst), .src_reg = (src), \
		.off = (distance)                                                        \
	}
#define JUMP(op, dst, number, distance)                                                  \
	{                                                                                \
		.code = BPF_JMP | BPF_K | (op), .dst_reg = (dst), .imm = (number),       \
		.off = (distance)                                                        \
	}
#define GOTO(distance)                                                                   \
	{                                                                                \
		.code = BPF_JMP | BPF_JA, .off = (distance)                              \
	}
#define CALL_LOCAL(distance)                                                             \
	{                                                                                \
		.code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL,                  \
		.imm = (distance)                                                        \
	}
#define CALL_HELPER(which)                                                               \
	{                                                                                \
		.code = BPF_JMP | BPF_CALL, .imm = (which)                               \
	}
#define EXIT                                                                             \
	{                                                                                \
		.code = BPF_JMP | BPF_EXIT                                               \
	}

/* Fold @from, which is to become @to; with where each instruction has gone. */
#define FOLDS(from, to, places)                                                          \
	folds(from, sizeof(from) / sizeof(*(from)), to, sizeof(to) / sizeof(*(to)),      \
	      places)

static void folds(const struct bpf_insn *from, size_t count, const struct bpf_insn *to,
		  size_t left, uint32_t *places)
{
	struct bpf_insn insns[MOST];
	uint32_t own[MOST + 1];
	size_t got;

	memcpy(insns, from, count * sizeof(*insns));
	assert_int_equal(fold(insns, count, &data, places ?: own, &got), 0);
	assert_int_equal(got, left);
	for (size_t i = 0; i < left; i++) {
		if (memcmp(&insns[i], &to[i], sizeof(*to)))
			fail_msg("instruction %zu is code %#x dst %u src %u off %d imm "
				 "%d",
				 i, insns[i].code, insns[i].dst_reg, insns[i].src_reg,
				 insns[i].off, insns[i].imm);
	}
}

/* if (config) return 5; return ctx->field; with config being 1, or 0 */
static void test_branch(void **state)
{
	const struct bpf_insn on[] = {
		ADDRESS(2, MAP, 0),
		LOAD(BPF_B, 2, 2, 0),
		JUMP(BPF_JEQ, 2, 0, 2),
		ALU(BPF_MOV, 0, 5),
		EXIT,
		LOAD(BPF_DW, 0, 1, 8),
		EXIT,
	};
	const struct bpf_insn off[] = {
		ADDRESS(2, MAP, 1),
		LOAD(BPF_B, 2, 2, 0),
		JUMP(BPF_JEQ, 2, 0, 2),
		ALU(BPF_MOV, 0, 5),
		EXIT,
		LOAD(BPF_DW, 0, 1, 8),
		EXIT,
	};
	const struct bpf_insn on_left[] = {
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .imm = 5 },
		EXIT,
	};
	const struct bpf_insn off_left[] = {
		LOAD(BPF_DW, 0, 1, 8),
		EXIT,
	};

	FOLDS(on, on_left, NULL);
	FOLDS(off, off_left, NULL);
}

/* Of what another map has nothing is known, nor of what lies outside of the data. */
static void test_foreign(void **state)
{
	const struct bpf_insn other[] = {
		ADDRESS(2, MAP + 1, 0),
		LOAD(BPF_B, 0, 2, 0),
		EXIT,
	};
	const struct bpf_insn outside[] = {
		ADDRESS(2, MAP, 12),
		LOAD(BPF_DW, 0, 2, 0),
		EXIT,
	};
	const struct bpf_insn before[] = {
		ADDRESS(2, MAP, 0),
		LOAD(BPF_B, 0, 2, -1),
		EXIT,
	};

	FOLDS(other, other, NULL);
	FOLDS(outside, outside, NULL);
	FOLDS(before, before, NULL);
}

/* Of a constant that is to be replaced nothing is worked out; of another one it is. */
static void test_open(void **state)
{
	const struct bpf_insn open[] = {
		{ .code = BPF_LD | BPF_IMM | BPF_DW, .dst_reg = 1, .imm = (int32_t)OPEN },
		{ .imm = (int32_t)(OPEN >> 32) },
		JUMP(BPF_JSET, 1, 8, 2),
		ALU_X(BPF_MOV, 0, 1),
		EXIT,
		LOAD(BPF_DW, 0, 10, -8),
		EXIT,
	};
	const struct bpf_insn left[] = {
		LOAD(BPF_DW, 0, 10, -8),
		EXIT,
	};
	struct bpf_insn other[sizeof(open) / sizeof(*open)];

	FOLDS(open, open, NULL);
	memcpy(other, open, sizeof(open));
	other[1].imm++;
	FOLDS(other, left, NULL);
}

/* Each width, and what has a sign. What takes 64 bits is still loaded. */
static void test_widths(void **state)
{
	const struct bpf_insn from[] = {
		ADDRESS(1, MAP, 4),
		LOAD(BPF_W, 6, 1, 0),
		LOAD(BPF_H, 7, 1, 4),
		LOAD(BPF_DW, 8, 1, 4),
		ALU_X(BPF_ADD, 6, 9),
		ALU_X(BPF_ADD, 7, 9),
		ALU_X(BPF_ADD, 8, 9),
		ALU_X(BPF_MOV, 0, 8),
		ALU_X(BPF_ADD, 0, 6),
		ALU_X(BPF_ADD, 0, 7),
		EXIT,
	};
	const struct bpf_insn to[] = {
		ADDRESS(1, MAP, 4),
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 6, .imm = -1 },
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 7, .imm = 0x302 },
		LOAD(BPF_DW, 8, 1, 4),
		ALU_X(BPF_ADD, 6, 9),
		ALU_X(BPF_ADD, 7, 9),
		ALU_X(BPF_ADD, 8, 9),
		ALU_X(BPF_MOV, 0, 8),
		ALU_X(BPF_ADD, 0, 6),
		ALU_X(BPF_ADD, 0, 7),
		EXIT,
	};

	FOLDS(from, to, NULL);
}

/* A value that differs by the way that was taken is not known; one that agrees is. */
static void test_ways(void **state)
{
	const struct bpf_insn from[] = {
		ALU(BPF_MOV, 6, 3),	ALU(BPF_MOV, 7, 4),
		JUMP(BPF_JEQ, 1, 0, 2), ALU(BPF_MOV, 6, 3),
		ALU(BPF_MOV, 7, 5),	ALU_X(BPF_MOV, 0, 7),
		ALU_X(BPF_ADD, 0, 6),	EXIT,
	};
	const struct bpf_insn to[] = {
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 7, .imm = 4 },
		JUMP(BPF_JEQ, 1, 0, 1),
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 7, .imm = 5 },
		ALU_X(BPF_MOV, 0, 7),
		ALU(BPF_ADD, 0, 3),
		EXIT,
	};

	FOLDS(from, to, NULL);
}

/* What a loop counts is not known, though it begins with a number. */
static void test_loop(void **state)
{
	const struct bpf_insn loop[] = {
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 6, .imm = 8 },
		ALU(BPF_ADD, 6, -1),
		JUMP(BPF_JNE, 6, 0, -2),
		ALU_X(BPF_MOV, 0, 6),
		EXIT,
	};

	FOLDS(loop, loop, NULL);
}

/* A function that nobody calls any more is gone, and who calls another still does. */
static void test_functions(void **state)
{
	const struct bpf_insn from[] = {
		JUMP(BPF_JNE, 10, 0, 0), /* 0: leads on */
		ADDRESS(6, MAP, 1),	 /* 1 */
		LOAD(BPF_B, 6, 6, 0),	 /* 3: it is 0 */
		JUMP(BPF_JEQ, 6, 0, 1),	 /* 4 */
		CALL_LOCAL(3),		 /* 5: to 9 */
		ALU(BPF_MOV, 1, 2),	 /* 6 */
		CALL_LOCAL(3),		 /* 7: to 11 */
		EXIT,			 /* 8 */
		ALU(BPF_MOV, 0, 1),	 /* 9 */
		EXIT,			 /* 10 */
		CALL_HELPER(5),		 /* 11 */
		GOTO(0),		 /* 12 */
		EXIT,			 /* 13 */
	};
	const struct bpf_insn to[] = {
		{ .code = BPF_ALU | BPF_MOV | BPF_K, .dst_reg = 1, .imm = 2 },
		CALL_LOCAL(1),
		EXIT,
		CALL_HELPER(5),
		EXIT,
	};
	uint32_t places[MOST + 1];

	FOLDS(from, to, places);
	assert_int_equal(places[9], places[11]); /* gone */
	assert_int_equal(places[11], 3);
	assert_int_equal(places[13], 4);
	assert_int_equal(places[14], 5);
}

/* Arguments are known if all who call give the same. */
static void test_arguments(void **state)
{
	const struct bpf_insn from[] = {
		ALU(BPF_MOV, 1, 1),   ALU(BPF_MOV, 2, 7),
		CALL_LOCAL(5),	      ALU(BPF_MOV, 1, 1),
		ALU(BPF_MOV, 2, 8),   CALL_LOCAL(2),
		ALU(BPF_MOV, 0, 0),   EXIT,
		ALU_X(BPF_MOV, 0, 1), ALU_X(BPF_ADD, 0, 2),
		ALU_X(BPF_ADD, 0, 6), EXIT,
	};
	struct bpf_insn insns[MOST];
	uint32_t places[MOST + 1];
	size_t left;

	memcpy(insns, from, sizeof(from));
	assert_int_equal(fold(insns, sizeof(from) / sizeof(*from), &data, places, &left),
			 0);
	assert_int_equal(left, sizeof(from) / sizeof(*from));
	assert_int_equal(insns[8].code, BPF_ALU | BPF_MOV | BPF_K);
	assert_int_equal(insns[8].imm, 1);
	assert_int_equal(insns[9].code, BPF_ALU64 | BPF_ADD | BPF_X);
}

static void refused(const struct bpf_insn *from, size_t count)
{
	struct bpf_insn insns[MOST];
	uint32_t places[MOST + 1];
	size_t left;

	memcpy(insns, from, count * sizeof(*insns));
	assert_int_equal(fold(insns, count, &data, places, &left), -EINVAL);
	assert_memory_equal(insns, from, count * sizeof(*insns));
}

static void test_refused(void **state)
{
	const struct bpf_insn behind[] = { GOTO(1), EXIT };
	const struct bpf_insn before[] = { EXIT, JUMP(BPF_JEQ, 1, 0, -3), EXIT };
	const struct bpf_insn call[] = { CALL_LOCAL(2), EXIT };
	const struct bpf_insn open[] = { ALU(BPF_MOV, 0, 0) };
	const struct bpf_insn half[] = { EXIT, { .code = BPF_LD | BPF_IMM | BPF_DW } };
	const struct bpf_insn far[] = { { .code = BPF_JMP32 | BPF_JA, .imm = 0 }, EXIT };

	refused(behind, 2);
	refused(before, 3);
	refused(call, 2);
	refused(open, 1);
	refused(half, 2);
	refused(far, 2);
	refused(open, 0);
}

/* ---- whatever a program is, it does the same */

/* What a run of a program leaves: its result, and what it has told on the way. */
struct run {
	uint64_t result;
	uint64_t told[MOST];
	size_t count;
};

static uint64_t number_read(uint64_t address, uint8_t width)
{
	uint64_t number = 0;

	memcpy(&number, (const void *)(uintptr_t)address,
	       width == BPF_B	? 1
	       : width == BPF_H ? 2
	       : width == BPF_W ? 4
				: 8);
	return number;
}

static uint64_t run_alu(uint8_t code, uint64_t dst, uint64_t src)
{
	const bool narrow = BPF_CLASS(code) == BPF_ALU;

	if (narrow) {
		dst = (uint32_t)dst;
		src = (uint32_t)src;
	}
	switch (BPF_OP(code)) {
	case BPF_MOV:
		dst = src;
		break;
	case BPF_ADD:
		dst += src;
		break;
	case BPF_SUB:
		dst -= src;
		break;
	case BPF_MUL:
		dst *= src;
		break;
	case BPF_AND:
		dst &= src;
		break;
	case BPF_OR:
		dst |= src;
		break;
	case BPF_XOR:
		dst ^= src;
		break;
	case BPF_LSH:
		dst <<= src & (narrow ? 31 : 63);
		break;
	default:
		dst >>= src & (narrow ? 31 : 63);
	}
	return narrow ? (uint32_t)dst : dst;
}

static bool run_taken(uint8_t code, uint64_t dst, uint64_t src)
{
	const bool narrow = BPF_CLASS(code) == BPF_JMP32;
	const int64_t below = narrow ? (int32_t)dst : (int64_t)dst;
	const int64_t above = narrow ? (int32_t)src : (int64_t)src;

	if (narrow) {
		dst = (uint32_t)dst;
		src = (uint32_t)src;
	}
	switch (BPF_OP(code)) {
	case BPF_JEQ:
		return dst == src;
	case BPF_JNE:
		return dst != src;
	case BPF_JGT:
		return dst > src;
	case BPF_JLE:
		return dst <= src;
	case BPF_JSGT:
		return below > above;
	case BPF_JSLT:
		return below < above;
	default:
		return (dst & src) != 0;
	}
}

/* A program that leads forwards only, with calls of a helper that tells r1. */
static void run(const struct bpf_insn *insns, size_t count, struct run *out)
{
	uint64_t of[11];

	*out = (struct run){ 0 };
	for (size_t i = 0; i < 11; i++)
		of[i] = i * 0x0101010101010101ULL;
	for (size_t at = 0; at < count; at++) {
		const struct bpf_insn *insn = &insns[at];
		const uint64_t src = BPF_SRC(insn->code) == BPF_X
					     ? of[insn->src_reg]
					     : (uint64_t)(int64_t)insn->imm;

		if (insn_is_exit(insn))
			break;
		if (insn_is_alu(insn)) {
			of[insn->dst_reg] = run_alu(insn->code, of[insn->dst_reg], src);
		} else if (insn_is_wide(insn)) {
			of[insn->dst_reg] = (uintptr_t)bytes + (uint32_t)insn[1].imm;
			at++;
		} else if (BPF_CLASS(insn->code) == BPF_LDX) {
			of[insn->dst_reg] = number_read(of[insn->src_reg] + insn->off,
							BPF_SIZE(insn->code));
		} else if (insn_is_call(insn)) {
			out->told[out->count++] = of[1];
			of[0] = out->count;
			for (size_t i = 1; i <= 5; i++)
				of[i] = 0;
		} else if (insn_is_goto(insn) ||
			   run_taken(insn->code, of[insn->dst_reg], src)) {
			at += insn->off;
		}
	}
	out->result = of[0];
}

static uint32_t random_below(uint32_t limit)
{
	return (uint32_t)random() % limit;
}

static struct bpf_insn random_alu(void)
{
	static const uint8_t ops[] = { BPF_MOV, BPF_MOV, BPF_ADD, BPF_SUB, BPF_MUL,
				       BPF_AND, BPF_OR,	 BPF_XOR, BPF_LSH, BPF_RSH };
	const uint8_t op = ops[random_below(sizeof(ops))];
	const bool shift = op == BPF_LSH || op == BPF_RSH;

	return (struct bpf_insn){
		.code = (random_below(2) ? BPF_ALU : BPF_ALU64) |
			(!shift && random_below(2) ? BPF_X : BPF_K) | op,
		.dst_reg = random_below(10),
		.src_reg = random_below(10),
		.imm = shift ? (int32_t)random_below(32) : (int32_t)random_below(5) - 2,
	};
}

static struct bpf_insn random_jump(size_t room)
{
	static const uint8_t ops[] = { BPF_JEQ,	 BPF_JNE,  BPF_JGT, BPF_JLE,
				       BPF_JSGT, BPF_JSLT, BPF_JSET };

	return (struct bpf_insn){
		.code = (random_below(2) ? BPF_JMP : BPF_JMP32) |
			(random_below(2) ? BPF_X : BPF_K) |
			ops[random_below(sizeof(ops))],
		.dst_reg = random_below(10),
		.src_reg = random_below(10),
		.off = (int16_t)random_below(room < 8 ? room : 8),
		.imm = (int32_t)random_below(3) - 1,
	};
}

/* A number of the data into @which, of three instructions' room. */
static void random_load(struct bpf_insn *insns, uint8_t which)
{
	static const uint8_t widths[] = { BPF_B, BPF_H, BPF_W, BPF_DW };
	const struct bpf_insn load[] = {
		ADDRESS(which, MAP, random_below(5)),
		LOAD(widths[random_below(4)], which, which, random_below(4)),
	};

	memcpy(insns, load, sizeof(load));
}

static bool leads_into(const struct bpf_insn *insns, size_t from, size_t to)
{
	for (size_t at = 0; at < from; at++) {
		if (insn_is_jump(&insns[at]) && at + 1 + insns[at].off > from &&
		    at + 1 + insns[at].off < to)
			return true;
	}
	return false;
}

static void random_program(struct bpf_insn *insns)
{
	size_t at = 0;

	while (at < MOST - 1) {
		const uint32_t what = random_below(8);

		if (what == 0 && at + 3 < MOST - 1 && !leads_into(insns, at, at + 3)) {
			random_load(&insns[at], (uint8_t)random_below(10));
			at += 3;
		} else if (what == 1) {
			insns[at++] = (struct bpf_insn)CALL_HELPER(1);
		} else if (what <= 3) {
			insns[at] = random_jump(MOST - 1 - at);
			at++;
		} else {
			insns[at++] = random_alu();
		}
	}
	insns[at] = (struct bpf_insn)EXIT;
}

static void test_same(void **state)
{
	size_t removed = 0;

	srandom(1);
	for (int round = 0; round < 20000; round++) {
		struct bpf_insn insns[MOST], folded[MOST];
		uint32_t places[MOST + 1];
		struct run before, after;
		size_t left;

		random_program(insns);
		memcpy(folded, insns, sizeof(insns));
		assert_int_equal(fold(folded, MOST, &data, places, &left), 0);
		assert_int_equal(places[MOST], left);
		run(insns, MOST, &before);
		run(folded, left, &after);
		assert_memory_equal(&after, &before, sizeof(before));
		removed += MOST - left;
	}
	assert_true(removed > 20000 * MOST / 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_branch),	  cmocka_unit_test(test_foreign),
		cmocka_unit_test(test_open),	  cmocka_unit_test(test_widths),
		cmocka_unit_test(test_ways),	  cmocka_unit_test(test_loop),
		cmocka_unit_test(test_functions), cmocka_unit_test(test_arguments),
		cmocka_unit_test(test_refused),	  cmocka_unit_test(test_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
