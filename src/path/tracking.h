/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracking.h - the paths that were not handed over yet: which there are, where each
 * one's packet lies, how it ends, and whose turn it is
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_TRACKING_H
#define BPFPATH_TRACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"
#include "path/assembler.h"
#include "path/handed.h"
#include "path/lineage.h"
#include "path/order.h"
#include "path/returns.h"
#include "path/tracked.h"

struct naming;

struct tracking {
	struct table by_packet, by_skb;
	struct table by_former; /* struct former */
	struct order order;
	struct lineage_index lineage;
	struct returns returns;
	size_t open;  /* that have not ended, or wait for returns */
	size_t steps; /* of all paths */
	struct handed handed;
	struct assembler_apart apart;
	uint64_t last_id;
	uint64_t moves; /* packets that have gone on as another one */
	struct {
		struct step *steps;
		size_t capacity;
		uint8_t *trail;
		size_t trail_size;
	} spare;		/* of a path that was handed over, for the next one */
	struct tracked *latest; /* that was asked for; NULL: it is gone, or nobody was */
	uint64_t now;		/* the latest time that was heard of */
	uint64_t lost;		/* events, in all, by the kernel side's count */
	uint64_t placed;	/* of these, those that a later event has told of */
};

void tracking_init(struct tracking *tracking);

/* Free all that is left. */
void tracking_clear(struct tracking *tracking);

/* It is @now, if that is later than before. */
static inline void tracking_time(struct tracking *tracking, uint64_t now)
{
	if (now > tracking->now)
		tracking->now = now;
}

/*
 * The path of the packet that has, or had, the kernel side's id @packet; NULL: there is
 * none.
 */
struct tracked *tracking_look(const struct tracking *tracking, uint64_t packet);

/* Likewise; mostly it is the one that was asked for last. */
static inline struct tracked *tracking_find(struct tracking *tracking, uint64_t packet)
{
	if (!tracking->latest || tracking->latest->path.packet != packet)
		tracking->latest = tracking_look(tracking, packet);
	return tracking->latest;
}

/*
 * A path begins with @event. Where there are too many open ones the oldest ends. NULL:
 * no memory.
 */
struct tracked *tracking_begin(struct tracking *tracking, const struct event *event);

/*
 * The path goes on as that of the packet @packet, a copy, while what it was made of is
 * freed. 0 or -ENOMEM.
 */
int tracking_move(struct tracking *tracking, struct tracked *tracked, uint64_t packet);

/*
 * Where the packet of a live path lies now; 0: not known. Whoever was known to lie
 * there was freed without having been seen: the kernel side never follows two packets
 * at one address.
 */
void tracking_resettle(struct tracking *tracking, struct tracked *tracked, uint64_t skb);

/* ... which is asked for with each event, and mostly where it lay before. */
static inline void tracking_settle(struct tracking *tracking, struct tracked *tracked,
				   uint64_t skb)
{
	if (tracked->by_skb.key != skb)
		tracking_resettle(tracking, tracked, skb);
}

/* No path may have more steps, or this one may not: assembler.h. */
static inline bool tracking_is_full(const struct tracking *tracking,
				    const struct tracked *tracked)
{
	return tracked->steps >= ASSEMBLER_PATH_STEPS ||
	       tracking->steps >= ASSEMBLER_STEPS;
}

/*
 * The path gets one more step; @data are its headers, if it has any. 0; -ENOMEM: it is
 * not there, or will not be seen to return.
 */
int tracking_step(struct tracking *tracking, struct tracked *tracked,
		  const struct trail_step *step, const uint8_t *data);

/* Its steps are put into .path, from the trail: path_unfold(). */
size_t tracking_unfold(struct tracking *tracking, struct tracked *tracked,
		       struct naming *naming);

/*
 * A live path that was unfolded forgets all steps but the first @count: they are another
 * packet's.
 */
void tracking_truncate(struct tracking *tracking, struct tracked *tracked, size_t count);

/*
 * A live path ends: with @event where the cause is END_FREED, else NULL. @freed_by: the
 * function that freed the packet without a word, or NULL.
 */
void tracking_end(struct tracking *tracking, struct tracked *tracked,
		  enum end_cause cause, const struct event *event, const char *freed_by);

/* A call has returned: if the ended path waited for no other one, it waits no more. */
void tracking_returned(struct tracking *tracking, struct tracked *tracked);

/* The oldest open path ends now, whatever it waits for. False: there is none. */
bool tracking_end_oldest(struct tracking *tracking, enum end_cause cause);

/* Has any path ended that was not handed over? */
static inline bool tracking_waits(const struct tracking *tracking)
{
	return !TAILQ_EMPTY(&tracking->order.waiting) ||
	       !TAILQ_EMPTY(&tracking->order.ready) ||
	       !TAILQ_EMPTY(&tracking->returns.waiting);
}

/* The ended path that is to be handed over next, now; NULL: none. */
struct tracked *tracking_next(struct tracking *tracking);

/* Did it end, and was its path handed over, so that nothing can be added to it? */
static inline bool tracking_is_over(struct tracking *tracking, uint64_t packet)
{
	return handed_knows(&tracking->handed, packet);
}

/* It was handed over: forget it, but for the fact that it was. */
void tracking_forget(struct tracking *tracking, struct tracked *tracked);

#endif
