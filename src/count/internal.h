/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal.h - what the parts of a meter know of each other
 */
#ifndef BPFPATH_COUNT_INTERNAL_H
#define BPFPATH_COUNT_INTERNAL_H

#include "count/meter.h"

struct count_bpf;
struct taps;

/* Before the object is loaded: choose programs, sizes and targets. 0 or an error. */
typedef int meter_prepare(struct count_bpf *skeleton, void *context);

/* 0, or a negative errno of which nothing was said. */
int meter_load(const struct meter_options *options, meter_prepare *prepare, void *context,
	       struct count_bpf **out);

/*
 * taps.c: what looks at the native XDP programs of devices, each of which has a copy of
 * the object that counts in the maps of @main. 0 or -ENOMEM.
 */
int taps_new(const struct meter_options *options, const struct count_bpf *main,
	     struct taps **out);
void taps_free(struct taps *taps);

/* The table of devices is new: look at programs that have come, leave those that went. */
void taps_scan(struct taps *taps);

#endif
