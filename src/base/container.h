/* SPDX-License-Identifier: GPL-2.0-only */
/* container.h - from a member to the struct that it is in */
#ifndef BPFPATH_CONTAINER_H
#define BPFPATH_CONTAINER_H

#include <stddef.h>

#define CONTAINER_OF(pointer, type, member)                                              \
	((type *)(void *)((char *)(pointer)-offsetof(type, member)))

#endif
