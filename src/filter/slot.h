/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slot.h - put generated code where bpf/packet.h says that a filter goes
 */
#ifndef BPFPATH_SLOT_H
#define BPFPATH_SLOT_H

#include <stddef.h>
#include <linux/bpf.h>

struct extended;

/*
 * Put @code into every slot in @insns that begins with @marker, one of
 * FILTER_SLOT_BEGIN_*. Returns how many there were, or -E2BIG.
 */
int slot_fill(struct bpf_insn *insns, size_t count, __s32 marker,
	      const struct extended *code);

#endif
