// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "bpf/packet.h"
#include "filter/extended.h"
#include "filter/slot.h"

/* Marker, FILTER_SLOT_INSNS times "goto +0", marker, exit. */
#define SLOT_END  (FILTER_SLOT_INSNS + 1)
#define SLOT_EXIT (FILTER_SLOT_INSNS + 2)
#define SLOT_SIZE (FILTER_SLOT_INSNS + 3)

/* "r0 = 0" and the jump over what the code leaves free. */
#define SLOT_HEAD 2

static bool slot_is_marker(const struct bpf_insn *insn, __s32 marker)
{
	return insn->code == (BPF_ALU64 | BPF_MOV | BPF_K) &&
	       insn->dst_reg == BPF_REG_0 && insn->imm == marker;
}

static bool slot_is_at(const struct bpf_insn *insns, size_t left, __s32 marker)
{
	return left >= SLOT_SIZE && slot_is_marker(insns, marker) &&
	       slot_is_marker(&insns[SLOT_END], FILTER_SLOT_END) &&
	       insns[SLOT_EXIT].code == (BPF_JMP | BPF_EXIT);
}

/*
 * The code goes to the very end of the slot, so that it ends with the slot's
 * exit. To reach it the slot must not be a long run of "goto +0": the verifier
 * takes those out one by one, moving all that follows each time. A jump that
 * is always taken, but is a condition to look at, makes all between one stretch
 * of dead code, which is cut out at once; and because it might fall through,
 * nothing counts as unreachable, for which the program would be refused.
 */
static void slot_write(struct bpf_insn *slot, const struct extended *code)
{
	unsigned int free = SLOT_SIZE - code->count;

	slot[0] = (struct bpf_insn){ .code = BPF_ALU64 | BPF_MOV | BPF_K,
				     .dst_reg = BPF_REG_0 };
	slot[1] = (struct bpf_insn){ .code = BPF_JMP | BPF_JEQ | BPF_K,
				     .dst_reg = BPF_REG_0,
				     .off = free - SLOT_HEAD };
	for (unsigned int i = SLOT_HEAD; i < free; i++)
		slot[i] = (struct bpf_insn){ .code = BPF_JMP | BPF_JA };
	memcpy(&slot[free], code->insns, code->count * sizeof(*slot));
}

int slot_fill(struct bpf_insn *insns, size_t count, __s32 marker,
	      const struct extended *code)
{
	int filled = 0;

	if (code->count > SLOT_SIZE - SLOT_HEAD)
		return -E2BIG;

	for (size_t i = 0; i < count; i++) {
		if (!slot_is_at(&insns[i], count - i, marker))
			continue;
		slot_write(&insns[i], code);
		i += SLOT_EXIT;
		filled++;
	}
	return filled;
}
