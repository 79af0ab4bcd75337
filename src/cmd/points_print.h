/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * points_print.h - probe points as text in columns, or as JSON
 */
#ifndef BPFPATH_POINTS_PRINT_H
#define BPFPATH_POINTS_PRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct point;

/* @points are @count pointers. @header: name the columns. */
typedef void points_print(FILE *out, const struct point *const *points, size_t count,
			  bool header);

/*
 * One line for each: name, kind, stage, argument, zoom, backends, and then what
 * else there is to say, or why it cannot be probed. No column but the last has
 * a space in it, and none is empty.
 */
points_print points_print_text;

/* One object per line; man/bpfpath-json.5.scd tells its shape. No header. */
points_print points_print_json;

#endif
