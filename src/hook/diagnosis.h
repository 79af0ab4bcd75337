/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diagnosis.h - what this kernel and this user allow, and what is made of it
 *
 * Found out as tracing itself finds it out, but nothing is attached to anything, and
 * what cannot be had ends nothing.
 */
#ifndef BPFPATH_DIAGNOSIS_H
#define BPFPATH_DIAGNOSIS_H

#include <stddef.h>
#include <stdint.h>

enum finding_level {
	FINDING_GOOD,
	FINDING_NOTE, /* it is not there, or not known, and nothing is lost by it */
	FINDING_LOST, /* tracing is possible, but shows less */
	FINDING_BAD,  /* nothing can be traced */
	FINDING_LEVELS
};

enum finding_group {
	FINDING_KERNEL,
	FINDING_USER,
	FINDING_BACKEND,
	FINDING_FEATURE,
	FINDING_PROBES,
	FINDING_GROUPS
};

struct finding {
	uint8_t group;	  /* enum finding_group */
	uint8_t level;	  /* enum finding_level */
	const char *name; /* one word, once in its group */
	char text[256];	  /* what is so */
	char advice[256]; /* what to do; "": nothing */
};

#define DIAGNOSIS_FINDINGS 64

struct diagnosis {
	char release[65];
	const char *backend;	  /* that would be chosen; NULL: none */
	enum finding_level level; /* the worst */
	struct finding findings[DIAGNOSIS_FINDINGS]; /* groups together */
	size_t count;
};

/* 0 or -ENOMEM, after no word. */
int diagnosis_make(struct diagnosis **out);
void diagnosis_free(struct diagnosis *diagnosis);

/* One more; what is too many is left out. */
void diagnosis_add(struct diagnosis *diagnosis, const struct finding *finding);

#endif
