/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * naming.h - what the numbers in events are called, remembered
 *
 * Part of the assembler. names.h is asked; what it does not know is told by what was
 * seen before, or by the number itself. Every name returned lives as long as the
 * naming and its names do.
 */
#ifndef BPFPATH_NAMING_H
#define BPFPATH_NAMING_H

#include "bpf/event.h"
#include "path/location.h"
#include "path/memo.h"
#include "path/names.h"
#include "path/queue.h"
#include "path/result.h"
#include "path/stage.h"

#define NAMING_KINDS   1024 /* powers of two */
#define NAMING_SYMBOLS 1024
#define NAMING_TRIES   4 /* functions whose names begin at the same place in .kinds */

/* What a function is to a packet. */
struct naming_kind {
	const char *func;
	struct stage stage;
	struct queue_ways queue;
	const struct meaning *meaning; /* of what it returns; NULL: none */
};

/* All zero but .names knows nothing yet. */
struct naming {
	struct names *names;
	struct memo devices;   /* by namespace and index: names seen in snapshots */
	struct memo functions; /* by address: those without a symbol */
	struct locations locations;
	struct {
		uint64_t address, version; /* names.version when it was asked for */
		const char *name;
	} symbols[NAMING_SYMBOLS]; /* by address: those asked for last */
	/* By where the name lies, which stays as long as paths point to it. */
	struct naming_kind kinds[NAMING_KINDS];
};

void naming_clear(struct naming *naming);

/* The function that @address lies in; without a symbol the address. Never NULL. */
const char *naming_function(struct naming *naming, uint64_t address);

/* The function, tracepoint or gate where it happened. Never NULL. */
const char *naming_event(struct naming *naming, const struct event *event);

/* @function is what naming_function() or naming_event() returned. Valid until the next.
 */
const struct naming_kind *naming_kind(struct naming *naming, const char *function);

/* What such a function returns: result_mean(), or nothing. */
void naming_result(struct naming *naming, const char *function, uint64_t value,
		   struct result *out);

/* NULL: it has no name. */
const char *naming_netns(struct naming *naming, uint32_t inode);

/* A device by namespace and index; NULL: it has no name. */
const char *naming_device(struct naming *naming, uint32_t netns, uint32_t ifindex);

/* ... which somebody has just told. */
void naming_set_device(struct naming *naming, uint32_t netns, uint32_t ifindex,
		       const char *name);

/* The device that an event tells of, by its index; 0: none. */
static inline uint32_t event_device(const struct event *event)
{
	return event->flags & EVENT_NODEV ? 0 : event->ifindex;
}

/*
 * Where it happened; @before: the same of the event of this packet before, or NULL. NULL
 * without memory.
 */
const struct location *naming_location(struct naming *naming,
				       const struct location *before,
				       const struct event_snapshot *snapshot);

#endif
