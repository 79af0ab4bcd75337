// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pass over the program, in order, as in bound.c. Each bit of a register is
 * constant, or known to the socket when the packet comes, or unknown. A jump on
 * constants goes one way, one on what is known goes both, and one on unknown bits
 * means that the verdict is not known either: so no value ever depends on an unknown
 * bit by way of a jump, and where ways join, only the bits themselves count.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "filter/classic.h"
#include "filter/decidable.h"

#define ALL UINT32_MAX

/* Bits that are neither constant nor unknown are known, but not to us. */
struct known {
	__u32 constant; /* bits that are always those of .value */
	__u32 value;	/* 0 where not constant */
	__u32 unknown;
};

/* The same for each byte of the headers. */
struct decidable_header {
	unsigned int len;
	struct known bytes[DECIDABLE_IPV6_LEN];
};

struct decidable_state {
	bool reached;
	struct known a, x;
	struct known memory[BPF_MEMWORDS];
};

/* Which ways a jump may go; none: that is not known. */
enum decidable_ways {
	WAY_TRUE = 1,
	WAY_FALSE = 2,
};

static struct known known_constant(__u32 value)
{
	return (struct known){ .constant = ALL, .value = value };
}

/* A result to which each bit of @a and @b may contribute. */
static struct known known_mixed(struct known a, struct known b)
{
	return (struct known){ .unknown = a.unknown | b.unknown ? ALL : 0 };
}

static struct known known_join(struct known a, struct known b)
{
	__u32 constant = a.constant & b.constant & ~(a.value ^ b.value);

	return (struct known){ .constant = constant,
			       .value = a.value & constant,
			       .unknown = a.unknown | b.unknown };
}

static struct known known_and(struct known a, struct known b)
{
	__u32 zeros = (a.constant & ~a.value) | (b.constant & ~b.value);
	__u32 ones = a.value & b.value;

	return (struct known){ .constant = zeros | ones,
			       .value = ones,
			       .unknown = (a.unknown | b.unknown) & ~zeros };
}

static struct known known_or(struct known a, struct known b)
{
	__u32 zeros = a.constant & ~a.value & b.constant & ~b.value;
	__u32 ones = a.value | b.value;

	return (struct known){ .constant = zeros | ones,
			       .value = ones,
			       .unknown = (a.unknown | b.unknown) & ~ones };
}

/* By less than 32 bits; zeros come in. */
static struct known known_shift_left(struct known a, __u32 by)
{
	return (struct known){ .constant = a.constant << by | ~(ALL << by),
			       .value = a.value << by,
			       .unknown = a.unknown << by };
}

static struct known known_shift_right(struct known a, __u32 by)
{
	return (struct known){ .constant = a.constant >> by | ~(ALL >> by),
			       .value = a.value >> by,
			       .unknown = a.unknown >> by };
}

static struct known known_alu(__u8 op, struct known a, struct known b)
{
	bool shift = b.constant == ALL && b.value < 32;

	switch (op) {
	case BPF_AND:
		return known_and(a, b);
	case BPF_OR:
		return known_or(a, b);
	case BPF_LSH:
		return shift ? known_shift_left(a, b.value) : known_mixed(a, b);
	case BPF_RSH:
		return shift ? known_shift_right(a, b.value) : known_mixed(a, b);
	default:
		return known_mixed(a, b);
	}
}

/* ---- the headers */

static void header_constant(struct decidable_header *header, unsigned int at, __u8 bits,
			    __u8 value)
{
	header->bytes[at] = (struct known){ .constant = bits,
					    .value = value,
					    .unknown = (__u8)~bits };
}

/* Addresses and ports, which end the header. */
static void header_known(struct decidable_header *header, unsigned int from,
			 unsigned int end)
{
	for (unsigned int i = 0; i < end; i++)
		header_constant(header, i, 0, 0);
	for (unsigned int i = from; i < end; i++)
		header->bytes[i].unknown = 0;
	header->len = end;
}

/* RFC 791. The bit "don't fragment" differs from socket to socket. */
static void header_ipv4(struct decidable_header *header, __u8 protocol)
{
	header_known(header, 12, DECIDABLE_IPV4_LEN);
	header_constant(header, 0, 0xff, 0x45);
	header_constant(header, 6, 0x3f, 0);
	header_constant(header, 7, 0xff, 0);
	header_constant(header, 9, 0xff, protocol);
}

