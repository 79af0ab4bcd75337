/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * input.h - the blocks of a recording are read, one after the other
 *
 * Whatever the file holds: blocks of others are passed over, what is wrong is found
 * and put into words, and a block that was cut off is given as far as it goes.
 */
#ifndef BPFPATH_INPUT_H
#define BPFPATH_INPUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <zstd.h>

#include "base/log.h"

/* All zero but for .in is ready to be read. */
struct input {
	FILE *in;
	uint64_t offset; /* bytes read */
	uint8_t *data;	 /* the records of the last block of ours ... */
	size_t size;	 /* ... so many bytes of them */
	size_t capacity;
	uint8_t *frame; /* those of a compressed block, as they are in the file */
	size_t frame_capacity;
	ZSTD_DCtx *zstd;   /* NULL: there was no such block yet */
	bool stopped;	   /* nothing more can be read */
	bool cut;	   /* the file stops in the middle of something */
	char problem[192]; /* in words to be put behind the file's name; "" none */
};

/*
 * Read the header of the section, which comes first. 1; -EIO when it cannot be read,
 * -EBADMSG when it is no pcapng file, -EPROTO when it is a foreign machine's.
 */
int input_section(struct input *input);

/*
 * Read the next block. 1, with its records if it is one of ours, and .size 0 if not;
 * 0 at the end of the file; or a negative errno as above.
 */
int input_block(struct input *input);
void input_free(struct input *input);

/* Nothing more is to be read, and why; returns @err. */
int input_fail(struct input *input, int err, const char *format, ...) PRINTF_LIKE(3, 4);
int input_damaged(struct input *input, const char *what);
int input_foreign(struct input *input);

#endif
