/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * missing.h - who counts the runs of probes that the kernel skips
 *
 * Programs count those of all the places where they are attached; links and events those
 * that did not come as far as their program.
 */
#ifndef BPFPATH_MISSING_H
#define BPFPATH_MISSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/missed.h"

struct fd_list;
struct session;
struct strings;

enum missing_how {
	MISSING_PROGRAM,
	MISSING_MULTI, /* a link of kprobe.multi */
	MISSING_EVENT, /* a link of a perf event that is a kprobe */
	MISSING_GATES, /* all that the session has, now and before */
};

struct missing_probe;

struct missing {
	struct missing_probe *list;
	size_t count;
	struct strings *strings;
	bool looked; /* at least once */
};

/* Ask this file from now on; it may be closed after missing_leave(). 0 or -ENOMEM. */
int missing_add(struct missing *missing, enum missing_how how, int fd,
		enum missed_kind kind, const char *name);

/* The programs of the session's object, and its gates; the same. */
int missing_programs(struct session *session);

/* These will be closed. What they have counted is not forgotten. */
void missing_leave(struct missing *missing, const struct fd_list *fds);

void missing_clear(struct missing *missing);

/* By what names functions are counted together. */
const char *missing_functions(const char *backend, bool anchors);

#endif
