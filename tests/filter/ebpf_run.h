/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ebpf_run.h - runs the eBPF that the filter generator writes
 *
 * Not a verifier, but strict: an instruction that is not known, a read outside
 * of data[0..captured) or of what was never written, a jump backward, and code
 * that does not end all stop the process with a message.
 */
#ifndef BPFPATH_TEST_EBPF_RUN_H
#define BPFPATH_TEST_EBPF_RUN_H

#include <stddef.h>
#include <stdint.h>

struct bpf_insn;

/* r0 of a function f(data, captured, len) whose body is @insns. */
uint32_t ebpf_run(const struct bpf_insn *insns, size_t count, const uint8_t *data,
		  uint64_t captured, uint64_t len);

#endif
