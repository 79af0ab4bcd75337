/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hop.h - the devices that a path crosses: one hop for each device and direction
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

#endif
