/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fd_list.h - file descriptors that are closed together
 */
#ifndef BPFPATH_FD_LIST_H
#define BPFPATH_FD_LIST_H

#include <stddef.h>

struct fd_list {
	int *fds;
	size_t count;
};

int fd_list_add(struct fd_list *list, int fd); /* takes over @fd, also on failure */
void fd_list_close(struct fd_list *list);

/*
 * The same with up to @threads threads, for files whose close waits for the
 * kernel. They have ended when this returns. @told: how many are closed, or nearly so,
 * now and then; NULL: nobody is told.
 */
void fd_list_close_parallel(struct fd_list *list, size_t threads,
			    void (*told)(void *context, size_t closed), void *context);

#endif
