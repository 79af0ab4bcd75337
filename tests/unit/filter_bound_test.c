// SPDX-License-Identifier: GPL-2.0-only
/* How far a program can look: the flow of bounds, instruction by instruction. */
#include <linux/filter.h>

#include "bpf/packet.h"
#include "filter/bound.h"
#include "filter/classic.h"
#include "test.h"

#define ACCEPT		BPF_STMT(BPF_RET | BPF_K, 1)
#define LOAD_BYTE_AT(k) BPF_STMT(BPF_LD | BPF_B | BPF_ABS, k)
#define ALU_K(op, k)	BPF_STMT(BPF_ALU | (op) | BPF_K, k)
#define TO_X		BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define FROM_X		BPF_STMT(BPF_MISC | BPF_TXA, 0)
#define INDEXED(k)	BPF_STMT(BPF_LD | BPF_B | BPF_IND, k)

#define BYTES(...)                                                                       \
	({                                                                               \
		struct sock_filter insns[] = { __VA_ARGS__ };                            \
		bytes_of(insns, sizeof(insns) / sizeof(*insns));                         \
	})

static unsigned int bytes_of(struct sock_filter *insns, unsigned int count)
{
	struct classic classic = { insns, count };
	unsigned int bytes = 12345;

	assert_int_equal(bound_compute(&classic, &bytes), 0);
	return bytes;
}

static void test_constant_offsets(void **state)
{
	assert_int_equal(BYTES(ACCEPT), 0);
	assert_int_equal(BYTES(LOAD_BYTE_AT(9), ACCEPT), 10);
	assert_int_equal(BYTES(BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 9), ACCEPT), 11);
	assert_int_equal(BYTES(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 9), ACCEPT), 13);
	assert_int_equal(BYTES(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 14), ACCEPT), 15);
	assert_int_equal(BYTES(BPF_STMT(BPF_LD | BPF_LEN, 0), ACCEPT), 0);
}

/* "x[A op k]" where A is a byte */
#define AFTER(...) BYTES(LOAD_BYTE_AT(0), __VA_ARGS__, TO_X, INDEXED(0), ACCEPT)

static void test_arithmetic(void **state)
{
	assert_int_equal(AFTER(ALU_K(BPF_ADD, 10)), 255 + 10 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_MUL, 3)), 255 * 3 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_AND, 0x3c)), 0x3c + 1);
	assert_int_equal(AFTER(ALU_K(BPF_AND, 0xfff)), 255 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_OR, 0x101)), 0x1ff + 1);
	assert_int_equal(AFTER(ALU_K(BPF_XOR, 0x101)), 0x1ff + 1);
	assert_int_equal(AFTER(ALU_K(BPF_DIV, 10)), 25 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_MOD, 10)), 9 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_MOD, 1000)), 255 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_RSH, 4)), 15 + 1);
	assert_int_equal(AFTER(ALU_K(BPF_LSH, 2)), 255 * 4 + 1);
}

/* What can wrap around can be anything. */
static void test_wrapping(void **state)
{
	assert_int_equal(AFTER(ALU_K(BPF_SUB, 1)), PACKET_SNAP_MAX);
	assert_int_equal(AFTER(BPF_STMT(BPF_ALU | BPF_NEG, 0)), PACKET_SNAP_MAX);
	assert_int_equal(AFTER(ALU_K(BPF_ADD, 0xffffffff)), PACKET_SNAP_MAX);
	assert_int_equal(AFTER(ALU_K(BPF_MUL, 0x1000001)), PACKET_SNAP_MAX);
	assert_int_equal(AFTER(ALU_K(BPF_LSH, 30)), PACKET_SNAP_MAX);
	/* and is bounded again by a mask */
	assert_int_equal(AFTER(ALU_K(BPF_SUB, 1), ALU_K(BPF_AND, 7)), 7 + 1);
}

static void test_registers(void **state)
{
	/* X keeps its bound while A changes; both go through memory */
	assert_int_equal(BYTES(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), INDEXED(2),
			       ACCEPT),
			 60 + 2 + 1);
	assert_int_equal(BYTES(BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0),
			       BPF_STMT(BPF_STX, 3), BPF_STMT(BPF_LDX | BPF_IMM, 1000),
			       BPF_STMT(BPF_LDX | BPF_MEM, 3), INDEXED(0), ACCEPT),
			 60 + 1);
	assert_int_equal(BYTES(BPF_STMT(BPF_LDX | BPF_IMM, 40), FROM_X, ALU_K(BPF_ADD, 2),
			       TO_X, INDEXED(0), ACCEPT),
			 42 + 1);
	/* A by X: by what X can be */
	assert_int_equal(BYTES(BPF_STMT(BPF_LDX | BPF_IMM, 8), LOAD_BYTE_AT(0),
			       BPF_STMT(BPF_ALU | BPF_MOD | BPF_X, 0), TO_X, INDEXED(0),
			       ACCEPT),
			 7 + 1);
	assert_int_equal(BYTES(BPF_STMT(BPF_LDX | BPF_IMM, 8), LOAD_BYTE_AT(0),
			       BPF_STMT(BPF_ALU | BPF_DIV | BPF_X, 0), TO_X, INDEXED(0),
			       ACCEPT),
			 255 + 1);
}

/* Where ways join, the larger bound counts; what is not reached does not. */
static void test_joins(void **state)
{
	assert_int_equal(BYTES(LOAD_BYTE_AT(0), BPF_STMT(BPF_LDX | BPF_IMM, 100),
			       BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 7, 1, 0),
			       BPF_STMT(BPF_LDX | BPF_IMM, 50), INDEXED(0), ACCEPT),
			 100 + 1);
	assert_int_equal(BYTES(LOAD_BYTE_AT(0), BPF_STMT(BPF_JMP | BPF_JA, 1),
			       LOAD_BYTE_AT(200), ACCEPT),
			 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_constant_offsets),
		cmocka_unit_test(test_arithmetic),
		cmocka_unit_test(test_wrapping),
		cmocka_unit_test(test_registers),
		cmocka_unit_test(test_joins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
