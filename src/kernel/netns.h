/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netns.h - the machine's network namespaces and their devices
 *
 * A namespace is known by its inode. It is never held open: an open file or a
 * socket in it would keep it, and the veth pairs into it, alive after its
 * owner removed it. Each visit opens a way in, enters, and leaves again; the
 * process must have one thread.
 */
#ifndef BPFPATH_NETNS_H
#define BPFPATH_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/names.h"

struct netns_table;

struct netns_device {
	uint32_t netns; /* inode */
	uint32_t ifindex;
	char name[16];
	uint16_t type; /* ARPHRD_*, linux/if_arp.h */
	uint32_t xdp;  /* id of its native XDP program; 0: it has none */
	bool seen;     /* for the caller: marks of his own, kept while the device lives */
};

struct netns {
	uint32_t inode;
	char name[64]; /* in /run/netns, "host" for init's, container id, or
			  "comm:pid"; "" when there is none */
	struct netns_device *devices;
	size_t device_count;
};

/*
 * Called inside of the namespace, for each device that is new. Not 0 ends the
 * scan, which returns it; what was not called for, this device included, is new
 * again at the next.
 */
typedef int (*netns_fn)(const struct netns *netns, struct netns_device *device,
			void *context);

/* NULL without memory. Looks at nothing yet. */
struct netns_table *netns_table_new(void);
void netns_table_free(struct netns_table *table);

/*
 * Look again: find all namespaces (/run/netns, /proc/PID/ns/net) and their
 * devices (RTM_GETLINK), and forget those that are gone. For each device that
 * was not there before, @fn (NULL: nobody) is called inside of its namespace.
 * A namespace or device that vanishes meanwhile is skipped. Without
 * CAP_SYS_ADMIN only the devices of our own namespace are known. 0 or a negative
 * errno; the process is always back in its own namespace, or it exits.
 */
int netns_table_scan(struct netns_table *table, netns_fn fn, void *context);

/* All of them by inode. Pointers into the table hold until the next scan. */
size_t netns_table_count(const struct netns_table *table);
const struct netns *netns_table_get(const struct netns_table *table, size_t index);

/* NULL when unknown. */
const struct netns *netns_table_find(const struct netns_table *table, uint32_t inode);
const char *netns_table_device(const struct netns_table *table, uint32_t inode,
			       uint32_t ifindex);

/* Is there a device called @name in the namespace @inode, or, for 0, in any? */
bool netns_table_has_device(const struct netns_table *table, uint32_t inode,
			    const char *name);

/*
 * Call @fn inside of the namespace @inode of the last scan; it must leave nothing open
 * there that it does not need. What it returned, or a negative errno; the process is
 * back in its own namespace, or it exits.
 */
int netns_table_visit(struct netns_table *table, uint32_t inode, int (*fn)(void *context),
		      void *context);

/* Empty the table: the next scan finds everything new. */
void netns_table_forget(struct netns_table *table);

/*
 * The inode of what a user calls @text: a name in the table, "host", a pid, an
 * inode in the table, or the path of a file. -ENOENT after one line that says
 * what there is.
 */
int netns_resolve(const struct netns_table *table, const char *text, uint32_t *inode);

#endif
