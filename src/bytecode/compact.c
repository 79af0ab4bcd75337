// SPDX-License-Identifier: GPL-2.0-only
#include "bytecode/compact.h"

#include "bytecode/insn.h"

/*
 * Jumps that lead over nothing that is wanted are not wanted, too: the last ones first.
 * @next, of @count + 1, receives for each instruction which is the first wanted from it
 * on.
 */
static void jumps_drop(const struct bpf_insn *insns, size_t count, bool *wanted,
		       uint32_t *next)
{
	next[count] = (uint32_t)count;
	for (size_t at = count; at-- > 0;) {
		const struct bpf_insn *insn = &insns[at];

		if (wanted[at] && insn_is_jump(insn) && insn->off >= 0 &&
		    next[at + 1] == next[at + 1 + insn->off])
			wanted[at] = false;
		next[at] = wanted[at] ? (uint32_t)at : next[at + 1];
	}
}

static size_t places_fill(const struct bpf_insn *insns, size_t count, const bool *wanted,
			  uint32_t *places)
{
	size_t kept = 0;

	for (size_t at = 0; at < count; at++) {
		const bool wide = insn_is_wide(&insns[at]);

		places[at] = kept;
		kept += wanted[at];
		if (wide && at + 1 < count) {
			places[++at] = kept;
			kept += wanted[at - 1];
		}
	}
	places[count] = kept;
	return kept;
}

/* How far from @from it now is to what was @distance behind the one after it. */
static int32_t place_distance(const uint32_t *places, size_t from, int32_t distance)
{
	return (int32_t)(places[from + 1 + distance] - places[from] - 1);
}

size_t compact(struct bpf_insn *insns, size_t count, bool *wanted, uint32_t *places)
{
	size_t kept;

	jumps_drop(insns, count, wanted, places);
	kept = places_fill(insns, count, wanted, places);
	for (size_t at = 0; at < count; at++) {
		struct bpf_insn insn = insns[at];

		if (places[at + 1] == places[at])
			continue;
		if (insn_is_jump(&insn))
			insn.off = (int16_t)place_distance(places, at, insn.off);
		else if (insn_is_local_call(&insn) || insn_is_callback(&insn))
			insn.imm = place_distance(places, at, insn.imm);
		insns[places[at]] = insn;
	}
	return kept;
}
