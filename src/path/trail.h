/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trail.h - the steps of a path that goes on, packed
 *
 * Many paths may wait at the same time, each with many steps, and nobody looks at them
 * before the path has ended. A step differs from the one before in few words of four
 * bytes, its time and its function: only these are kept, and the headers as captured.
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_TRAIL_H
#define BPFPATH_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "path/headers.h"

struct location;

/*
 * What struct step is made of, without padding. What tells more of a step (a return, what
 * the function knew) is one of that kind, and no step itself.
 */
struct trail_step {
	uint64_t time;
	const char *func;
	const struct location *location;
	const char *word; /* of a return: result.word, ... */
	uint64_t value;	  /* ... .number */
	uint32_t pid, tid;
	uint32_t len, mark;
	uint16_t cpu;
	uint16_t kind; /* enum event_kind */
	uint8_t id;
	uint8_t checksum; /* enum event_checksum */
	bool called;
	bool numeric; /* of a return: result.numeric */
	uint32_t frame;
	uint16_t captured; /* of headers, or of what it tells: bytes, ... */
	uint8_t layer;	   /* ... enum event_layer */
	bool headers;	   /* there are some */
	char comm[EVENT_COMM_LEN];
};

/* All zero is empty. */
struct trail {
	uint8_t *data;
	size_t used, size;
	bool begun;		  /* there is a step that the next one may differ from: */
	struct trail_step before; /* the last one that was added and is a step itself */
};

/* Begins with all zero. */
struct trail_reader {
	size_t at;
	struct trail_step step, more; /* the last one; the last that tells more */
};

/* Add a step; @data are its headers, if it has any. 0, or -ENOMEM: all is as it was. */
int trail_add(struct trail *trail, const struct trail_step *step, const uint8_t *data);

/*
 * The next step, in the order in which they were added, until the next call; and in
 * *@data its headers, if it has any. NULL: there is no more.
 */
const struct trail_step *trail_next(const struct trail *trail,
				    struct trail_reader *reader, const uint8_t **data);

/* Forget all steps, but for .before. */
void trail_empty(struct trail *trail);
void trail_free(struct trail *trail);

#endif
