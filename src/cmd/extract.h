/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * extract.h - some packets of a recording become another one
 *
 * The recording is read twice: which packets are wanted is known behind the last of
 * their steps, and what is written has to be in the order in which it was. What comes
 * of a packet goes with it, as it does live.
 */
#ifndef BPFPATH_EXTRACT_H
#define BPFPATH_EXTRACT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "file/zoom.h"

struct extract;
struct path;

struct extract_options {
	FILE *in;	    /* the recording; can be read from its beginning again */
	const char *output; /* "-": standard output */
	const char *filter; /* that the packets were chosen by; NULL: none */
	FILE *watcher;	    /* somebody at a terminal; NULL: nobody */
	uint64_t size;	    /* bytes of the recording, for who watches */

	/* Which functions stay, and what struct recorder_run tells of that; NULL: all. */
	zoom_wants *wants;
	void *context;
	const char *zoom;
	const char *const *probes, *const *anchors;
};

/* A file that can be read again in place of @in, which may be a pipe; NULL: errno. */
FILE *extract_input(FILE *in);

/* NULL without memory. */
struct extract *extract_new(void);
void extract_free(struct extract *extract);

/* The first reading: each path is to be told of once. @context is the extract. */
void extract_looked(void *context, const struct path *path, bool wanted);

/* The second one. 0, or a negative errno after one line to the user. */
int extract_write(struct extract *extract, const struct extract_options *options);

#endif
