/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route.h - what the route to a peer says about its distance
 */
#ifndef BPFPATH_TTL_ROUTE_H
#define BPFPATH_TTL_ROUTE_H

#include "ttl/distance.h"

struct sockaddr;

/*
 * A gateway is one router at least; an address of this machine has none before
 * it. DISTANCE_UNBOUNDED where there is no word on either, or no route.
 */
struct distance_bounds route_bounds(const struct sockaddr *address);

#endif
