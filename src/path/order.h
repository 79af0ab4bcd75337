/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * order.h - which path is handed over next
 *
 * In the order of ids, which is that of first sight: a path that has ended
 * waits for those that began before it, but not longer than ORDER_PATIENCE,
 * for a packet may lie in a socket's queue for days. Whoever has been waited
 * for in vain is passed, and comes as soon as he has ended. Every operation
 * costs the same however many paths there are.
 */
#ifndef BPFPATH_ORDER_H
#define BPFPATH_ORDER_H

#include "path/tracked.h"

#define ORDER_PATIENCE 200000000 /* ns */

struct order {
	struct tracked_list passed;  /* open ones, by id */
	struct tracked_list queue;   /* open and ended, by id, higher than those */
	struct tracked_list waiting; /* the ended ones in the queue, by that time */
	struct tracked_list ready;   /* were passed and have ended */
};

void order_init(struct order *order);

/* A path begins; its id is higher than all before. */
void order_begin(struct order *order, struct tracked *tracked);

/* An open path has ended at tracked->ended_at, which never goes back. */
void order_end(struct order *order, struct tracked *tracked);

/* Take out the ended path whose turn it is at the time @now; NULL: none. */
struct tracked *order_next(struct order *order, uint64_t now);

/* The oldest open path; NULL: none. */
struct tracked *order_oldest(const struct order *order);

#endif
