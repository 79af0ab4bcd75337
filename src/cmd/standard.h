/* SPDX-License-Identifier: GPL-2.0-only */
/* standard.h - standard input, output and error */
#ifndef BPFPATH_STANDARD_H
#define BPFPATH_STANDARD_H

/*
 * Those that are closed become files that cannot be read or written: otherwise the next
 * file that is opened would take their place, and what is printed would go there.
 */
void standard_open(void);

/*
 * All that was printed is written. 0, or a negative errno: after one line to the user,
 * but for -EPIPE, when nobody wants to read any more.
 */
int standard_finish(void);

#endif
