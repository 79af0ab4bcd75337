/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live_names.h - names.h answered from the running system
 */
#ifndef BPFPATH_LIVE_NAMES_H
#define BPFPATH_LIVE_NAMES_H

#include "path/names.h"

struct kernel;
struct symbols;
struct netns_table;

/* Everything must outlive the names. @symbols may be NULL. NULL without memory. */
struct names *live_names_new(const struct kernel *kernel, const struct symbols *symbols,
			     struct netns_table *netns);
void live_names_free(struct names *names);

#endif
