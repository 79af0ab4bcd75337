/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lineage.h - which packets come of one another, and which became one
 *
 * Part of the assembler. The kernel side tells of a relation while both packets
 * are followed, so both are known here when it does.
 */
#ifndef BPFPATH_LINEAGE_H
#define BPFPATH_LINEAGE_H

#include "path/relation.h"
#include "path/retransmission.h"
#include "path/tracked.h"

/* All zero but .packets is empty. */
struct lineage_index {
	const struct table *packets; /* tracked.by_packet, by the kernel side's id */
	struct table queues;	     /* fragments that wait for others, by queue */
};

/* A path begins: of no other one, so far. 0 or -ENOMEM. */
int lineage_begin(struct tracked *tracked);

/*
 * Its first event says that it is a copy of another packet, which may be unknown.
 * What @making points to live as long as the names do. 0 or -ENOMEM.
 */
int lineage_branch(struct lineage_index *index, struct tracked *tracked,
		   const struct event *event, const struct making *making);

/*
 * A path that begins is of no other one, but has the content of the packet @packet, which
 * may be unknown by now. 0 or -ENOMEM.
 */
int lineage_recognise(struct lineage_index *index, struct tracked *tracked,
		      uint64_t packet, uint64_t time);

/* A function has told that TCP sends it once more. */
void lineage_resent(struct tracked *tracked, const struct making *making);

/*
 * It is a retransmission. What it is one of has mostly ended, and was handed over; if
 * not, it is told of this one. 0 or -ENOMEM.
 */
int lineage_resend(struct lineage_index *index, struct tracked *tracked,
		   const struct retransmission *retransmission, uint64_t time);

/*
 * A step: an attempt to merge the packet into another one, or the proof that the
 * last attempt failed. 0 or -ENOMEM. Most steps mean nothing, as do those that come
 * late of a path that has ended, and need not be told.
 */
bool lineage_wants(const struct tracked *tracked, const struct event *event);
int lineage_step(struct lineage_index *index, struct tracked *tracked,
		 const struct event *event, const char *function);

/* The path ends; @freed_by: the function that freed it without a word, or NULL. */
int lineage_end(struct lineage_index *index, struct tracked *tracked,
		enum end_cause cause, const char *freed_by);

/*
 * The path that it came of in the end, which may be its own, as is that of a
 * retransmission; NULL: it was handed over.
 */
const struct path *lineage_root(const struct tracked *tracked);

/* Where the conversation of all that came of that one is kept; 0 at first. */
uint64_t *lineage_conversation(const struct tracked *tracked);

/* It is handed over, or given up. */
void lineage_leave(struct tracked *tracked);

#endif
