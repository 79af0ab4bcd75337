/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stacks.h - the steps of many paths, folded: namespace, device, stage, function
 *
 * Where functions were seen to return, the calls that a step was in take the place of
 * the stage. A step weighs 1, or the time until the next one, of which the part after a
 * call has returned belongs to the call that it was in. So all weights together are the
 * number of steps, or the sum of what the paths took.
 */
#ifndef BPFPATH_STACKS_H
#define BPFPATH_STACKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct path;
struct strings;

#define STACKS_DEPTH 64 /* deeper calls are not told apart */

struct frame {
	const char *name; /* as it came: not escaped */
	uint64_t self;	  /* weight of the steps in it, without those below */
	uint64_t total;	  /* with them; after stacks_finish() */
	struct frame *below, *next;
};

struct stacks {
	struct frame all; /* what has no name, with everything below */
	struct strings *names;
	bool by_time;	/* weights are ns */
	uint64_t paths; /* how many were added */
	size_t depth;	/* of the deepest frame, from 1; 0: there is none */
};

/* 0 or -ENOMEM; stacks_close() is for both. */
int stacks_open(struct stacks *stacks, bool by_time);
void stacks_close(struct stacks *stacks);

/* 0 or -ENOMEM. */
int stacks_add(struct stacks *stacks, const struct path *path);

/* Nothing more is added: count together, and put what is beside each other in order. */
void stacks_finish(struct stacks *stacks);

#endif
