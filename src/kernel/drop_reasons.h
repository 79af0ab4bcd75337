/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * drop_reasons.h - the kernel's names for why a packet was dropped
 */
#ifndef BPFPATH_DROP_REASONS_H
#define BPFPATH_DROP_REASONS_H

#include <stdint.h>

struct drop_reasons;
struct types;

/*
 * From enum skb_drop_reason (5.17, c504e5c2f964) in the @types of vmlinux, and
 * from the enums of subsystems (6.4, 071c0fc6fb91), in the BTF of their
 * modules too when these are loaded. Empty on a kernel without drop reasons.
 * NULL without memory.
 */
struct drop_reasons *drop_reasons_read(const struct types *types);
void drop_reasons_free(struct drop_reasons *reasons);

/*
 * "OTHERHOST" for SKB_DROP_REASON_OTHERHOST, "CONSUMED" for SKB_CONSUMED, names
 * of subsystems in full ("OVS_DROP_METER"); NULL when unknown.
 */
const char *drop_reasons_name(const struct drop_reasons *reasons, uint32_t reason);

#endif
