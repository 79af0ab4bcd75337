// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "hook/internal.h"

int fd_list_add(struct fd_list *list, int fd)
{
	int *fds = realloc(list->fds, (list->count + 1) * sizeof(*fds));

	if (!fds) {
		close(fd);
		return -ENOMEM;
	}
	fds[list->count++] = fd;
	list->fds = fds;
	return 0;
}

void fd_list_close(struct fd_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		close(list->fds[i]);
	free(list->fds);
	*list = (struct fd_list){ 0 };
}
