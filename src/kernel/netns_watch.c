// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/netns_watch.h"

#include <errno.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/inotify.h>
#include <sys/socket.h>

#include "base/cleanup.h"

#define NETNS_DIRECTORY "/run/netns"
#define PARENT		"/run" /* until somebody makes the directory */

struct netns_watch {
	int epoll;
	int files;   /* inotify */
	int devices; /* netlink */
};

/*
 * A file is made, and then mounted on, which inotify does not tell; the file is
 * deleted once it is no longer mounted on.
 */
static void files_watch(const struct netns_watch *watch)
{
	const uint32_t changes = IN_CREATE | IN_DELETE | IN_MOVE | IN_ONLYDIR;

	if (inotify_add_watch(watch->files, NETNS_DIRECTORY, changes | IN_DELETE_SELF) <
	    0)
		inotify_add_watch(watch->files, PARENT, IN_CREATE | IN_ONLYDIR);
}

static int files_open(struct netns_watch *watch)
{
	watch->files = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (watch->files < 0)
		return -errno;
	files_watch(watch);
	return 0;
}

static int devices_open(struct netns_watch *watch)
{
	struct sockaddr_nl address = { .nl_family = AF_NETLINK,
				       .nl_groups = RTMGRP_LINK };
	int on = 1;

	watch->devices = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
				NETLINK_ROUTE);
	if (watch->devices < 0)
		return -errno;
	/* Without CAP_NET_ADMIN our own namespace alone is heard. */
	setsockopt(watch->devices, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, &on, sizeof(on));
	if (bind(watch->devices, (struct sockaddr *)&address, sizeof(address)))
		return -errno;
	return 0;
}

static int epoll_open(struct netns_watch *watch)
{
	struct epoll_event event = { .events = EPOLLIN };

	watch->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (watch->epoll < 0 ||
	    epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->files, &event) ||
	    epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->devices, &event))
		return -errno;
	return 0;
}

int netns_watch_open(struct netns_watch **out)
{
	struct netns_watch *watch = malloc(sizeof(*watch));
	int err;

	if (!watch)
		return -ENOMEM;
	watch->epoll = watch->files = watch->devices = -1;
	err = files_open(watch);
	if (!err)
		err = devices_open(watch);
	if (!err)
		err = epoll_open(watch);
	if (err) {
		netns_watch_close(watch);
		return err;
	}
	*out = watch;
	return 0;
}

void netns_watch_close(struct netns_watch *watch)
{
	if (!watch)
		return;
	cleanup_fd(&watch->epoll);
	cleanup_fd(&watch->files);
	cleanup_fd(&watch->devices);
	free(watch);
}

int netns_watch_fd(const struct netns_watch *watch)
{
	return watch->epoll;
}

/*
 * What the messages say does not matter: a scan finds out. ENOBUFS, too many
 * of them, is word as well.
 */
static bool fd_drain(int fd)
{
	char buffer[8192];
	bool any = false;

	while (read(fd, buffer, sizeof(buffer)) > 0 || errno == ENOBUFS ||
	       errno == EINTR) {
		any = true;
		errno = 0;
	}
	return any;
}

bool netns_watch_drain(struct netns_watch *watch)
{
	bool files = fd_drain(watch->files), devices = fd_drain(watch->devices);

	/* The directory may be there only now. */
	if (files)
		files_watch(watch);
	return files || devices;
}
