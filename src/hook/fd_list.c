// SPDX-License-Identifier: GPL-2.0-only
#include "hook/fd_list.h"

#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

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

/* What the threads share: the files, and which is next. */
struct closing {
	const struct fd_list *list;
	size_t next;
};

/* False: there was none left to be closed. */
static bool closing_one(struct closing *closing)
{
	size_t i = __atomic_fetch_add(&closing->next, 1, __ATOMIC_RELAXED);

	if (i >= closing->list->count)
		return false;
	close(closing->list->fds[i]);
	return true;
}

static void *closing_run(void *argument)
{
	while (closing_one(argument))
		;
	return NULL;
}

/* One thread tells, and closes in between. */
void fd_list_close_parallel(struct fd_list *list, size_t threads,
			    void (*told)(void *context, size_t closed), void *context)
{
	struct closing closing = { .list = list };
	pthread_t *others = calloc(threads, sizeof(*others));
	size_t started = 0;

	while (others && started < threads && started < list->count &&
	       !pthread_create(&others[started], NULL, closing_run, &closing))
		started++;
	while (closing_one(&closing)) {
		if (told)
			told(context, __atomic_load_n(&closing.next, __ATOMIC_RELAXED));
	}
	while (started)
		pthread_join(others[--started], NULL);
	free(others);
	free(list->fds);
	*list = (struct fd_list){ 0 };
}
