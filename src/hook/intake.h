/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * intake.h - events out of the lanes of all CPUs and out of the ring buffer, in the order
 * of their times
 *
 * Two events of which one caused the other come in this order, also where they are of
 * different CPUs: nothing is given out that is later than a moment before the queues
 * were looked at. What had happened by that moment, and caused anything that lies in
 * them, lies in them itself.
 */
#ifndef BPFPATH_INTAKE_H
#define BPFPATH_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hook/lanes.h"
#include "hook/ring.h"

struct intake_lane;

struct intake {
	struct ring ring;
	struct lanes lanes;
	struct intake_lane *filled; /* room for all of the lanes */
};

typedef int intake_record(void *context, const void *data, size_t size);

/* Its ring and its lanes are open. 0 or -ENOMEM. */
int intake_open(struct intake *intake);

/* With both. All zero is fine, and so is what was opened in part. */
void intake_close(struct intake *intake);

/*
 * Give at most @most events to @record, none of them later than @until, a time before
 * this call, until one is refused (not 0) or there is none. True: there may be more.
 */
bool intake_read(struct intake *intake, uint64_t until, size_t most,
		 intake_record *record, void *context);

#endif
