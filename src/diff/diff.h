/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diff.h - the paths of two recordings, and where they part
 *
 *	diff_open(); both sides: diff_path() for each path, diff_recording() at the end;
 *	diff_finish(); diff_text() or diff_json(); diff_close()
 */
#ifndef BPFPATH_DIFF_H
#define BPFPATH_DIFF_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "diff/compare.h"
#include "diff/pairs.h"
#include "diff/probed.h"
#include "diff/route.h"
#include "render/classes.h"

struct recording;
struct strings;

enum diff_which { DIFF_GOOD, DIFF_BAD, DIFF_SIDES };

struct diff_side {
	const char *operand; /* as it was given; the caller's */
	struct classes classes;
	struct probed probed;
	struct routes routes;
	char release[128], backend[32];
	bool cut;
};

#define DIFF_NOTES 8
#define DIFF_NOTE  256

struct diff {
	struct diff_side sides[DIFF_SIDES];
	struct compare_options options;
	struct strings *names; /* of functions, shared by both */
	struct pairs pairs;
	char notes[DIFF_NOTES][DIFF_NOTE]; /* what has to be known of the comparison */
	size_t note_count;
};

/*
 * @by: of enum classes_by, by what paths are told apart beside what always counts.
 * @roles: compare_options.roles. 0 or -ENOMEM; diff_close() is for both.
 */
int diff_open(struct diff *diff, unsigned int by, bool roles);
void diff_close(struct diff *diff);

/* 0 or -ENOMEM. */
int diff_path(struct diff *diff, enum diff_which which, const struct path *path);
int diff_recording(struct diff *diff, enum diff_which which,
		   const struct recording *recording);
int diff_finish(struct diff *diff);

/* Of use when it was finished. Paths that were left out are not known to be the same. */
bool diff_same(const struct diff *diff);

/* "GOOD", "BAD" */
const char *diff_side_name(enum diff_which which);

struct diff_view {
	size_t width;	/* columns */
	size_t context; /* steps that are the same, before the one where paths part */
	bool colour;
};

/* What the file does not take is for the caller to see; diff_json(): 0 or -ENOMEM. */
void diff_text(FILE *out, const struct diff *diff, const struct diff_view *view);
int diff_json(FILE *out, const struct diff *diff);

#endif
