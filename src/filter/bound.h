/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bound.h - how far into a packet a classic program can look
 */
#ifndef BPFPATH_BOUND_H
#define BPFPATH_BOUND_H

struct classic;

/*
 * The number of bytes N so that no load of @classic that the packet is long
 * enough for ends after the Nth; <= PACKET_SNAP_MAX. Given the first N bytes
 * (or all, where there are less), the program decides as it would given all.
 *
 * @classic has forward jumps only (extended_generate() sees to that). 0 and
 * *@bytes, or -ENOMEM.
 */
int bound_compute(const struct classic *classic, unsigned int *bytes);

#endif
