/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * model.h - what 'bpfpath top' knows of all paths together; knows nothing of a screen
 *
 * Its memory is bounded, however long it counts: classes, drops and devices that have no
 * room count as others, and of each row one path is kept.
 */
#ifndef BPFPATH_MODEL_H
#define BPFPATH_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "path/path.h"
#include "render/classes.h"
#include "render/hist.h"
#include "top/pace.h"
#include "top/sample.h"
#include "top/ledger.h"

#define MODEL_LATEST 256 /* paths that are kept as the latest, and of one second */

/* Names of a row of .drops. */
enum { DROP_REASON, DROP_WHERE, DROP_NETNS, DROP_DEVICE };

/* Names of a row of .devices, and what is counted of it. */
enum { DEVICE_NETNS, DEVICE_NAME };
enum { DEVICE_IN, DEVICE_OUT, DEVICE_DROPS };

/* What belongs to a class of .classes, by its number in the list. */
struct model_class {
	struct pace pace;
	struct sample *sample; /* nearly the latest */
	uint64_t sampled;      /* ns, when it was taken */
};

struct model {
	uint64_t paths, packets; /* a packet is one with all its copies */
	uint64_t ends[PATH_ENDS];
	uint64_t incomplete; /* paths that may have a hole */
	uint64_t unkept;     /* paths that are not in all rows: no memory */
	struct pace pace;    /* of paths */
	struct classes classes;
	struct model_class *of_classes;
	struct ledger drops, devices;
	struct hist stages;
	struct sample *slowest[HIST_ROWS]; /* of .stages, its slowest path */
	struct samples samples;
	struct sample *latest[MODEL_LATEST]; /* a ring */
	size_t latest_at;		     /* where the next one goes */
	size_t latest_room;		     /* how many more in this second */
	uint64_t latest_since;		     /* ns, when it began */
	uint64_t account[ACCOUNT_SIZE];	     /* of the kernel side */
	uint64_t account_zero[ACCOUNT_SIZE]; /* what of it does not count: model_zero() */
	unsigned int by;		     /* of enum classes_by */
};

/*
 * 0, or -ENOMEM, and then it only counts how many paths there are; model_close() is for
 * both. It must not be moved.
 */
int model_open(struct model *model, unsigned int by);
void model_close(struct model *model);

/* Count a path that has ended. */
void model_path(struct model *model, const struct path *path);

/* What the kernel side has counted, since the beginning. */
void model_account(struct model *model, const uint64_t account[ACCOUNT_SIZE]);

/* So much time has passed since the last reading: what happened a second. */
void model_read(struct model *model, double seconds);

/* Begin anew. 0 or -ENOMEM. */
int model_zero(struct model *model);

/* How much of anything was lost: events, packets, and paths that have no place here. */
uint64_t model_lost(const struct model *model);

/* A counter of the kernel side since model_zero(). */
uint64_t model_counter(const struct model *model, enum account counter);

#endif
