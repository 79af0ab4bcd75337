/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracer.h - the loop of a tracing command: events, time, signals, the command
 */
#ifndef BPFPATH_TRACER_H
#define BPFPATH_TRACER_H

struct options;

/*
 * Trace as @options say, until their end, a signal, or the end of the output.
 * Returns an enum command_status; everything was said.
 */
int tracer_run(const struct options *options);

#endif
