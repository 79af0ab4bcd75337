/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cost.h - what tracing costs the machine, measured while it runs
 *
 * The BPF programs are measured for a short time in each second only, as that makes
 * them dearer than they are themselves.
 */
#ifndef BPFPATH_COST_H
#define BPFPATH_COST_H

#include <stdbool.h>
#include <stdint.h>

#include "hook/session.h"

/* Times are in ns. */
struct cost {
	struct session *session;
	int error; /* negative errno: BPF programs cannot be measured */
	uint64_t began, ended;
	uint64_t opened;	    /* when the measurement last began; 0: it is off */
	uint64_t next;		    /* when it is to begin again */
	uint64_t measured;	    /* so long in all */
	struct session_work before; /* at .opened */
	struct session_work work;   /* in .measured; .skipped: since the beginning */
	uint64_t cpu; /* of this process; before the end: at its beginning */
	uint64_t looked, cpu_looked; /* when .cpu was last asked for, and what it was */
};

/*
 * From now on; @now: CLOCK_MONOTONIC. 0; or a negative errno when the kernel does not
 * let us measure, without which the rest works all the same.
 */
int cost_start(struct cost *cost, struct session *session, uint64_t now);

/*
 * Time passes; to be called some times a second. About once a second true: *@percent of
 * one CPU is what the BPF programs took in the time in which they were measured, and
 * this process since it was asked before.
 */
bool cost_tick(struct cost *cost, uint64_t now, double *percent);

/* What this process took until now does not count for the next *@percent. */
void cost_forget(struct cost *cost, uint64_t now);

/* The end, before the session is detached. Later calls change nothing. */
void cost_stop(struct cost *cost, uint64_t now);

/* One line about what it was, and one about what it made the probes miss. */
void cost_report(const struct cost *cost);

#endif
