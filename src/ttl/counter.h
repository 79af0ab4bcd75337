/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counter.h - a socket filter that counts what TTLs arrive on TCP sockets
 *
 * The filter is a few instructions, written out by hand, and one hash map for
 * all sockets. It accepts every packet as it is. It sees what belongs to the
 * connection before TCP looks at it, so also the RST that refuses one.
 */
#ifndef BPFPATH_TTL_COUNTER_H
#define BPFPATH_TTL_COUNTER_H

#include <stddef.h>
#include <stdint.h>

struct counter;

/* Packets of one socket with the same TTL, and the same of FIN, SYN, RST, ACK. */
struct counter_entry {
	uint64_t socket; /* its cookie */
	uint64_t count;
	uint8_t ttl, tcp_flags;
};

/* For so many @sockets. 0, or a negative errno after one line to the user. */
int counter_open(size_t sockets, struct counter **out);
void counter_close(struct counter *counter);

/* Count on socket @fd from now on; *@cookie is its name in the entries. */
int counter_attach(const struct counter *counter, int fd, uint64_t *cookie);
void counter_detach(int fd);

/*
 * Call @fn with each entry, in no order. Its negative errno ends the walk and is
 * returned; otherwise 0. *@lost packets had no room in the map.
 */
typedef int counter_fn(const struct counter_entry *entry, void *context);
int counter_each(const struct counter *counter, counter_fn *fn, void *context,
		 uint64_t *lost);

#endif
