/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * route.h - a class of paths as another recording could have seen it
 *
 * What the other one did not probe is left out, and loops that come of it are folded. So
 * several classes may become one route.
 */
#ifndef BPFPATH_ROUTE_H
#define BPFPATH_ROUTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/path.h"

struct class;
struct classes;
struct probed;
struct strings;

struct route_step {
	struct step step; /* .changes: since the step before in the route */
	/* Texts that both sides share: the same pointer is the same text. */
	const char *name; /* without a compiler's suffix */
	const char *stage, *dev;
	const struct flow *flow; /* the headers as they are there */
	bool moment;		 /* moment.h */
	bool frees;		 /* it gives the packet back, which the end tells, too */
};

struct route {
	const struct class *class; /* the first that looks like this */
	uint64_t paths;		   /* of all of these */
	struct route_step *steps;
	size_t count;
	size_t hidden; /* steps of .class that were left out */
};

/* All zero is empty. */
struct routes {
	struct route *list;
	size_t count;
	size_t hidden, steps; /* of all classes: left out, and in all */
	uint64_t copies;      /* paths that are left out */
};

/*
 * Of @classes (CLASSES_BY_DECISION, _END and _KIND at least, after classes_finish(),
 * which must outlive it), with their names kept in @names, which both sides share. 0 or
 * -ENOMEM; routes_clear() is for both.
 */
int routes_make(struct routes *routes, const struct classes *classes,
		const struct probed *other, struct strings *names);
void routes_clear(struct routes *routes);

#endif
