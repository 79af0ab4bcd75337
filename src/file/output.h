/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * output.h - the file that a recording goes to
 *
 * Whatever goes wrong, it ends with a whole block, if it can be cut.
 */
#ifndef BPFPATH_OUTPUT_H
#define BPFPATH_OUTPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/bytes.h"

struct output {
	const char *path; /* "-": standard output */
	int fd;		  /* -1: none */
	bool regular;	  /* a file that has a name and an end */
	uint64_t written; /* bytes of the file */
};

/* Create the file, or replace what is in it. 0, or a negative errno. */
int output_create(struct output *output);

/*
 * Write whole blocks. 0, or a negative errno; -ESTALE: what the name leads to is no
 * longer the file as it was left.
 */
int output_write(struct output *output, const struct bytes *blocks);

/* Keep the file as PATH.1, and @keep older ones, and create another. As above. */
int output_rotate(struct output *output, unsigned int keep);
void output_close(struct output *output);

#endif
