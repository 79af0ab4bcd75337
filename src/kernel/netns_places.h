/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netns_places.h - where in the file system the network namespaces are
 */
#ifndef BPFPATH_NETNS_PLACES_H
#define BPFPATH_NETNS_PLACES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct netns_place {
	uint32_t inode;
	pid_t pid;	/* the lowest of the processes in it, 0: none */
	char name[64];	/* in /run/netns, "" when it has none there */
	char path[288]; /* what to open to enter it */
};

struct netns_places {
	struct netns_place *list; /* by inode */
	size_t count, room;
};

/*
 * Find all of them: files in /run/netns (ip-netns(8)) and in the like of docker,
 * and what processes are in. Not found are namespaces that only a thread, an
 * open file or a bind mount elsewhere keeps. 0 or a negative errno.
 */
int netns_places_find(struct netns_places *places);
void netns_places_clear(struct netns_places *places);

/* The inode of the network namespace that @path leads to, or a negative errno. */
int netns_places_inode(const char *path, uint32_t *inode);

/*
 * The same of what is called "host": that of process 1, or, when its files are
 * closed even to us (it has more capabilities, ptrace(2)), of kernel threads.
 */
int netns_places_host(uint32_t *inode);

#endif
