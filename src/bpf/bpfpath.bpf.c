// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
/*
 * The kernel side of bpfpath: thin programs over shared bodies. The session
 * switches off what the running kernel does not have or does not allow.
 */
#include "bpf/ageing.bpf.h"
#include "bpf/tcx.bpf.h"
#include "bpf/tracepoint.bpf.h"
#include "bpf/trampoline.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
