/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probes.h - which functions a zoom means
 */
#ifndef BPFPATH_PROBES_H
#define BPFPATH_PROBES_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/functions.h"

/*
 * A list of function names: one per line, "#" comments; the rest of a line
 * after the name is for people, or for the prototype's "name flag" form.
 */
struct probes;

/* Does @zoom probe functions at all? "hops" does not. */
bool probes_wanted(const char *zoom);

/*
 * Read what @zoom stands for: "all", "stages" (share/probes/stages.conf, built
 * in), or the file of that name. 0, or a negative errno after one line to the
 * user that names the file and the line.
 */
int probes_load(const char *zoom, struct probes **out);
void probes_free(struct probes *probes);

/* Is @function in the list? */
bool probes_has(const struct probes *probes, const char *function);

/* How many names there are, and how many of them nobody asked for with success. */
size_t probes_count(const struct probes *probes);
size_t probes_unknown(const struct probes *probes);

#endif
