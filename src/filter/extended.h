/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * extended.h - classic BPF to eBPF
 *
 * The result is the body of a function
 *
 *	u32 filter(const u8 *data, u64 captured, u64 len)
 *
 * that decides as libpcap's bpf_filter() does: not 0 is a match. It reads only
 * data[0..captured), ends in "exit", calls nothing, and passes the verifier
 * when @data points to PACKET_SNAP_MAX bytes of a map value, with nothing
 * known about @captured (Linux 5.10 and newer: no instruction newer than 5.1).
 */
#ifndef BPFPATH_EXTENDED_H
#define BPFPATH_EXTENDED_H

#include <linux/bpf.h>

struct classic;

struct extended {
	struct bpf_insn *insns;
	unsigned int count; /* <= FILTER_SLOT_INSNS */
};

/*
 * @classic has passed check_classic(). 0, -ENOMEM, or -E2BIG when the code is
 * too long for a slot.
 */
int extended_generate(const struct classic *classic, struct extended *out);
void extended_free(struct extended *extended);

#endif