/* RFC 8200 */
static void header_ipv6(struct decidable_header *header, __u8 protocol)
{
	header_known(header, 8, DECIDABLE_IPV6_LEN);
	header_constant(header, 0, 0xf0, 0x60);
	header_constant(header, 6, 0xff, protocol);
}

/* ---- the program */

/* Does @insn read from the packet? Where from is then in *@at; false: not known. */
static bool load_place(const struct sock_filter *insn,
		       const struct decidable_state *state,
		       const struct decidable_header *header, __u32 *at)
{
	__u64 from = insn->k;

	if (BPF_MODE(insn->code) == BPF_IND) {
		if (state->x.constant != ALL)
			return false;
		from += state->x.value;
	}
	if (from + classic_field_size(insn->code) > header->len)
		return false;
	*at = from;
	return true;
}

static struct known load_field(const struct decidable_header *header, __u32 at,
			       unsigned int size)
{
	struct known field = known_constant(0);

	for (unsigned int i = 0; i < size; i++) {
		const struct known *byte = &header->bytes[at + i];

		field = known_shift_left(field, 8);
		field.constant = (field.constant & ~0xffu) | byte->constant;
		field.value |= byte->value;
		field.unknown |= byte->unknown;
	}
	return field;
}

/* What a BPF_LD or BPF_LDX gives; false: it may leave the bytes that there are. */
static bool decidable_load(const struct sock_filter *insn,
			   const struct decidable_state *state,
			   const struct decidable_header *header, struct known *out)
{
	unsigned int size = classic_field_size(insn->code);
	__u32 at;

	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		*out = known_constant(insn->k);
		return true;
	case BPF_MEM:
		*out = state->memory[insn->k % BPF_MEMWORDS];
		return true;
	case BPF_LEN:
		*out = (struct known){ .unknown = ALL };
		return true;
	}
	if (!load_place(insn, state, header, &at))
		return false;
	*out = load_field(header, at, size);
	if (BPF_MODE(insn->code) == BPF_MSH)
		*out = known_shift_left(known_and(*out, known_constant(0xf)), 2);
	return true;
}

/* A division by zero is a verdict: the packet is rejected. */
static bool decidable_alu(const struct sock_filter *insn, struct decidable_state *state)
{
	__u8 op = BPF_OP(insn->code);
	struct known by = BPF_SRC(insn->code) == BPF_K ? known_constant(insn->k)
						       : state->x;

	if ((op == BPF_DIV || op == BPF_MOD) && by.unknown)
		return false;
	state->a = known_alu(op, state->a, by);
	return true;
}

static bool decidable_step(const struct sock_filter *insn, struct decidable_state *state,
			   const struct decidable_header *header)
{
	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		return decidable_load(insn, state, header, &state->a);
	case BPF_LDX:
		return decidable_load(insn, state, header, &state->x);
	case BPF_ST:
		state->memory[insn->k % BPF_MEMWORDS] = state->a;
		return true;
	case BPF_STX:
		state->memory[insn->k % BPF_MEMWORDS] = state->x;
		return true;
	case BPF_ALU:
		return decidable_alu(insn, state);
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			state->x = state->a;
		else
			state->a = state->x;
		return true;
	}
	return true; /* jumps and returns, see decidable_flow() */
}

static enum decidable_ways ways_equal(struct known a, struct known b)
{
	if (a.constant & b.constant & (a.value ^ b.value))
		return WAY_FALSE;
	if (a.unknown | b.unknown)
		return 0;
	return (a.constant & b.constant) == ALL ? WAY_TRUE : WAY_TRUE | WAY_FALSE;
}

static enum decidable_ways ways_set(struct known a, struct known b)
{
	struct known both = known_and(a, b);

	if (both.value)
		return WAY_TRUE;
	if (both.unknown)
		return 0;
	return both.constant == ALL ? WAY_FALSE : WAY_TRUE | WAY_FALSE;
}

static enum decidable_ways ways_compare(__u8 op, struct known a, struct known b)
{
	bool greater = op == BPF_JGT ? a.value > b.value : a.value >= b.value;

