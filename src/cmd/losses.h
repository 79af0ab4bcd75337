/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * losses.h - what was lost, in words to the user: the same after tracing and in the
 * report of a recording
 */
#ifndef BPFPATH_LOSSES_H
#define BPFPATH_LOSSES_H

#include <stdint.h>

#include "bpf/event.h"

struct misses;

/* A warning for each counter of losses that is not 0. */
void losses_say(const uint64_t account[ACCOUNT_SIZE]);

/* ... and for what the kernel has skipped: of each probe, where it counts so. */
void losses_say_missed(const struct misses *misses);

#endif
