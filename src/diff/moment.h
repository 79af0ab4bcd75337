/* SPDX-License-Identifier: GPL-2.0-only */
/* moment.h - steps that come or not as the moment has it: share/moments.conf, built in */
#ifndef BPFPATH_MOMENT_H
#define BPFPATH_MOMENT_H

#include <stdbool.h>

/* Is @function, without a compiler's suffix, one of them? */
bool moment_is(const char *function);

#endif
