/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * roles.h - which place of one path is which one of the other
 *
 * Namespaces and devices go by their names. Where a name is in one of the paths alone,
 * the place that is met in its stead on the other side is its counterpart, and has to
 * stay it all along.
 */
#ifndef BPFPATH_ROLES_H
#define BPFPATH_ROLES_H

#include <stdbool.h>
#include <stddef.h>

struct route;
struct step;

enum roles_what { ROLES_NETNS, ROLES_DEVICE };

struct role {
	enum roles_what what;
	const struct step *left, *right; /* the first ones there */
	bool wrong;			 /* these are not each other's counterpart */
	bool renamed;			 /* they are, with different names */
};

struct roles {
	const struct route *left, *right;
	bool strict; /* a device of another name is another device */
	struct role *list;
	size_t count;
};

void roles_clear(struct roles *roles);

/*
 * Two steps that belong together: are they at the same place? What differs is told once,
 * in *@netns and *@device, and not again where both are there as before. 0 or -ENOMEM.
 */
int roles_compare(struct roles *roles, const struct step *left, const struct step *right,
		  bool *netns, bool *device);

#endif
