/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * path.h - what became of one packet: its steps in order, and its end
 */
#ifndef BPFPATH_PATH_H
#define BPFPATH_PATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "path/change.h"
#include "path/detail.h"
#include "path/flow.h"
#include "path/headers.h"
#include "path/missed.h"
#include "path/queue.h"
#include "path/relation.h"
#include "path/result.h"
#include "path/stage.h"

enum path_end {
	PATH_OPEN,	  /* neither freed nor read when tracing stopped */
	PATH_DELIVERED,	  /* taken by a socket */
	PATH_TRANSMITTED, /* handed to a device driver, then freed by it */
	PATH_DROPPED,	  /* freed as a loss: kfree_skb */
	PATH_CONSUMED,	  /* freed after use: consume_skb, or without a word */
	PATH_LOST,	  /* lost from sight: its address belongs to another packet,
			     or too many paths were open and it was the oldest */
	PATH_MERGED,	  /* its data is part of another packet */
	PATH_ENDS
};

/* "open", "delivered", ... */
const char *path_end_name(enum path_end end);

/* All strings are owned by the path or live as long as the names they came from. */
struct step {
	uint64_t time;	  /* ns, CLOCK_MONOTONIC */
	const char *func; /* function or tracepoint; "tc ingress", "tc egress" */
	const char *stage;
	enum stage_role role;
	uint32_t netns, ifindex; /* 0: not known, or no device yet */
	const char *netns_name;	 /* NULL: has none */
	char dev[EVENT_DEV_LEN]; /* "": not known, or no device yet */
	bool inferred;		 /* netns and device come from the steps around */
	uint32_t pid, tid;
	char comm[EVENT_COMM_LEN]; /* always ends in '\0'; any other byte */
	uint32_t len, mark;	   /* 0 where not known */
	uint16_t cpu;
	uint8_t kind; /* enum event_kind */
	uint8_t id;
	uint16_t headers;	 /* of path.headers, from 1; 0: none were captured here */
	uint8_t checksum;	 /* enum event_checksum */
	struct queue_ways queue; /* path_waited() */
	uint64_t value;
	bool called;		 /* a return is to come, or has */
	uint64_t returned;	 /* when the function did; 0: not seen */
	struct result result;	 /* what it returned: .numeric, .word */
	uint32_t frame;		 /* event.h; 0: not known */
	uint16_t depth;		 /* path.nested: in how many calls that were seen it is */
	struct flow *flow;	 /* the headers, where they came anew; else NULL */
	struct changes *changes; /* since the steps before; NULL: none */
	struct detail *detail;	 /* what the function knew of it; NULL: nothing else */
};

/* Of one path; those that come later are not kept. */
#define PATH_HEADERS_MAX 1024

/* A branch of a path, or a packet that was merged into it. */
struct relative {
	uint64_t id;	 /* of its path */
	uint64_t time;	 /* of a branch: its first step */
	uint32_t number; /* of a transmission: which, from 1 */
	enum relation relation;
};

struct relatives {
	struct relative *list;
	size_t count;
};

/* The packets that a packet came of, that come of it, and that went into it. */
struct lineage {
	uint64_t root;	 /* id of the path that it all began with: often its own */
	uint64_t origin; /* the same, but a retransmission begins anew: what is shown
			    and judged together */
	uint64_t parent; /* id of the path it is a branch of; 0: none is known */
	enum relation relation;
	uint32_t number;    /* of a transmission or retransmission: which, from 1; 0:
			       what it is one of was not seen */
	uint64_t later;	    /* of a retransmission: ns, since .parent began */
	const char *maker;  /* the function that made it; NULL: it is no branch, or
			       none was seen to make it */
	const char *caller; /* who called that one; NULL: not known */
	struct relatives branches; /* in order of time */
	struct relatives members;  /* merged into this one */
	uint64_t merged_into;	   /* id; 0: none, or a packet that is not followed */
	bool merged;		   /* it was, into that one */
	bool aside;	  /* it, or what it came of, was made to ask for a neighbour */
	size_t remaining; /* paths of the origin that were not handed over yet */
};

struct path {
	uint64_t id;	 /* of the packet, from 1 in order of first sight */
	uint64_t packet; /* the kernel side's id */
	struct flow flow;
	uint32_t netns; /* where it was seen first; 0: not known */
	struct lineage lineage;
	uint64_t conversation; /* number, from 1; 0: none is known */
	struct step *steps;
	size_t count, capacity;
	struct headers *headers; /* in the order in which they came */
	size_t headers_count;
	uint64_t skipped; /* steps beyond what a path may hold: counted, not kept */
	size_t end_step; /* that delivered, transmitted or merged it, else the last one */
	enum path_end end;
	uint32_t reason_value; /* drop reason, ... */
	const char *reason;    /* ... by name, NULL: none, or not known */
	/* The function that delivered, dropped or freed it; of a transmission
	   the driver's; otherwise the last one seen. NULL: not known. */
	const char *where;
	bool where_last; /* .where did not end it for sure: it was seen there last */
	bool nested;	 /* steps have a depth */
	bool complete;	 /* false: it may have a hole */
	bool narrowed;	 /* probes were taken away while it was under way */
	struct missed_list missed; /* what the kernel skipped meanwhile, of any packet */
	uint64_t blind; /* tracepoints at moments at which no function was seen */
	uint64_t lost;	/* events of this path that were lost; when its end was not
			   seen, that may be its own */
};

/* With headers and changes of its own. 0 or -ENOMEM; step_clear() is for both. */
int step_copy(struct step *to, const struct step *from);
void step_clear(struct step *step);

/* Forget all steps but the first @count. */
void path_truncate(struct path *path, size_t count);

/* A path of its own, with all but the headers. 0 or -ENOMEM, and then it is empty. */
int path_copy(struct path *to, const struct path *from);

/* Free what @path holds, and make it empty. */
void path_free(struct path *path);

/* From the first step to the last, in ns. */
uint64_t path_duration(const struct path *path);

/* ns; 0 where the clocks of two processors differ so that @to is before. */
uint64_t path_between(const struct step *from, const struct step *to);

/*
 * The step at which a process took the packet's data out of a socket; NULL when
 * that was not seen.
 */
const struct step *path_reader(const struct path *path);

/*
 * Did a path that is still open give the packet to a socket? It may have been read since:
 * a small UDP packet is copied without a word (copy_linear_skb, include/net/udp.h), and
 * its memory may be freed much later.
 */
bool path_is_with_socket(const struct path *path);

/*
 * What the drop reason means, in words; where the kernel gives none, what a drop at
 * this place most often means. NULL: no drop, or nothing to say. Built in.
 */
const char *path_explanation(const struct path *path);

/* .where as a text, "" where that is not known. */
const char *path_where(const struct path *path);

/* How many different namespaces and devices the steps name; 0 without memory. */
size_t path_netns_count(const struct path *path);
size_t path_device_count(const struct path *path);

#endif
