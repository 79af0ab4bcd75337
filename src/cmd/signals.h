/* SPDX-License-Identifier: GPL-2.0-only */
/* signals.h - the signals that end a command, as a file */
#ifndef BPFPATH_SIGNALS_H
#define BPFPATH_SIGNALS_H

/*
 * SIGINT, SIGTERM and SIGHUP do nothing from now on but to make the file readable that is
 * returned, and SIGPIPE nothing at all. A negative errno on failure.
 */
int signals_open(void);

#endif
