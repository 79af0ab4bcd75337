// SPDX-License-Identifier: GPL-2.0-only
/*
 * One pass over the program, in order: all jumps go forward, so that whatever
 * leads to an instruction has been seen before it. For each register and each
 * word of scratch memory the pass carries the largest value it can hold; where
 * ways join, the larger one counts. A value that is not understood is
 * BOUND_NONE, which is always true.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "bpf/packet.h"
#include "filter/bound.h"
#include "filter/classic.h"

#define BOUND_NONE UINT32_MAX

/* The most that "ldxb 4*([k]&0xf)", the length of an IPv4 header, gives. */
#define BOUND_MSH 60

struct bound_state {
	bool reached;
	__u32 a, x;
	__u32 memory[BPF_MEMWORDS];
};

static __u32 bound_clamp(__u64 value)
{
	return value > BOUND_NONE ? BOUND_NONE : value;
}

static __u32 bound_min(__u32 a, __u32 b)
{
	return a < b ? a : b;
}

static __u32 bound_max(__u32 a, __u32 b)
{
	return a > b ? a : b;
}

/* All bits up to the highest one set. */
static __u32 bound_fill(__u32 value)
{
	return value ? BOUND_NONE >> __builtin_clz(value) : 0;
}

/* The largest result of "a op b" for all a <= @a and b <= @b. */
static __u32 bound_alu(__u8 op, __u32 a, __u32 b, bool constant)
{
	switch (op) {
	case BPF_ADD:
		return bound_clamp((__u64)a + b);
	case BPF_MUL:
		return bound_clamp((__u64)a * b);
	case BPF_AND:
		return bound_min(a, b);
	case BPF_OR:
	case BPF_XOR:
		return bound_fill(a | b);
	case BPF_DIV:
		return constant && b ? a / b : a;
	case BPF_MOD:
		return bound_min(a, b ? b - 1 : 0);
	case BPF_RSH:
		return !constant ? a : b < 32 ? a >> b : 0;
	case BPF_LSH:
		return constant && b < 32 ? bound_clamp((__u64)a << b) : BOUND_NONE;
	default: /* BPF_SUB and BPF_NEG wrap */
		return BOUND_NONE;
	}
}

/* The largest value that a BPF_LD or BPF_LDX gives. */
static __u32 bound_load(const struct sock_filter *insn, const struct bound_state *state)
{
	switch (BPF_MODE(insn->code)) {
	case BPF_IMM:
		return insn->k;
	case BPF_MEM:
		return insn->k < BPF_MEMWORDS ? state->memory[insn->k] : BOUND_NONE;
	case BPF_MSH:
		return BOUND_MSH;
	case BPF_ABS:
	case BPF_IND:
		return BOUND_NONE >> (32 - 8 * classic_field_size(insn->code));
	default: /* BPF_LEN */
		return BOUND_NONE;
	}
}

/* The end of the bytes that @insn reads of the packet, 0 when it reads none. */
static __u32 bound_reach(const struct sock_filter *insn, const struct bound_state *state)
{
	__u8 class = BPF_CLASS(insn->code);
	__u64 end = (__u64)insn->k + classic_field_size(insn->code);

	if (class != BPF_LD && class != BPF_LDX)
		return 0;

	switch (BPF_MODE(insn->code)) {
	case BPF_IND:
		end += state->x;
		break;
	case BPF_ABS:
	case BPF_MSH:
		break;
	default:
		return 0;
	}
	return end < PACKET_SNAP_MAX ? end : PACKET_SNAP_MAX;
}

static void bound_step(const struct sock_filter *insn, struct bound_state *state)
{
	bool constant = BPF_SRC(insn->code) == BPF_K;

	switch (BPF_CLASS(insn->code)) {
	case BPF_LD:
		state->a = bound_load(insn, state);
		break;
	case BPF_LDX:
		state->x = bound_load(insn, state);
		break;
	case BPF_ST:
		state->memory[insn->k % BPF_MEMWORDS] = state->a;
		break;
	case BPF_STX:
		state->memory[insn->k % BPF_MEMWORDS] = state->x;
		break;
	case BPF_ALU:
		state->a = bound_alu(BPF_OP(insn->code), state->a,
				     constant ? insn->k : state->x, constant);
		break;
	case BPF_MISC:
		if (BPF_MISCOP(insn->code) == BPF_TAX)
			state->x = state->a;
		else
			state->a = state->x;
		break;
	}
}

static void bound_join(struct bound_state *into, const struct bound_state *from)
{
	if (!into->reached) {
		*into = *from;
		return;
	}

	into->a = bound_max(into->a, from->a);
	into->x = bound_max(into->x, from->x);
	for (int i = 0; i < BPF_MEMWORDS; i++)
		into->memory[i] = bound_max(into->memory[i], from->memory[i]);
}

/* Carry the state after @insn, the @index-th, to where it can go from there. */
static void bound_flow(const struct sock_filter *insn, unsigned int index,
		       struct bound_state *states)
{
	const struct bound_state *state = &states[index];

	if (BPF_CLASS(insn->code) == BPF_RET)
		return;
	if (BPF_CLASS(insn->code) != BPF_JMP) {
		bound_join(&states[index + 1], state);
		return;
	}
	if (BPF_OP(insn->code) == BPF_JA) {
		bound_join(&states[index + 1 + insn->k], state);
		return;
	}
	bound_join(&states[index + 1 + insn->jt], state);
	bound_join(&states[index + 1 + insn->jf], state);
}

int bound_compute(const struct classic *classic, unsigned int *bytes)
{
	AUTO_FREE struct bound_state *states = calloc(classic->count, sizeof(*states));
	unsigned int reach = 0;

	if (!states)
		return -ENOMEM;

	/* A, X and the scratch memory begin as 0, as bpf_filter() has them. */
	states[0].reached = true;
	for (unsigned int i = 0; i < classic->count; i++) {
		const struct sock_filter *insn = &classic->insns[i];

		if (!states[i].reached)
			continue;
		reach = bound_max(reach, bound_reach(insn, &states[i]));
		bound_step(insn, &states[i]);
		bound_flow(insn, i, states);
	}
	*bytes = reach;
	return 0;
}
