/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * format.h - what a recording holds beside packets; bpfpath-recording(5)
 *
 * A pcapng file whose Custom Blocks hold records, one behind the other: what the
 * assembler was told, in that order, and before each event the answers that it got
 * when it asked for names. Read back, they make the same paths.
 */
#ifndef BPFPATH_FORMAT_H
#define BPFPATH_FORMAT_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#include "base/delta.h"
#include "bpf/event.h"

/*
 * bpfpath has no number of its own: this one is for examples (RFC 5612), so that the
 * magic behind it tells whose block it is.
 */
#define FORMAT_PEN     32473u
#define FORMAT_MAGIC   "bpfpath" /* with its end: eight bytes */
#define FORMAT_VERSION 1

/* At the beginning of each custom block, behind the number. */
struct format_head {
	char magic[8];
	uint16_t version;
	uint16_t flags; /* of enum format_flag */
	uint32_t size;	/* bytes of records that follow, or are in the frame */
};

enum format_flag {
	FORMAT_ZSTD = 1 << 0, /* they are one frame of zstd, RFC 8878 */
};

enum format_type {
	/* what was traced; before anything else */
	FORMAT_LAYOUT = 1, /* struct format_layout */
	FORMAT_CLOCK,	   /* u64: ns from CLOCK_MONOTONIC to CLOCK_REALTIME */
	FORMAT_COUNT,	   /* u64: no more paths than these are to be shown */
	FORMAT_VERSION_TEXT,
	FORMAT_RELEASE, /* of the kernel */
	FORMAT_COMMAND, /* the command line */
	FORMAT_FILTER,
	FORMAT_BACKEND,
	FORMAT_KIND,	   /* u32 and text: a kind of event by its name */
	FORMAT_TRACEPOINT, /* u32 and text: likewise of a tracepoint */
	FORMAT_PROBE,	   /* text: a function of the zoom, unless that is "all" */

	/* what the assembler was told */
	FORMAT_EVENT = 64, /* struct event, and what is behind it; no longer written */
	FORMAT_TIME,	   /* u64: ns of CLOCK_MONOTONIC, assembler_tick() */
	FORMAT_LOST,	   /* u64: events in all, assembler_lost() */

	/* what it was answered: struct format_name and text; none: it has no name */
	FORMAT_SYMBOL,
	FORMAT_DROP_REASON,
	FORMAT_NETNS,
	FORMAT_DEVICE, /* key: the namespace in the upper half, the index in the lower */

	/* how it ended */
	FORMAT_ACCOUNT, /* u64 and text: a counter of enum account, and its name */
	FORMAT_FINISH,	/* nothing follows */

	FORMAT_NARROWED, /* told, too: u64 and u64, assembler_narrowed() */

	/* more of what was traced */
	FORMAT_NESTED, /* u64, not 0: assembler_nest() */
	FORMAT_PROBED, /* u32 and text: a kind of event, what was probed */
	FORMAT_ZOOM,   /* text: hops, stages, all, or the name of a file */
	FORMAT_ANCHOR, /* text: a function that is probed with every zoom but hops */

	FORMAT_NEXT, /* told: an event by what differs: base/delta.h; no longer written */

	FORMAT_HELD,   /* of what was traced: u64, not 0: assembler_hold() */
	FORMAT_MISSED, /* told: struct format_missed and text, assembler_missed() */

	/*
	 * Told: events, one behind the other, each by what differs. With FORMAT_MORE
	 * among its bits a size (u32) and so many bytes, up to a multiple of four, are
	 * what is behind its struct event.
	 */
	FORMAT_EVENTS,
};

#define FORMAT_MORE (1u << 31)

/* Before each record, which is filled up with zeros to a multiple of four bytes. */
struct format_record {
	uint16_t type;
	uint16_t size; /* bytes that follow, without the zeros */
};
static_assert(offsetof(struct format_record, size) + sizeof(uint16_t) ==
		      sizeof(struct format_record),
	      "the size lies right before them");

struct format_name {
	uint64_t key;
	uint64_t offset; /* of an address in its symbol */
};

struct format_missed {
	uint64_t from, to; /* ns */
	uint64_t runs;
	uint32_t kind; /* enum missed_kind */
	uint32_t zero;
};

/*
 * Another number for each change to the fields of struct event. Kinds of events and
 * tracepoints go by their names, so that new ones are no change. 1 had no FORMAT_NEXT, 2
 * no FORMAT_EVENTS.
 */
#define FORMAT_LAYOUT_NUMBER 3
#define FORMAT_LAYOUT_FIRST  1 /* that is still read */
static_assert(sizeof(struct event) == 96, "a new FORMAT_LAYOUT_NUMBER for struct event");

#define FORMAT_EVENT_WORDS DELTA_WORDS(struct event)
static_assert(FORMAT_EVENT_WORDS < 32, "a bit for each, and FORMAT_MORE");

struct format_layout {
	uint32_t number;
	uint32_t event;	   /* bytes of a struct event */
	uint32_t snapshot; /* bytes of a struct event_snapshot before its data */
};

#endif
