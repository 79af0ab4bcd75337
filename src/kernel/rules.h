/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rules.h - where the running kernel has the names of netfilter's tables and chains
 */
#ifndef BPFPATH_KERNEL_RULES_H
#define BPFPATH_KERNEL_RULES_H

#include <stdint.h>

#include "bpf/rules.h"

struct types;

/*
 * From @types, those of vmlinux, or from the BTF of the modules that have the structs. 0
 * is what is not known: a module is not loaded, or modules have no BTF (before 5.11).
 */
void rules_find(const struct types *types, uint32_t offsets[RULES_OFFSETS]);

#endif
