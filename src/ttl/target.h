/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * target.h - one address of a URL, and what was found out about it
 */
#ifndef BPFPATH_TTL_TARGET_H
#define BPFPATH_TTL_TARGET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "ttl/distance.h"

struct ttl_url;

enum target_outcome {
	TARGET_CONNECTED,
	TARGET_REFUSED,	   /* with a RST, whose TTL is as good as any */
	TARGET_TIMEOUT,	   /* no answer within the limit */
	TARGET_FAILED,	   /* connecting; .why says how */
	TARGET_UNRESOLVED, /* the name has no address; .why */
	TARGET_OUTCOMES,
};

/* Packets of the peer with this TTL, and the same of FIN, SYN, RST, ACK. */
struct target_packets {
	uint64_t count;
	uint8_t ttl, tcp_flags;
};

struct target {
	const struct ttl_url *url;
	struct sockaddr_storage address;
	socklen_t address_length; /* 0: TARGET_UNRESOLVED */

	enum target_outcome outcome;
	char why[128];
	struct target_packets *packets; /* SYNs first, then by TTL */
	size_t packet_kinds;		/* 0: nothing was measured */
	struct distance distance;	/* of packets, if there are any */
};

/* @targets from malloc(3) and all that they own. */
void targets_free(struct target *targets, size_t count);

/* The same packets, counted once more or anew. 0 or -ENOMEM. */
int target_add(struct target *target, const struct target_packets *packets);

/* All packets are there: put them in order, and decide what the distance is. */
void target_decide(struct target *target, struct distance_bounds bounds);

/* "192.0.2.7", "2001:db8::1"; "" without an address. @size >= INET6_ADDRSTRLEN. */
void target_address(const struct target *target, char *text, size_t size);

#endif
