/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * replay.h - the paths of a recording, shown as they would have been
 *
 * Needs no privilege and no BPF.
 */
#ifndef BPFPATH_REPLAY_H
#define BPFPATH_REPLAY_H

#include <stdint.h>

#include "cmd/view.h"

struct replay_options {
	const char *file;   /* "-": standard input */
	const char *filter; /* NULL, "": every path */
	uint64_t count;	    /* show so many packets; 0: all */
	struct view view;
	const char *output; /* NULL: standard output */
};

/* An enum command_status; what went wrong was said. */
int replay_run(const struct replay_options *options);

#endif
