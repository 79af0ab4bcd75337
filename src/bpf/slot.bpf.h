/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * slot.bpf.h - the place in a BPF program where the filter goes
 *
 * The user side writes the filter over the bodies of these two functions
 * before it loads the program (filter/slot.c). The arguments are inputs of the
 * assembly, in the registers that they arrive in: so callers pass them, and
 * nothing stands before or behind the assembly but the exit. The functions
 * are static, so that the verifier checks the body with what it knows of the
 * caller's arguments: a pointer into a map value stays one.
 *
 * Not __attribute__((naked)): clang 14 then leaves the names of the arguments
 * out of the BTF, and the kernel refuses all of it.
 */
#ifndef BPFPATH_SLOT_BPF_H
#define BPFPATH_SLOT_BPF_H

#include <stdbool.h>
#include <linux/bpf.h>
#include <bpf/bpf_helpers.h>

#include "bpf/event.h"
#include "bpf/packet.h"

#define SLOT_TEXT_OF(value) #value
#define SLOT_TEXT(value)    SLOT_TEXT_OF(value)

/* A 64-bit result: for a shorter one clang would add code behind the body. */
#define SLOT_FUNCTION(name, marker)                                                              \
	static __noinline __u64 name(const __u8 *data, __u64 captured, __u64 len)                \
	{                                                                                        \
		register const __u8 *r1 asm("r1") = data;                                        \
		register __u64 r2 asm("r2") = captured;                                          \
		register __u64 r3 asm("r3") = len;                                               \
		register __u64 r0 asm("r0");                                                     \
                                                                                                 \
		asm volatile(                                                                    \
			"r0 = " SLOT_TEXT(                                                       \
				marker) "\n"                                                     \
					".rept " SLOT_TEXT(                                      \
						FILTER_SLOT_INSNS) "\n"                          \
								   "goto +0\n"                   \
								   ".endr\n"                     \
								   "r0 = " SLOT_TEXT(            \
									   FILTER_SLOT_END) "\n" \
			: "=r"(r0), "+r"(r1), "+r"(r2), "+r"(r3)                                 \
			:                                                                        \
			: "r4", "r5", "memory");                                                 \
		return r0;                                                                       \
	}

SLOT_FUNCTION(filter_ethernet, FILTER_SLOT_BEGIN_ETHERNET)
SLOT_FUNCTION(filter_ip, FILTER_SLOT_BEGIN_IP)

/* Does the filter match? @packet lies in a map value. */
static __always_inline bool filter_match(const struct packet *packet)
{
	if (packet->layer == EVENT_LAYER_ETHERNET)
		return filter_ethernet(packet->data, packet->captured, packet->len);
	return filter_ip(packet->data, packet->captured, packet->len);
}

#endif
