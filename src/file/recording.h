/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recording.h - a recording is read
 *
 * As a stream, in memory that does not grow with the file but by names. Nothing in
 * a file is believed: it may be cut, damaged, or made to do harm.
 */
#ifndef BPFPATH_RECORDING_H
#define BPFPATH_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "bpf/event.h"
#include "path/missed.h"

struct names;
struct recording;

/* Names, ended by NULL; .list is NULL when there are none. */
struct name_list {
	const char **list;
	size_t count;
};

/* What was traced; "" and 0 where the file does not tell: see struct recorder_run. */
struct recording_run {
	uint64_t clock, count;
	char version[64], release[128], backend[32], zoom[256];
	char command[4096], filter[4096];
	struct name_list probes, anchors;
	uint64_t account[ACCOUNT_SIZE];
	bool nested;   /* what was called inside of what is to be shown */
	bool held;     /* assembler_hold() */
	bool finished; /* it was brought to its end */
};

/* What the assembler was told, piece by piece. */
enum recording_what {
	RECORDING_EVENT,    /* assembler_add() */
	RECORDING_TIME,	    /* assembler_tick() */
	RECORDING_LOST,	    /* assembler_lost() */
	RECORDING_NARROWED, /* assembler_narrowed() */
	RECORDING_MISSED,   /* assembler_missed() */
};

struct recording_piece {
	enum recording_what what;
	const struct event *event; /* valid until the next piece is asked for */
	size_t size;
	uint64_t number;	   /* ns, or events */
	uint64_t to;		   /* ns; of RECORDING_NARROWED */
	struct missed_span missed; /* of RECORDING_MISSED */
};

/*
 * Read from @in, which stays the caller's, until it is known what was traced.
 * 0, -ENOMEM, or what recording_next() returns. *@out is there in any case but
 * -ENOMEM, for recording_problem(), and is to be freed.
 */
int recording_open(FILE *in, struct recording **out);
void recording_free(struct recording *recording);

/*
 * The next piece. 1; 0 at the end; -EIO when it cannot be read, -EBADMSG when it is
 * no recording or damaged, -EPROTO when it is one of another version. There is
 * nothing more to read after 0 or an error. A file that just stops has an end, too:
 * recording_cut().
 */
int recording_next(struct recording *recording, struct recording_piece *piece);

/* What could be seen: steps of a kind that are called so. */
struct recording_probe {
	enum event_kind kind;
	const char *name; /* of a gate: "" */
};

/*
 * All that is known of up to here, which is everything once there was an event; *@count
 * is 0 where the file does not tell.
 */
const struct recording_probe *recording_probes(const struct recording *recording,
					       size_t *count);

/* Answers with what the running system answered at this place. */
struct names *recording_names(struct recording *recording);

const struct recording_run *recording_run(const struct recording *recording);

/* Does the file lack its end? Of use after the last piece. */
bool recording_cut(const struct recording *recording);

/* What is wrong, in words to be put behind the name of the file. Never NULL. */
const char *recording_problem(const struct recording *recording);

/* Bytes that were read; pieces of kinds that are not known here, and were left out. */
uint64_t recording_offset(const struct recording *recording);
uint64_t recording_unknown(const struct recording *recording);

#endif
