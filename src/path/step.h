/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * step.h - an event becomes a step, and the step a part of its path
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_STEP_H
#define BPFPATH_STEP_H

#include <stddef.h>

#include "bpf/event.h"

struct headers;
struct naming;
struct path;
struct step;

/*
 * What an event says as it comes, with the names that things have now: all of a step up
 * to .stage. @before: the last one of the same path, or all zero.
 */
void step_read(struct step *step, const struct step *before, struct naming *naming,
	       const struct event_snapshot *snapshot);

/*
 * Put such a step into @path, by its time, with the headers that came with it, or NULL.
 * *@at becomes its place. 0, or -ENOMEM: it is not there, or lacks its flow.
 */
int step_add(struct path *path, struct naming *naming, const struct step *step,
	     const struct headers *headers, size_t *at);

#endif