	if (a.unknown | b.unknown)
		return 0;
	if ((a.constant & b.constant) != ALL)
		return WAY_TRUE | WAY_FALSE;
	return greater ? WAY_TRUE : WAY_FALSE;
}

static enum decidable_ways decidable_ways(const struct sock_filter *insn,
					  const struct decidable_state *state)
{
	struct known operand = BPF_SRC(insn->code) == BPF_K ? known_constant(insn->k)
							    : state->x;

	switch (BPF_OP(insn->code)) {
	case BPF_JEQ:
		return ways_equal(state->a, operand);
	case BPF_JSET:
		return ways_set(state->a, operand);
	default:
		return ways_compare(BPF_OP(insn->code), state->a, operand);
	}
}

static void decidable_join(struct decidable_state *into,
			   const struct decidable_state *from)
{
	if (!into->reached) {
		*into = *from;
		return;
	}
	into->a = known_join(into->a, from->a);
	into->x = known_join(into->x, from->x);
	for (int i = 0; i < BPF_MEMWORDS; i++)
		into->memory[i] = known_join(into->memory[i], from->memory[i]);
}

/* Carry the state after @insn to where it can go from there; false: not known. */
static bool decidable_flow(const struct sock_filter *insn, struct decidable_state *state)
{
	struct decidable_state *next = state + 1;
	enum decidable_ways ways;

	if (BPF_CLASS(insn->code) != BPF_JMP) {
		decidable_join(next, state);
		return true;
	}
	if (BPF_OP(insn->code) == BPF_JA) {
		decidable_join(next + insn->k, state);
		return true;
	}
	ways = decidable_ways(insn, state);
	if (ways & WAY_TRUE)
		decidable_join(next + insn->jt, state);
	if (ways & WAY_FALSE)
		decidable_join(next + insn->jf, state);
	return ways;
}

static enum decidable decidable_return(const struct sock_filter *insn,
				       const struct decidable_state *state)
{
	struct known verdict = BPF_RVAL(insn->code) == BPF_A ? state->a
							     : known_constant(insn->k);

	if (verdict.unknown)
		return DECIDABLE_NO;
	return verdict.constant == ALL && !verdict.value ? DECIDABLE_NEVER
							 : DECIDABLE_YES;
}

/* @states: one for each instruction, none of them reached yet. */
static enum decidable decidable_run(const struct classic *classic,
				    const struct decidable_header *header,
				    struct decidable_state *states)
{
	enum decidable result = DECIDABLE_NEVER;

	/* A, X and the scratch memory begin as 0, as bpf_filter() has them. */
	states[0].reached = true;
	states[0].a = states[0].x = known_constant(0);
	for (int i = 0; i < BPF_MEMWORDS; i++)
		states[0].memory[i] = known_constant(0);
	for (unsigned int i = 0; i < classic->count; i++) {
		const struct sock_filter *insn = &classic->insns[i];
		enum decidable verdict = DECIDABLE_NEVER;

		if (!states[i].reached)
			continue;
		if (BPF_CLASS(insn->code) == BPF_RET)
			verdict = decidable_return(insn, &states[i]);
		else if (!decidable_step(insn, &states[i], header) ||
			 !decidable_flow(insn, &states[i]))
			verdict = DECIDABLE_NO;
		if (verdict == DECIDABLE_NO)
			return DECIDABLE_NO;
		if (verdict == DECIDABLE_YES)
			result = DECIDABLE_YES;
	}
	return result;
}

int decidable_compute(const struct classic *classic, __u8 protocol, enum decidable *out)
{
	static void (*const fill[])(struct decidable_header *, __u8) = { header_ipv4,
									 header_ipv6 };
	enum decidable result = DECIDABLE_NEVER;

	for (size_t i = 0; i < sizeof(fill) / sizeof(*fill); i++) {
		AUTO_FREE struct decidable_state *states = calloc(classic->count,
								  sizeof(*states));
		struct decidable_header header = { 0 };
		enum decidable verdict;

		if (!states)
			return -ENOMEM;
		fill[i](&header, protocol);
		verdict = decidable_run(classic, &header, states);
		if (verdict == DECIDABLE_NO || result == DECIDABLE_NEVER)
			result = verdict;
		if (verdict == DECIDABLE_NO)
			break;
	}
	*out = result;
	return 0;
}
