/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cleanup.h - things that end with their scope
 *
 *	AUTO_FD int fd = open(...);	closed at the end of the scope
 *	AUTO_FREE char *text = ...;	freed at the end of the scope
 *	return TAKE_PTR(text);		handed over instead
 */
#ifndef BPFPATH_CLEANUP_H
#define BPFPATH_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_free(void *pointer)
{
	free(*(void **)pointer);
}

static inline void cleanup_file(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define AUTO(fn)  __attribute__((cleanup(fn)))
#define AUTO_FD	  AUTO(cleanup_fd)
#define AUTO_FREE AUTO(cleanup_free)
#define AUTO_FILE AUTO(cleanup_file)

#define TAKE_PTR(pointer)                                                                \
	({                                                                               \
		__typeof__(pointer) taken = pointer;                                     \
		(pointer) = NULL;                                                        \
		taken;                                                                   \
	})

#define TAKE_FD(fd)                                                                      \
	({                                                                               \
		int taken = fd;                                                          \
		(fd) = -1;                                                               \
		taken;                                                                   \
	})

#endif
