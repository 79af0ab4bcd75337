/* SPDX-License-Identifier: GPL-2.0-only */
/* duration.h - times as people write them: 20us, 1.5ms */
#ifndef BPFPATH_DURATION_H
#define BPFPATH_DURATION_H

/* Nanoseconds of one @unit: ns, us, ms or s. 0: there is no unit of this name. */
double duration_unit(const char *unit);

#endif
