/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netns_watch.h - word that namespaces or devices may have changed
 *
 * Heard are files that come and go in /run/netns, and changes of devices in our
 * own namespace and in those that it has an id for (a veth leads there,
 * NETLINK_LISTEN_ALL_NSID in netlink(7)); others are not heard of, so a scan
 * now and then stays needed. Nothing is opened inside of another namespace.
 */
#ifndef BPFPATH_NETNS_WATCH_H
#define BPFPATH_NETNS_WATCH_H

#include <stdbool.h>

struct netns_watch;

/* 0 or a negative errno. */
int netns_watch_open(struct netns_watch **out);
void netns_watch_close(struct netns_watch *watch);

/* Readable, for poll(2) and epoll(7), when there is word. Owned by the watch. */
int netns_watch_fd(const struct netns_watch *watch);

/* Take all of the word that there is: true when there was any. */
bool netns_watch_drain(struct netns_watch *watch);

#endif
