/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * census.h - which packets there are, by their events alone
 *
 * For who records events and looks at no path: how many there were, and when those that
 * are wanted have come to their end, with all that came of them.
 */
#ifndef BPFPATH_CENSUS_H
#define BPFPATH_CENSUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "cmd/chosen.h"

struct census;
struct names;

/* @names must outlive it. NULL without memory. */
struct census *census_new(struct names *names);
void census_free(struct census *census);

/*
 * Does the event say something? Who wants all packets need not know which these are, and
 * nearly no event begins one.
 */
static inline bool census_wants(const struct chosen *chosen, const struct event *event)
{
	return chosen->limit || event->flags & EVENT_FIRST;
}

/*
 * Take an event that census_wants(), of @size bytes with what is behind it. Where @chosen
 * has a limit, packets are taken as they begin. 0 or -ENOMEM.
 */
int census_event(struct census *census, struct chosen *chosen, const struct event *event,
		 size_t size);

/* How many have begun, copies too. */
uint64_t census_packets(const struct census *census);

/* ... of which so many are no paths of their own: assembler_moves(). */
uint64_t census_moves(const struct census *census);

#endif
