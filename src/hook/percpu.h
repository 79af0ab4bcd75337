/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * percpu.h - counters that each processor has for itself
 */
#ifndef BPFPATH_PERCPU_H
#define BPFPATH_PERCPU_H

#include <linux/types.h>
#include <stddef.h>

/*
 * Add up what lies under @key of the per-CPU map @fd, whose values are @count counters of
 * 64 bits. 0, or a negative errno with *@sums all 0.
 */
int percpu_sum(int fd, const void *key, __u64 *sums, size_t count);

#endif
