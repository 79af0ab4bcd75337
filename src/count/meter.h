/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * meter.h - packets are counted in the kernel, in groups, and followed nowhere
 *
 * Nothing of a meter outlives its process.
 */
#ifndef BPFPATH_METER_H
#define BPFPATH_METER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/count.h"

struct filter;
struct kernel;
struct meter;
struct netns_table;
struct symbols;

/* Everything here must outlive the meter. */
struct meter_options {
	const struct kernel *kernel;
	const struct symbols *symbols;
	struct netns_table *netns; /* scanned at least once */
	const struct filter *filter;
	bool filter_any; /* it matches every packet */
	bool tcx;	 /* by tcx programs on each device, in place of tracepoints */
	enum count_by by;
	const char *dev;     /* only on devices of this name; NULL: all */
	uint32_t only_netns; /* ... and in this namespace, by inode; 0: all */
	uint32_t groups;     /* in an interval; 0: 16384 */
};

/*
 * Load, attach and begin to count. 0, or a negative errno after one line to the user;
 * then nothing is attached.
 */
int meter_open(const struct meter_options *options, struct meter **out);

/* NULL is fine. */
void meter_close(struct meter *meter);

/* Count no more. What was counted can still be read. */
void meter_stop(struct meter *meter);

/* A group, and what was counted of it. Not 0 ends the reading. */
typedef int meter_fn(void *context, const union count_key *key,
		     const struct count_value *value);

/*
 * Begin a new interval, and read the one before: each packet is counted in one interval.
 * @other: those whose group had no room; @missed: those that could not be counted. 0,
 * what
 * @fn returned, or a negative errno.
 */
int meter_read(struct meter *meter, meter_fn *fn, void *context,
	       struct count_value *other, uint64_t *missed);

/*
 * Devices may have changed: scan them, and look at XDP programs that have come. 0 or a
 * negative errno.
 */
int meter_rescan(struct meter *meter);

/* At how many tracepoints, or on how many devices packets are counted. */
size_t meter_tracepoints(const struct meter *meter);
size_t meter_devices(const struct meter *meter);

#endif
