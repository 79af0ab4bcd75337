/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * measure.h - connect to all targets at once, and see what TTLs come back
 *
 * A connection carries nothing but its handshake and its orderly end: it is shut
 * down as soon as it is there, and what the peer still sends is read and thrown
 * away until the peer's end has come, too.
 */
#ifndef BPFPATH_TTL_MEASURE_H
#define BPFPATH_TTL_MEASURE_H

#include <stddef.h>

struct target;

/*
 * Fill in the outcome, packets and distance of each of @targets that has an
 * address. @seconds is how long a peer may take to answer. 0, or a negative errno
 * after one line to the user.
 */
int measure_targets(struct target *targets, size_t count, double seconds);

#endif
