/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shrink.h - take out of a program what a filter left free of its slots
 */
#ifndef BPFPATH_SHRINK_H
#define BPFPATH_SHRINK_H

#include <stddef.h>
#include <stdint.h>

struct bpf_insn;

/*
 * Cut the unused room of filled slots out of @insns, @count of them, in place;
 * jumps and calls still lead to where they led. @places, of @count + 1, receives
 * the new position of each instruction (of one that is gone: that of the next
 * which is not). Returns how many instructions are left.
 */
size_t shrink(struct bpf_insn *insns, size_t count, uint32_t *places);

#endif
