/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * registers.h - what is known of the registers at one place of a program
 */
#ifndef BPFPATH_REGISTERS_H
#define BPFPATH_REGISTERS_H

#include <linux/types.h>

#include "bytecode/value.h"

struct fold_data;

#define REGISTERS 10 /* the frame pointer is no number */

struct registers {
	struct value of[REGISTERS];
};

struct value register_value(const struct registers *registers, __u8 which);

/* Nothing is known of these any more. */
void registers_forget(struct registers *registers, __u8 first, __u8 last);

/* What @insn, arithmetic or a branch, reads beside its destination. */
struct value operand_value(const struct bpf_insn *insn,
			   const struct registers *registers);

/* What is known after @insn, as loads from @data are; NULL: there is none. */
void registers_pass(struct registers *registers, const struct bpf_insn *insn,
		    const struct fold_data *data);

#endif
