/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * step.h - an event becomes a step, and the step a part of its path
 *
 * Part of the assembler.
 */
#ifndef BPFPATH_STEP_H
#define BPFPATH_STEP_H

#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"

struct naming;
struct path;
struct trail_step;

/*
 * What an event says as it comes, with the names that things have now. @before: the last
 * one of the same path, or all zero. 0 or -ENOMEM.
 */
int step_read(struct trail_step *step, const struct trail_step *before,
	      struct naming *naming, const struct event_snapshot *snapshot);

/*
 * Put it into @path, by its time; @data are its headers, if it has any. *@at becomes its
 * place. 0, or -ENOMEM: it is not there, or lacks its flow.
 */
int step_add(struct path *path, struct naming *naming, const struct trail_step *step,
	     const uint8_t *data, size_t *at);

#endif
