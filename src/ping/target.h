/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target.h - whom echoes are sent to, and by way of whom
 */
#ifndef BPFPATH_PING_TARGET_H
#define BPFPATH_PING_TARGET_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Target, source, gateway. */
#define PING_NEIGHBOURS 3

struct ping_target {
	struct sockaddr_storage address;
	socklen_t length;
	char text[INET6_ADDRSTRLEN];
	/*
	 * Addresses that neighbours may have to ask each other for, so that an echo and
	 * its answer arrive: of the family of .address, 4 or 16 bytes each.
	 */
	uint8_t neighbours[PING_NEIGHBOURS][16];
	size_t neighbour_count;
};

/*
 * Look up @name (AF_UNSPEC: in any @family) and the way to it, out of the device
 * @ifindex (0: any), in the namespace of the process. 0, or a negative errno after
 * one line to the user.
 */
int ping_target_find(const char *name, int family, uint32_t ifindex,
		     struct ping_target *out);

#endif
