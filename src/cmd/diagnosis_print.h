/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diagnosis_print.h - a diagnosis as text for people, or as JSON
 */
#ifndef BPFPATH_DIAGNOSIS_PRINT_H
#define BPFPATH_DIAGNOSIS_PRINT_H

#include <stdio.h>

struct diagnosis;

typedef void diagnosis_print(FILE *out, const struct diagnosis *diagnosis);

/*
 * A line for each finding, below the name of its group; behind it, on a line of its
 * own, what to do. The last line says what all of it comes to.
 */
diagnosis_print diagnosis_print_text;

/* One object on one line; man/bpfpath-json.5.scd tells its shape. */
diagnosis_print diagnosis_print_json;

#endif
