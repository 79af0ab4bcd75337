/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * assembler.h - events become paths
 *
 * Takes events in the order in which they left the ring buffer, keeps the open
 * paths, and hands over each path when it has ended. Knows neither BPF nor the
 * running system: the same code works live and on a recording.
 */
#ifndef BPFPATH_ASSEMBLER_H
#define BPFPATH_ASSEMBLER_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "path/names.h"
#include "path/path.h"

/*
 * Memory is bounded: beyond these limits the oldest open path ends as
 * PATH_LOST, and steps are counted but no longer kept (path.skipped).
 */
#define ASSEMBLER_OPEN	     65536   /* open paths */
#define ASSEMBLER_PATH_STEPS 100000  /* steps of one path */
#define ASSEMBLER_STEPS	     2000000 /* steps of all paths that are held */
#define ASSEMBLER_HELD	     262144  /* events between two ticks, assembler_hold() */

/* ns that a packet may be on its way from one place where paths begin to the next */
#define ASSEMBLER_LATE 10000000

struct assembler;

/* Receives a path that goes on, with the index of the step that is new in it. */
typedef void (*assembler_step_fn)(const struct path *path, size_t i, void *context);

/* Receives a path that has ended; the path is the assembler's, valid in the call. */
typedef void (*assembler_fn)(const struct path *path, void *context);

/* @names must outlive the assembler. Returns NULL without memory. */
struct assembler *assembler_new(struct names *names, assembler_fn fn, void *context);
void assembler_free(struct assembler *assembler);

/*
 * Tell of each step as it comes, too, with the context of @assembler_new, and of one
 * that was a call again when it has returned. Such a path has not ended: its places are
 * not inferred, and nothing is known of depths and its end.
 */
void assembler_watch(struct assembler *assembler, assembler_step_fn fn);

/* The events say where on the stack they are: nest the steps, from now on. */
void assembler_nest(struct assembler *assembler);

/* Nobody looks at what was altered (step.changes): it is not found out. */
void assembler_bare(struct assembler *assembler);

/*
 * Take one event of @size bytes, at any address. 0; -EINVAL when it is no event
 * (too short, unknown kind), which changes nothing; -ENOMEM when its step was
 * lost, which the path then says.
 */
int assembler_add(struct assembler *assembler, const void *data, size_t size);

/*
 * Tell how many events the kernel side has lost so far, in all. An event tells
 * of those of its own packet that were lost before it; what no event has told
 * of may be the end of a path that was not seen to end, which then says so.
 */
void assembler_lost(struct assembler *assembler, uint64_t lost);

/*
 * Between these times (ns) probes were taken away: a path that was under way may lack
 * steps, and says so. Once, before later events are added.
 */
void assembler_narrowed(struct assembler *assembler, uint64_t from, uint64_t to);

/*
 * Of probes the kernel has skipped runs, between two looks at what it counts: a path that
 * was under way then, or began shortly after, may lack steps, and says so. In the order
 * of time. -ENOMEM: it was not noted.
 */
int assembler_missed(struct assembler *assembler, const struct missed_span *span);

/*
 * Hand over paths in assembler_tick() alone, from now on: by then it was told what was
 * missed until they ended. Unless there is none for very many events.
 */
void assembler_hold(struct assembler *assembler);

/*
 * Time passes: hand over ended paths that waited for an earlier one (they come
 * in the order of their first steps, as far as 200 ms of patience allow).
 * @now: ns, CLOCK_MONOTONIC.
 */
void assembler_tick(struct assembler *assembler, uint64_t now);

/* Paths that have not ended, or are still in functions that have not returned. */
size_t assembler_open(const struct assembler *assembler);

/* Packets in the kernel side's count that were no paths of their own: XDP's copies. */
uint64_t assembler_moves(const struct assembler *assembler);

/*
 * Steps that were taken, without an error, and are in no path: all others are, or are
 * counted there (path.skipped).
 */
struct assembler_apart {
	uint64_t foreign; /* at a packet's address when that was another one's already */
	uint64_t late;	  /* of a packet whose path had been handed over */
};

struct assembler_apart assembler_apart(const struct assembler *assembler);

/* The end of tracing: hand over everything; what has not ended is PATH_OPEN. */
void assembler_finish(struct assembler *assembler);

#endif
