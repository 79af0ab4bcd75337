// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/devices.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"

/* The kernel fills a dump's messages up to this (net/netlink, netlink_dump). */
#define BUFFER_SIZE 32768
#define DUMP_TRIES  5

struct list {
	struct device *devices;
	size_t count, room;
};

static void cleanup_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

static int list_add(struct list *list, const struct device *device)
{
	if (list->count == list->room) {
		size_t room = list->room ? 2 * list->room : 8;
		struct device *more = reallocarray(list->devices, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		list->devices = more;
		list->room = room;
	}
	list->devices[list->count++] = *device;
	return 0;
}

static uint32_t link_xdp(const struct nlattr *nest)
{
	const struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, nest)
	{
		if (mnl_attr_get_type(attribute) == IFLA_XDP_DRV_PROG_ID)
			return mnl_attr_get_u32(attribute);
	}
	return 0;
}

static int link_read(const struct nlmsghdr *message, void *context)
{
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);
	struct device device = {};
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWLINK)
		return MNL_CB_OK;
	device.ifindex = info->ifi_index;
	device.type = info->ifi_type;
	mnl_attr_for_each(attribute, message, sizeof(*info))
	{
		if (mnl_attr_get_type(attribute) == IFLA_IFNAME)
			snprintf(device.name, sizeof(device.name), "%s",
				 mnl_attr_get_str(attribute));
		else if (mnl_attr_get_type(attribute) == IFLA_XDP)
			device.xdp = link_xdp(attribute);
	}
	if (list_add(context, &device)) {
		errno = ENOMEM;
		return MNL_CB_ERROR;
	}
	return MNL_CB_OK;
}

static int dump_request(struct mnl_socket *socket, char *buffer)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	struct ifinfomsg *info;

	message->nlmsg_type = RTM_GETLINK;
	message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	info = mnl_nlmsg_put_extra_header(message, sizeof(*info));
	info->ifi_family = AF_UNSPEC;
	/* Statistics are most of the answer and of its cost. */
	mnl_attr_put_u32(message, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return mnl_socket_sendto(socket, message, message->nlmsg_len) < 0 ? -errno : 0;
}

static int dump_read(struct list *list)
{
	AUTO(cleanup_socket) struct mnl_socket *socket = NULL;
	char buffer[BUFFER_SIZE];
	ssize_t length;
	int err;

	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID))
		return -errno;
	err = dump_request(socket, buffer);
	if (err)
		return err;
	do {
		length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
		if (length < 0)
			return -errno;
		err = mnl_cb_run(buffer, length, 0, mnl_socket_get_portid(socket),
				 link_read, list);
	} while (err > MNL_CB_STOP);
	return err < 0 ? -errno : 0;
}

static int ifindex_compare(const void *left, const void *right)
{
	const struct device *a = left, *b = right;

	return a->ifindex < b->ifindex ? -1 : a->ifindex > b->ifindex;
}

int devices_list(struct device **out, size_t *count)
{
	struct list list = {};
	int err = -EINTR;

	/* EINTR: the devices changed in the middle (NLM_F_DUMP_INTR). */
	for (int try = 0; try < DUMP_TRIES && err == -EINTR; try++) {
		list.count = 0;
		err = dump_read(&list);
	}
	if (err) {
		free(list.devices);
		return err;
	}
	if (list.count)
		qsort(list.devices, list.count, sizeof(*list.devices), ifindex_compare);
	*out = list.devices;
	*count = list.count;
	return 0;
}
