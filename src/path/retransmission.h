/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * retransmission.h - segments that TCP sends once more
 *
 * What TCP sends is a clone of what it keeps, and the next clone of that is another
 * packet with another identity. The first one stands for the segment: the others are
 * branches of it. Which one it is, is told by what they are: connection and sequence
 * number, data or SYN or FIN, and that they began at the same place, so that a copy which
 * is seen further on is none. That a packet is sent once more is told by the function
 * that does it (again.h), or, where none is probed, by nothing but that.
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_RETRANSMISSION_H
#define BPFPATH_RETRANSMISSION_H

#include "path/segment.h"
#include "path/tracked.h"

struct retransmission {
	uint64_t of;	 /* id of the path that had this sequence number first, ... */
	uint64_t root;	 /* ... of the one that that came of in the end */
	uint64_t packet; /* ... the kernel side's id of it */
	uint64_t later;	 /* ns, since that began */
	uint32_t number; /* from 1; 0: it is the first, or has none */
};

/*
 * A path whose headers are known now. Those that are sent come in the order in which they
 * began.
 */
struct retransmission retransmissions_note(struct segments *segments,
					   const struct tracked *tracked);

#endif
