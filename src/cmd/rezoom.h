/* SPDX-License-Identifier: GPL-2.0-only */
/* rezoom.h - -p of a recording: no more than some of the functions that it has */
#ifndef BPFPATH_REZOOM_H
#define BPFPATH_REZOOM_H

#include <stdbool.h>

struct extract_options;
struct probes;
struct recording;
struct recording_piece;
struct recording_run;
struct zoom;

/* All zero: everything that was recorded. */
struct rezoom {
	const char *name; /* of -p */
	struct probes *probes;
	const struct recording_run *run;
	struct zoom *zoom;	/* NULL: nothing is left out */
	const char **functions; /* rezoom_extract() */
};

/* 0, or a negative errno after one line to the user. */
int rezoom_load(struct rezoom *rezoom, const char *name);
void rezoom_close(struct rezoom *rezoom);

/* @recording is what is played. 0 or -ENOMEM. */
int rezoom_begin(struct rezoom *rezoom, struct recording *recording);

/* Say what was asked for and is not in the recording, if anything. */
void rezoom_report(const struct rezoom *rezoom);

/* False: @piece is left out; see zoom.h. */
bool rezoom_piece(struct rezoom *rezoom, struct recording_piece *piece);

/* The same of an extract, until rezoom_close(). 0 or -ENOMEM. */
int rezoom_extract(struct rezoom *rezoom, struct extract_options *options);

#endif
