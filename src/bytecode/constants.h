/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * constants.h - which values are the same on every way through a program
 *
 * Only ways that can be taken are followed, as in conditional constant propagation
 * (Wegman and Zadeck 1991).
 */
#ifndef BPFPATH_CONSTANTS_H
#define BPFPATH_CONSTANTS_H

#include <stdbool.h>
#include <stddef.h>

struct bpf_insn;
struct fold_data;

/*
 * Make loads from @data numbers, registers that are known operands, and branches that are
 * known jumps or nothing (a jump to the next instruction). @reached, of @count, receives
 * which instructions can be reached; of a wide one the first slot. 0, or -ENOMEM or
 * -EINVAL as fold() has them.
 */
int constants_fold(struct bpf_insn *insns, size_t count, const struct fold_data *data,
		   bool *reached);

#endif
