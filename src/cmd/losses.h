/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * losses.h - what was lost, in words to the user: the same after tracing and in the
 * report of a recording
 */
#ifndef BPFPATH_LOSSES_H
#define BPFPATH_LOSSES_H

#include <stdint.h>

#include "bpf/event.h"

struct assembler_apart;
struct misses;

/* A warning for each counter of losses that is not 0. */
void losses_say(const uint64_t account[ACCOUNT_SIZE]);

/* A line for each kind of steps that are in no path. */
void losses_say_apart(const struct assembler_apart *apart);

/* ... and for what the kernel has skipped: of each probe, where it counts so. */
void losses_say_missed(const struct misses *misses);

#endif
