/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dump.h - generated eBPF as text
 */
#ifndef BPFPATH_DUMP_H
#define BPFPATH_DUMP_H

#include <stdio.h>

struct bpf_insn;
struct extended;

/*
 * The text of @insn, in the notation of the kernel's verifier: r4 is a 64-bit
 * register, w4 its lower half. Only what extended_generate() writes is known.
 */
void dump_insn(const struct bpf_insn *insn, char *text, size_t size);

/* All of @code, a line for each instruction, numbered from 0. */
void dump_extended(const struct extended *code, FILE *out);

#endif
