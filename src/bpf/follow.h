/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * follow.h - the table of followed packets, as the user side sees it, too
 */
#ifndef BPFPATH_FOLLOW_H
#define BPFPATH_FOLLOW_H

#define FOLLOW_TABLE_SIZE 16384 /* packets; the session may set another */

/*
 * An address may lie in any of so many places, spread over all of them. There are at
 * least twice as many as packets, so that all of them being taken is one case in 2^16
 * when the table is full, and in 2^27 when it is half full.
 */
#define FOLLOW_TRIES 16

/* Places of a table for so many @packets, when that is a power of two. */
#define FOLLOW_SLOTS(packets) (2 * (packets))

/* That many places are 2 to the power of this, for FOLLOW_TABLE_SIZE. */
#define FOLLOW_BITS 15

#endif
