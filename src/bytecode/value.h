/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value.h - what is known of a register before a program runs
 */
#ifndef BPFPATH_VALUE_H
#define BPFPATH_VALUE_H

#include <stdbool.h>
#include <stdint.h>

struct bpf_insn;

enum value_kind {
	VALUE_NONE,   /* nothing has led here yet */
	VALUE_NUMBER, /* always this number */
	VALUE_DATA,   /* always the address of this byte of the read-only data */
	VALUE_ANY,
};

struct value {
	enum value_kind kind;
	uint64_t number;
};

static inline struct value value_any(void)
{
	return (struct value){ VALUE_ANY, 0 };
}

static inline struct value value_number(uint64_t number)
{
	return (struct value){ VALUE_NUMBER, number };
}

/* What is known where @value may arrive as well; true: less than before. */
bool value_join(struct value *known, struct value value);

/* The result of @insn, of arithmetic, on what it reads. */
struct value value_compute(const struct bpf_insn *insn, struct value dst,
			   struct value src);

enum value_branch {
	BRANCH_OPEN,
	BRANCH_TAKEN,
	BRANCH_NOT_TAKEN,
};

/* Where does @insn, a branch, lead with these? */
enum value_branch value_branch(const struct bpf_insn *insn, struct value dst,
			       struct value src);

#endif
