/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * unused.h - which results of a program nobody reads
 */
#ifndef BPFPATH_UNUSED_H
#define BPFPATH_UNUSED_H

#include <stdbool.h>
#include <stddef.h>

struct bpf_insn;

/*
 * Clear in @wanted, of @count, those instructions that do nothing but write a register
 * that is not read. Only those that @wanted has are looked at. 0 or -ENOMEM.
 */
int unused_find(const struct bpf_insn *insns, size_t count, bool *wanted);

#endif
