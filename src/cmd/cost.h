/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost.h - what tracing costs the machine, from its start to its end
 */
#ifndef BPFPATH_COST_H
#define BPFPATH_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "hook/session.h"

/* Times are in ns. */
struct cost {
	struct session *session;
	bool measured;		    /* the kernel measures the session's programs */
	uint64_t began, ended;	    /* .ended 0: not yet */
	uint64_t cpu;		    /* of this process; before the end: at its start */
	struct session_work before; /* at the start */
	struct session_work work;   /* from then to the end */
	struct {
		uint64_t now, cpu, time;
	} looked; /* when the budget was last looked at, and what was taken by then */
};

/* From now on; @now: CLOCK_MONOTONIC. */
void cost_start(struct cost *cost, struct session *session, bool measured, uint64_t now);

/*
 * Once a second, if it is measured, true: *@percent of one CPU is what the BPF programs
 * and this process took since then.
 */
bool cost_second(struct cost *cost, uint64_t now, double *percent);

/* What was taken until now does not count for the next second. */
void cost_forget(struct cost *cost, uint64_t now);

/* The end, before the session is detached. Later calls change nothing. */
void cost_stop(struct cost *cost, uint64_t now);

/* One line about what it was. */
void cost_report(const struct cost *cost);

#endif
