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

/*
 * Read what @zoom stands for: "hops" (no functions), "stages" (built in from
 * share/probes/stages.conf), "all", or the file of that name. 0, -ENOMEM, or
 * -EINVAL after one line to the user that names the file and the line.
 */
int probes_load(const char *zoom, struct probes **out);
void probes_free(struct probes *probes);

/* Are any functions probed? */
bool probes_any(const struct probes *probes);

/*
 * Is @function in the list? A compiler's copy (NAME.isra.0) is with its own name,
 * and with NAME.
 */
bool probes_has(const struct probes *probes, const char *function);

/* How many names there are; each, in their order, and did somebody ask for it? */
size_t probes_count(const struct probes *probes);
const char *probes_name(const struct probes *probes, size_t index);
bool probes_used(const struct probes *probes, size_t index);

/* Say once how many names nobody asked for with success, and, when verbose, which. */
void probes_report(struct probes *probes);

#endif
