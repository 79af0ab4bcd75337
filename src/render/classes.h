/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * classes.h - paths that take the same steps are one class, counted and timed
 *
 * Loops are folded (fold.h). What is kept does not grow with the paths: times are
 * sketches, and neither classes nor their steps become more than is said here; the
 * paths that had no room are counted.
 */
#ifndef BPFPATH_CLASSES_H
#define BPFPATH_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/chains.h"
#include "base/sketch.h"
#include "path/path.h"
#include "render/fold.h"

#define CLASSES_MAX	  1000
#define CLASSES_STEPS_MAX 16384 /* of all classes together */

/* By what else paths are told apart than their steps. */
enum classes_by {
	CLASSES_BY_FLOW = 1 << 0, /* protocol, addresses, ports */
	CLASSES_BY_END = 1 << 1,
	CLASSES_BY_DEV = 1 << 2,      /* and namespace, of each step */
	CLASSES_BY_DECISION = 1 << 3, /* what functions returned, which fields changed */
	CLASSES_BY_KIND = 1 << 4,     /* flow_same_kind() */
};

struct class_step {
	struct step step;   /* of the example; .flow, .changes: by decision, or NULL */
	struct sketch time; /* ns until the next step, of all repeats together */
	uint32_t repeats;   /* the most that were seen in one path */
};

struct class
{
	uint64_t hash;
	struct class_step *steps;
	size_t count;
	struct sketch time;	    /* ns, of whole paths */
	struct flow flow;	    /* of the example: the first path */
	uint64_t example;	    /* its id */
	enum path_end end;	    /* of the example, too */
	const char *where, *reason; /* NULL: none */
	char *outcome;		    /* all of that in words */
	bool ends_differ;	    /* some paths ended in another way */
	bool aside;		    /* lineage.aside of all paths */
	uint64_t incomplete;	    /* paths that may have a hole */
};

struct classes {
	struct class *list;
	size_t count, room;
	const struct class **order; /* of classes_finish(), as many */
	size_t steps;		    /* of all classes */
	uint64_t paths;		    /* that were added */
	uint64_t left_out;	    /* those of them that are in no class: no room */
	size_t added;	 /* of .list, where the last one is; CLASSES_MAX: nowhere */
	unsigned int by; /* of enum classes_by */
	struct strings *names;
	struct chains chains;
	struct fold fold;
};

/* "flow,end" to bits of enum classes_by; false: @text is no such list. */
bool classes_by_read(const char *text, unsigned int *by);

/* 0 or -ENOMEM; classes_close() is for both. */
int classes_open(struct classes *classes, unsigned int by);
void classes_close(struct classes *classes);

/* 0 or -ENOMEM. */
int classes_add(struct classes *classes, const struct path *path);

/*
 * Put in .order what there is now: most frequent first, or rarest; then as they were
 * seen. 0 or -ENOMEM.
 */
int classes_finish(struct classes *classes, bool rare);

/* The step that takes most of the time; NULL when no time passes. */
const struct class_step *class_costliest(const struct class *class);

#endif
