/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost.h - what tracing costs the machine, measured while it runs
 *
 * Without a budget the BPF programs are measured for a short time in each second
 * only, as the measurement itself makes them dearer.
 */
#ifndef BPFPATH_COST_H
#define BPFPATH_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "hook/session.h"

/* Times are in ns. */
struct cost {
	struct session *session;
	bool always; /* measured all the time */
	int error;   /* negative errno: BPF programs cannot be measured */
	uint64_t began, ended;
	uint64_t opened;	    /* when the measurement last began; 0: it is off */
	uint64_t next;		    /* when it is to begin again */
	uint64_t measured;	    /* so long in all */
	struct session_work before; /* at .opened */
	struct session_work work;   /* in .measured; .skipped: since the beginning */
	uint64_t cpu;	     /* of this process; before the end: at its beginning */
	uint64_t cpu_second; /* ... when the budget was last looked at */
};

/*
 * From now on; @now: CLOCK_MONOTONIC. 0; or a negative errno when @always is set and
 * the kernel does not let us measure.
 */
int cost_start(struct cost *cost, struct session *session, bool always, uint64_t now);

/* Time passes; to be called some times a second. */
void cost_tick(struct cost *cost, uint64_t now);

/*
 * With @always, once a second: true, and how many percent of one CPU the BPF programs
 * and this process took since it was last asked.
 */
bool cost_second(struct cost *cost, uint64_t now, double *percent);

/* Begin that second anew: what was taken until now does not count for it. */
void cost_restart(struct cost *cost, uint64_t now);

/* The end, before the session is detached. Later calls change nothing. */
void cost_stop(struct cost *cost, uint64_t now);

/* One line about what it was, and one about what it made the probes miss. */
void cost_report(const struct cost *cost);

#endif
