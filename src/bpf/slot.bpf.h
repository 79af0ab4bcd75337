/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * slot.bpf.h - the place in a BPF program where the filter goes
 *
 * The user side writes the filter over the bodies of these two functions
 * before it loads the program (filter/slot.c); unfilled, they match everything,
 * slowly.
 *
 * Naked: no prologue, and the arguments stay where callers put them, in r1 to
 * r3, whatever the compiler thinks the body does with them. Static, so that the
 * verifier checks the body with what it knows of the caller's arguments: a
 * pointer into a map value stays one.
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

#define SLOT_BODY(marker)                                              \
	asm volatile("r0 = " SLOT_TEXT(marker) "\n"                    \
		     ".rept " SLOT_TEXT(FILTER_SLOT_INSNS) "\n"        \
		     "goto +0\n"                                       \
		     ".endr\n"                                         \
		     "r0 = " SLOT_TEXT(FILTER_SLOT_END) "\n"           \
		     "exit\n")

static __attribute__((naked, noinline)) __u32 filter_ethernet(const __u8 *data,
							      __u64 captured, __u64 len)
{
	SLOT_BODY(FILTER_SLOT_BEGIN_ETHERNET);
}

static __attribute__((naked, noinline)) __u32 filter_ip(const __u8 *data, __u64 captured,
							__u64 len)
{
	SLOT_BODY(FILTER_SLOT_BEGIN_IP);
}

/* Does the filter match? @packet lies in a map value. */
static __always_inline bool filter_match(const struct packet *packet)
{
	if (packet->layer == EVENT_LAYER_ETHERNET)
		return filter_ethernet(packet->data, packet->captured, packet->len);
	return filter_ip(packet->data, packet->captured, packet->len);
}

#endif
