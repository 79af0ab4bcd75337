/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * compact.h - take instructions out of a program
 */
#ifndef BPFPATH_COMPACT_H
#define BPFPATH_COMPACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bpf_insn;

/*
 * Take out of @insns, @count of them, what @wanted does not have (of a wide instruction
 * its first slot counts), and jumps that then lead nowhere but on; in place. Jumps and
 * calls lead to where they led. @places as fold() has it. Returns how many are left.
 */
size_t compact(struct bpf_insn *insns, size_t count, bool *wanted, uint32_t *places);

#endif
