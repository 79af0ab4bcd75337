/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * direction.h - where a packet comes in or goes out of a device
 *
 * Told by the tracepoints and gates at the device's border, which are there with every
 * zoom.
 */
#ifndef BPFPATH_DIRECTION_H
#define BPFPATH_DIRECTION_H

struct step;

enum direction { DIRECTION_NONE, DIRECTION_IN, DIRECTION_OUT };

/* At this step; of everything but tracepoints and gates: none. */
enum direction direction_of(const struct step *step);

#endif
