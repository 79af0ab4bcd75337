/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * value.h - what stands behind an option: numbers, sizes, names
 *
 * Each returns 0, or -EINVAL after one line to the user that says what may stand there.
 */
#ifndef BPFPATH_VALUE_H
#define BPFPATH_VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* A number of packets, 1 or more, for -c. */
int value_count(const char *text, uint64_t *count);

/* How many @things from 1 to @most. */
int value_limited(const char *option, const char *text, const char *things, uint32_t most,
		  uint32_t *out);

/* Seconds, more than 0. */
int value_seconds(const char *option, const char *text, double *seconds);

/* For --buffer: the next power of two. */
int value_buffer(const char *text, uint32_t *bytes);

/* For --rotate: bytes. */
int value_rotate(const char *text, uint64_t *bytes);

/* For --max-overhead: percent of one CPU, more than 0. */
int value_overhead(const char *text, double *percent);

/* Is the format called @text json? Otherwise it is text. */
int value_json(const char *text, bool *json);

#endif
