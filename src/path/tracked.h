/* SPDX-License-Identifier: GPL-2.0-only */
/* tracked.h - a path while the assembler has it; of no use to anybody else */
#ifndef BPFPATH_TRACKED_H
#define BPFPATH_TRACKED_H

#include <sys/queue.h>

#include "base/table.h"
#include "path/end.h"
#include "path/path.h"
#include "path/trail.h"

struct family;

/* What a packet was before: an id of the kernel side's that may still be heard of. */
struct former {
	struct table_node by_packet;
	struct tracked *tracked;
	struct former *next;
};

struct tracked {
	struct path path;	     /* has no steps yet: */
	struct trail trail;	     /* they are here */
	size_t steps;		     /* how many were taken */
	struct table_node by_packet; /* until it is handed over */
	struct former *formers;
	struct table_node by_skb;    /* while it is open, key 0: not in the table */
	TAILQ_ENTRY(tracked) by_id;  /* in order.queue, .passed or .ready */
	TAILQ_ENTRY(tracked) by_end; /* in returns.waiting, then in order.waiting */
	bool open, passed;	     /* order.c's */
	bool waiting;		     /* returns.c's: freed, but still in calls */
	bool frame;		     /* the packet is an XDP frame now */
	bool given_up;		     /* there was no room: more of it may come */
	bool flow_known;
	bool joining; /* lineage.c's: just becomes one of many fragments */
	struct {
		struct call *list; /* that may still return */
		size_t count, capacity;
		unsigned int open; /* that have not returned */
	} calls;		   /* returns.c's */
	struct {
		const char *func;
		uint32_t netns, ifindex;
		uint64_t time;
	} began;	   /* its first step */
	uint64_t ended_at; /* the assembler's time */
	struct end end;

	/* lineage.c's */
	struct family *family;
	struct table_node by_queue; /* while it waits for other fragments */
	uint64_t parent_packet;	    /* the kernel side's id */
	uint32_t transmissions;	    /* of this packet, by TCP */
	uint32_t unsettled;	    /* packets that may have been merged into it */
	struct {
		bool tried;
		uint64_t packet;   /* into which; the kernel side's id */
		const char *proof; /* freed by this function: merged; NULL: by any */
	} merge;
};

TAILQ_HEAD(tracked_list, tracked);

/* Neither ended, nor waiting for the functions that it has ended in. */
static inline bool tracked_is_live(const struct tracked *tracked)
{
	return tracked->open && !tracked->waiting;
}

/* Is @event of what the packet is now, and not of what it was made of? */
static inline bool tracked_is(const struct tracked *tracked, const struct event *event)
{
	return tracked->path.packet == event->packet;
}

/* So many events of it were lost. */
static inline void tracked_lost(struct tracked *tracked, uint64_t lost)
{
	if (!lost)
		return;
	tracked->path.lost += lost;
	tracked->path.complete = false;
}

#endif
