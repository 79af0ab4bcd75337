/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hop.h - the devices that a path crosses: one hop for each device and direction
 *
 * Told by the tracepoints and gates where a packet comes in or goes out of a device,
 * which are there with every zoom. A device on top of another one (macvlan, VLAN) takes
 * a packet that has come in without a word: that is told by the functions that the
 * packet comes to next, or by its end.
 */
#ifndef BPFPATH_HOP_H
#define BPFPATH_HOP_H

#include <stdbool.h>
#include <stddef.h>

struct flow;
struct path;
struct step;

struct hop {
	const struct step *step; /* the first on this device */
	const struct flow *flow; /* the headers as they are there; never NULL */
	bool out;		 /* sent by it; otherwise received */
	size_t next;		 /* where to look for the next one */
};

/*
 * The first hop of @path, or, with the one before, the next: all of *@hop is 0 at the
 * beginning. False: there is none any more.
 */
bool hop_next(const struct path *path, struct hop *hop);

/*
 * The step behind the last one that belongs to @hop: from there on the packet is on its
 * way to the next.
 */
size_t hop_end(const struct path *path, const struct hop *hop);

#endif
