/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * modules.h - did modules come or go?
 */
#ifndef BPFPATH_MODULES_H
#define BPFPATH_MODULES_H

#include <stddef.h>
#include <stdint.h>

/*
 * A number for the set of modules that have BTF, whatever their order; 0 when there
 * are none. Cheap: one directory is read.
 */
uint64_t modules_state(void);

/* How many there are. */
size_t modules_count(void);

#endif
