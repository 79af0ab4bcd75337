/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * distance.h - from the TTL of a packet to the routers that it passed
 *
 * Each router takes one away (RFC 1812, 5.3.1; RFC 8200, 3). What the sender
 * began with is not in the packet, but nearly all begin with 32, 64, 128 or 255:
 * the distance is that to the next one above. Where something speaks against
 * this, the distance says so.
 */
#ifndef BPFPATH_TTL_DISTANCE_H
#define BPFPATH_TTL_DISTANCE_H

#include <stddef.h>
#include <stdint.h>

/* What the route to the peer says of the routers between: at least, at most. */
struct distance_bounds {
	uint8_t least, most;
};

#define DISTANCE_UNBOUNDED ((struct distance_bounds){ 0, UINT8_MAX })

enum distance_doubt {
	DISTANCE_CLEAR,
	DISTANCE_GATEWAY,  /* the route has a gateway, the TTL reads 0 */
	DISTANCE_LOCAL,	   /* the peer is this machine, the TTL reads more than 0 */
	DISTANCE_UNCOMMON, /* no common initial value is near */
	DISTANCE_SEVERAL,  /* two common initial values are near */
	DISTANCE_DISAGREE, /* clear, but not the same in all packets */
	DISTANCE_DOUBTS,
};

struct distance {
	uint8_t ttl, initial, routers;
	enum distance_doubt doubt;
};

/* Of one packet. */
struct distance distance_guess(uint8_t ttl, struct distance_bounds bounds);

/*
 * Of a connection, from the TTLs of its packets; @count > 0. What is clear
 * decides; of several that are equally clear, the shortest distance.
 */
struct distance distance_decide(const uint8_t *ttls, size_t count,
				struct distance_bounds bounds);

/* Why it is not clear, in a few words; NULL for DISTANCE_CLEAR. */
const char *distance_doubt_text(enum distance_doubt doubt);

#endif
