/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * content.h - copies that are known by what is in them
 *
 * Where no function is probed a copy is not seen to be made: it is another packet, at
 * another address, which matches the filter at its first gate. That it is a copy is told
 * by its addresses, ports, identification, sequence numbers and first bytes of data, and
 * that it is seen first elsewhere than the packet was: what a sender sends twice begins
 * twice at the same place. No more can be known, so that the relation is one of its own.
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_CONTENT_H
#define BPFPATH_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/recent.h"
#include "bpf/event.h"

#define CONTENT_PACKETS 16384 /* the last ones, which are known again */

struct contents {
	struct recent packets;
	bool told; /* functions tell of copies: nothing is to be guessed */
};

void contents_init(struct contents *contents);
void contents_clear(struct contents *contents);

/*
 * An event of a packet, @snapshot has its headers if it has any. The kernel side's id of
 * the packet that it may be a copy of, if it begins with this; 0: of none that is known.
 * Without memory it will not be known again.
 */
uint64_t contents_note(struct contents *contents, const struct event_snapshot *snapshot);

#endif
