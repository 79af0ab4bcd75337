/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * returns.h - functions that were seen to return
 *
 * A packet is mostly freed inside of functions whose return is still to come: its
 * path waits for them when it has ended, but not longer than RETURNS_PATIENCE. A
 * return that comes later, or never, is not missed: the step is without it.
 */
#ifndef BPFPATH_RETURNS_H
#define BPFPATH_RETURNS_H

#include "path/tracked.h"

#define RETURNS_PATIENCE 50000000 /* ns */

struct returns {
	struct tracked_list waiting; /* by the time when they ended */
};

void returns_init(struct returns *returns);

/* @tracked has ended, at @now, which never goes back. */
void returns_wait(struct returns *returns, struct tracked *tracked, uint64_t now);

/* It waits no more, if it did. */
void returns_leave(struct returns *returns, struct tracked *tracked);

/* Who has waited in vain, or for nothing any more; NULL: nobody. */
struct tracked *returns_overdue(const struct returns *returns, uint64_t now);

/* @step begins a call. 0 or -ENOMEM. */
int returns_call(struct tracked *tracked, const struct trail_step *step);

/*
 * @event is the end of a call of @function: the last one that began in the same frame.
 * False: that was lost, or too many steps were kept.
 */
bool returns_pair(struct tracked *tracked, const char *function,
		  const struct event *event);

/* The step with which the call began that @end is the end of; path.count: it is gone. */
size_t returns_find(const struct path *path, const struct trail_step *end);

/* The path is given up. */
void returns_forget(struct tracked *tracked);

#endif
