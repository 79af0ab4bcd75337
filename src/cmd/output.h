/* SPDX-License-Identifier: GPL-2.0-only */
/* output.h - where a command writes what was asked for: a file, or standard output */
#ifndef BPFPATH_OUTPUT_H
#define BPFPATH_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

/*
 * @name: NULL is standard output. 0, or a negative errno after one line to the user. Who
 * opens a file closes it.
 */
int output_open(const char *name, FILE **out);

/* Is it a file? Else somebody may wait for each line. */
bool output_is_file(FILE *out);

/*
 * One line to the user, but for EPIPE: nobody wants to read any more. @error: errno, or
 * that negated. Returns it negative.
 */
int output_failed(const char *name, int error);

/* All is written. 0, or what output_failed() returns. */
int output_flush(FILE *out, const char *name);

#endif
