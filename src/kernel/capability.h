/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * capability.h - what this process is allowed to do (capabilities(7))
 */
#ifndef BPFPATH_CAPABILITY_H
#define BPFPATH_CAPABILITY_H

#include <stdbool.h>
#include <stddef.h>

/* Is the capability of this number (linux/capability.h) in effect? */
bool capability_has(int number);

/*
 * What following packets needs and this process lacks, as "CAP_BPF,
 * CAP_PERFMON" in @text; false when it lacks nothing. CAP_SYS_ADMIN stands for
 * all of them: the kernel asks for it where it has not got the newer ones
 * (5.8, a17b53c4a4b5).
 */
bool capability_missing(char *text, size_t size);

/*
 * Are we in the user namespace that the machine started with? The root of any
 * other has all capabilities, and none that BPF asks for.
 */
bool capability_is_initial(void);

#endif
