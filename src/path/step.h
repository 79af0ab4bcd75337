/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * step.h - an event becomes a step of its path
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_STEP_H
#define BPFPATH_STEP_H

#include <stddef.h>

#include "bpf/event.h"

struct naming;
struct path;

/*
 * Put it into @path, by its time. *@total counts the steps of all paths; one that is
 * beyond the limits (assembler.h) is counted in path.skipped alone. *@at becomes its
 * place, if it got one. 0, or -ENOMEM: it is not there, or lacks its flow.
 */
int step_add(struct path *path, struct naming *naming,
	     const struct event_snapshot *snapshot, size_t *total, size_t *at);

#endif
