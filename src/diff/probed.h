/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probed.h - what could be seen when a recording was made
 *
 * A compiler's suffix (".constprop.0") is no part of a name here: the same function may
 * have one in one kernel and none in another. All zero knows nothing: then everything
 * could be seen.
 */
#ifndef BPFPATH_PROBED_H
#define BPFPATH_PROBED_H

#include <stdbool.h>
#include <stddef.h>

#include "bpf/event.h"

struct step;
struct strings;

struct probed {
	struct strings *names;
	const char **functions, **tracepoints; /* sorted by probed_finish() */
	size_t function_count, tracepoint_count;
	bool gates;
};

/* 0 or -ENOMEM; probed_clear() is for both. */
int probed_add(struct probed *probed, enum event_kind kind, const char *name);
void probed_clear(struct probed *probed);

/* All are there, and from now on may be asked for. */
void probed_finish(struct probed *probed);

/* How many there are; 0: nothing is known. */
size_t probed_count(const struct probed *probed);

/* Could steps like this one be seen? */
bool probed_has(const struct probed *probed, const struct step *step);

/* Could a function or tracepoint of that name? */
bool probed_has_name(const struct probed *probed, const char *name);

#endif
