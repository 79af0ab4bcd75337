/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * handed.h - packets whose paths have ended and were handed over
 *
 * A probe that found the packet in the table may write its step when another CPU has
 * already ended the path. That is a matter of microseconds, so that the last ones are
 * enough, and no list of them is kept: a packet stays known until another one has its
 * place.
 */
#ifndef BPFPATH_HANDED_H
#define BPFPATH_HANDED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

#define HANDED_PACKETS 8192 /* a power of two */

/* All zero: none was. */
struct handed {
	uint64_t packets[HANDED_PACKETS]; /* the kernel side's ids, which are never 0 */
};

static inline uint64_t *handed_place(struct handed *handed, uint64_t packet)
{
	return &handed->packets[hash_add(0, packet) % HANDED_PACKETS];
}

static inline void handed_note(struct handed *handed, uint64_t packet)
{
	*handed_place(handed, packet) = packet;
}

static inline bool handed_knows(struct handed *handed, uint64_t packet)
{
	return *handed_place(handed, packet) == packet;
}

#endif
