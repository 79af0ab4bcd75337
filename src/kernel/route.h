/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route.h - which way the kernel would send a packet, as it says itself (netlink)
 */
#ifndef BPFPATH_ROUTE_H
#define BPFPATH_ROUTE_H

#include <stdbool.h>
#include <stdint.h>

struct sockaddr;

struct route {
	bool local;	     /* to an address of this machine */
	int gateway_family;  /* AF_INET or AF_INET6; 0: there is no gateway */
	uint8_t gateway[16]; /* 4 bytes of it with AF_INET */
};

/*
 * The route to @address, in the namespace of the process, out of the device
 * @ifindex (0: any). 0, or a negative errno: there is none, or it is not known.
 */
int route_get(const struct sockaddr *address, uint32_t ifindex, struct route *out);

/* Every link may have this address, and it has no zone that says which one (RFC 4007). */
bool route_lacks_link(const struct sockaddr *address);

#endif
