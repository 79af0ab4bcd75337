/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * location.h - where steps were: namespace and device, with the names that they had
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_LOCATION_H
#define BPFPATH_LOCATION_H

#include <stdint.h>

#include "base/table.h"
#include "bpf/event.h"

#define LOCATIONS_MAX 262144

struct location {
	struct table_node node;
	uint32_t netns, ifindex; /* 0: not known, or no device yet */
	const char *netns_name;	 /* NULL: has none */
	char dev[EVENT_DEV_LEN]; /* filled up with zeros; "": not known, or none yet */
};

/* All zero has none. */
struct locations {
	struct table table; /* by namespace and index, under each name */
	size_t count;
};

/*
 * The one location like @wanted, that stays where it is until locations_clear(); beyond
 * LOCATIONS_MAX one of which nothing is known. NULL without memory.
 */
const struct location *locations_get(struct locations *locations,
				     const struct location *wanted);
void locations_clear(struct locations *locations);

#endif
