/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * slot.h - the filter goes into the programs as they are loaded
 */
#ifndef BPFPATH_HOOK_SLOT_H
#define BPFPATH_HOOK_SLOT_H

struct filter;

/* Make the sections of our programs known to libbpf. 0 or a negative errno. */
int slot_register(void);

/* What is loaded from now on has @filter in its slots. It must outlive the loading. */
void slot_set_filter(const struct filter *filter);

#endif
