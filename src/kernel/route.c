// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/route.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>
#include <string.h>

#include "base/cleanup.h"

#define BUFFER_SIZE 8192 /* many times the answer about one route */

static void cleanup_socket(struct mnl_socket **socket)
{
	if (*socket)
		mnl_socket_close(*socket);
}

static void request_ipv4(struct nlmsghdr *message, const void *address)
{
	struct rtmsg *route = mnl_nlmsg_put_extra_header(message, sizeof(*route));

	route->rtm_family = AF_INET;
	route->rtm_dst_len = 8 * sizeof(struct in_addr);
	mnl_attr_put(message, RTA_DST, sizeof(struct in_addr), address);
}

static void request_ipv6(struct nlmsghdr *message, const struct sockaddr_in6 *in6)
{
	struct rtmsg *route = mnl_nlmsg_put_extra_header(message, sizeof(*route));

	route->rtm_family = AF_INET6;
	route->rtm_dst_len = 8 * sizeof(in6->sin6_addr);
	mnl_attr_put(message, RTA_DST, sizeof(in6->sin6_addr), &in6->sin6_addr);
}

/* A link-local address says which device by itself. */
static uint32_t address_device(const struct sockaddr *address, uint32_t ifindex)
{
	const struct sockaddr_in6 *in6 = (const void *)address;

	if (!ifindex && address->sa_family == AF_INET6)
		ifindex = in6->sin6_scope_id;
	return ifindex;
}

static void request_address(struct nlmsghdr *message, const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const void *)address;

	if (address->sa_family == AF_INET)
		request_ipv4(message, &((const struct sockaddr_in *)address)->sin_addr);
	else if (IN6_IS_ADDR_V4MAPPED(&in6->sin6_addr)) /* its packets are of IPv4 */
		request_ipv4(message, &in6->sin6_addr.s6_addr[12]);
	else
		request_ipv6(message, in6);
}

/* Of another family than the route's own (RFC 8950). */
static void via_read(const struct nlattr *attribute, struct route *route)
{
	const struct rtvia *via = mnl_attr_get_payload(attribute);
	size_t length = mnl_attr_get_payload_len(attribute) - sizeof(*via);

	if (length > sizeof(route->gateway))
		return;
	route->gateway_family = via->rtvia_family;
	memcpy(route->gateway, via->rtvia_addr, length);
}

static void gateway_read(const struct nlattr *attribute, int family, struct route *route)
{
	size_t length = mnl_attr_get_payload_len(attribute);

	if (length > sizeof(route->gateway))
		return;
	route->gateway_family = family;
	memcpy(route->gateway, mnl_attr_get_payload(attribute), length);
}

static int route_read(const struct nlmsghdr *message, void *context)
{
	const struct rtmsg *header = mnl_nlmsg_get_payload(message);
	struct route *route = context;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWROUTE)
		return MNL_CB_STOP;
	route->local = header->rtm_type == RTN_LOCAL;
	mnl_attr_for_each(attribute, message, sizeof(*header))
	{
		if (mnl_attr_get_type(attribute) == RTA_GATEWAY)
			gateway_read(attribute, header->rtm_family, route);
		else if (mnl_attr_get_type(attribute) == RTA_VIA)
			via_read(attribute, route);
	}
	return MNL_CB_STOP;
}

int route_get(const struct sockaddr *address, uint32_t ifindex, struct route *out)
{
	AUTO(cleanup_socket) struct mnl_socket *socket = NULL;
	struct route route = { 0 };
	char buffer[BUFFER_SIZE];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	ssize_t length;

	message->nlmsg_type = RTM_GETROUTE;
	message->nlmsg_flags = NLM_F_REQUEST;
	request_address(message, address);
	if (address_device(address, ifindex))
		mnl_attr_put_u32(message, RTA_OIF, address_device(address, ifindex));
	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return -errno;
	length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
	if (length < 0 || mnl_cb_run(buffer, length, 0, mnl_socket_get_portid(socket),
				     route_read, &route) < 0)
		return -errno;
	*out = route;
	return 0;
}

bool route_lacks_link(const struct sockaddr *address)
{
	const struct sockaddr_in6 *in6 = (const void *)address;

	return address->sa_family == AF_INET6 && !in6->sin6_scope_id &&
	       IN6_IS_ADDR_LINKLOCAL(&in6->sin6_addr);
}
