/* SPDX-License-Identifier: GPL-2.0-only */
/* work.h - what programs did, by the kernel's own count */
#ifndef BPFPATH_WORK_H
#define BPFPATH_WORK_H

struct session_work;

/* Add what the kernel knows of the runs of a @program; nothing if it is negative. */
void work_add(struct session_work *work, int program);

#endif
