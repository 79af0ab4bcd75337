/* SPDX-License-Identifier: GPL-2.0-only */
/* scenes.h - streams of events that tell a story each, for the golden files */
#ifndef BPFPATH_TESTS_SCENES_H
#define BPFPATH_TESTS_SCENES_H

#include <stdbool.h>

#include "stream.h"

struct scene {
	const char *name;
	void (*play)(struct stream *stream);
	bool nested; /* it is about what was called inside of what */
};

/* Ended by one without a name. */
extern const struct scene scenes[];

#endif
