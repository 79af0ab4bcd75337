// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/route.h"

#include "kernel/route.h"

struct distance_bounds route_bounds(const struct sockaddr *address)
{
	struct distance_bounds bounds = DISTANCE_UNBOUNDED;
	struct route route;

	if (route_get(address, 0, &route))
		return bounds;
	if (route.local)
		bounds.most = 0;
	if (route.gateway_family)
		bounds.least = 1;
	return bounds;
}
