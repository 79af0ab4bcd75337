/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * recorded.h - streams that go into a recording, and recordings that are played
 */
#ifndef BPFPATH_TESTS_RECORDED_H
#define BPFPATH_TESTS_RECORDED_H

#include <stdio.h>

#include "cmd/view.h"
#include "cmd/viewer.h"
#include "file/recorder.h"
#include "file/recording.h"
#include "stream.h"

struct recorded {
	struct recorder *recorder;
	struct viewer viewer;
	struct stream stream;		/* what is added to it is recorded */
	uint64_t account[ACCOUNT_SIZE]; /* ... and this, at the end */
};

/* 0, or a negative errno. @options must outlive it. */
int recorded_open(struct recorded *recorded, const struct recorder_options *options);

/* The same without packets for other tools: no paths are made. */
int recorded_open_bare(struct recorded *recorded, const struct recorder_options *options);

/* Finish and free. 0, or a negative errno of the recorder. */
int recorded_close(struct recorded *recorded);

/*
 * Play what is in @in to the file @output, or to standard output for NULL. What
 * recording_open() or recording_next() said at last; the recording is to be freed.
 */
int recorded_play(FILE *in, const struct view *view, const char *output,
		  struct recording **recording);

struct filter;

/*
 * What is in @in, and matches @filter, becomes a recording in the file @output. 0, or a
 * negative errno.
 */
int recorded_extract(FILE *in, const struct filter *filter, const char *output);

#endif
