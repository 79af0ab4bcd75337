/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nest.h - which steps were inside of which calls
 *
 * Told by the stack, never by names: a step is in a call if it is on the same
 * stack, below the call's frame, and before its return. What an interrupt does on
 * a stack of its own is in no call of the task that it has interrupted.
 */
#ifndef BPFPATH_NEST_H
#define BPFPATH_NEST_H

#include "path/path.h"

/* Fill in the depth of each step. @path has all its steps, in order. */
void nest_steps(struct path *path);

#endif
