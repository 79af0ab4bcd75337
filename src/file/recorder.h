/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recorder.h - a session is written down
 *
 * Everything that the assembler is told, or would be, goes to the recorder, too, which
 * writes before an event what the numbers in it are called. Errors are kept:
 * recorder_error() has the first one, and nothing more is written then. A file ends with
 * its last whole block.
 */
#ifndef BPFPATH_RECORDER_H
#define BPFPATH_RECORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"

struct missed_span;
struct names;
struct path;
struct recorder;

/* What is recorded. Texts may be NULL where they are not known. */
struct recorder_run {
	uint64_t clock; /* ns to add to CLOCK_MONOTONIC for CLOCK_REALTIME */
	uint64_t count; /* no more paths than these are to be shown; 0: all */
	bool nested;	/* what was called inside of what is to be shown */
	bool held;	/* assembler_hold() */
	const char *release, *command, *filter, *backend;
	const char *zoom; /* "hops", "stages", "all", or the name of a file */
	/* Names of functions, ended by NULL: of the zoom, and of every zoom but hops. */
	const char *const *probes, *const *anchors;
};

struct recorder_options {
	const char *path;    /* "-": standard output */
	uint64_t rotate;     /* begin another file at so many bytes; 0: never */
	unsigned int keep;   /* so many older files, PATH.1 and so on */
	bool compress;	     /* all but the packets */
	struct names *names; /* who is asked what things are called */
	struct recorder_run run;
};

/*
 * Create the file, or replace what is in it. Everything @options points to must
 * outlive the recorder. 0, or a negative errno.
 */
int recorder_new(const struct recorder_options *options, struct recorder **out);
void recorder_free(struct recorder *recorder);

/* @size bytes, the event and what is behind it. */
void recorder_event(struct recorder *recorder, const struct event *event, size_t size);
void recorder_lost(struct recorder *recorder, uint64_t lost);

void recorder_narrowed(struct recorder *recorder, uint64_t from, uint64_t to);

void recorder_missed(struct recorder *recorder, const struct missed_span *span);

/* Steps of @kind called @name could be seen from now on: it is there, and attached. */
void recorder_probed(struct recorder *recorder, enum event_kind kind, const char *name);

/* From time to time what there is goes into the file, which must still be ours. */
void recorder_tick(struct recorder *recorder, uint64_t now);
void recorder_path(struct recorder *recorder, const struct path *path);

/* The end. @account may be NULL. */
void recorder_finish(struct recorder *recorder, const uint64_t account[ACCOUNT_SIZE]);

/* The file that is being written. */
int recorder_fd(const struct recorder *recorder);

/* 0, or a negative errno; -ESTALE: the file was replaced, removed or cut. */
int recorder_error(const struct recorder *recorder);

#endif
