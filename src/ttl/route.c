// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/route.h"

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <netinet/in.h>

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
	if (in6->sin6_scope_id)
		mnl_attr_put_u32(message, RTA_OIF, in6->sin6_scope_id);
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

static int route_read(const struct nlmsghdr *message, void *context)
{
	const struct rtmsg *route = mnl_nlmsg_get_payload(message);
	struct distance_bounds *bounds = context;
	const struct nlattr *attribute;

	if (message->nlmsg_type != RTM_NEWROUTE)
		return MNL_CB_STOP;
	if (route->rtm_type == RTN_LOCAL)
		bounds->most = 0;
	mnl_attr_for_each(attribute, message, sizeof(*route))
	{
		uint16_t type = mnl_attr_get_type(attribute);

		if (type == RTA_GATEWAY || type == RTA_VIA)
			bounds->least = 1;
	}
	return MNL_CB_STOP;
}

struct distance_bounds route_bounds(const struct sockaddr *address)
{
	AUTO(cleanup_socket) struct mnl_socket *socket = NULL;
	struct distance_bounds bounds = DISTANCE_UNBOUNDED;
	char buffer[BUFFER_SIZE];
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	ssize_t length;

	message->nlmsg_type = RTM_GETROUTE;
	message->nlmsg_flags = NLM_F_REQUEST;
	request_address(message, address);
	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket || mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) ||
	    mnl_socket_sendto(socket, message, message->nlmsg_len) < 0)
		return bounds;
	length = mnl_socket_recvfrom(socket, buffer, sizeof(buffer));
	if (length > 0)
		mnl_cb_run(buffer, length, 0, mnl_socket_get_portid(socket), route_read,
			   &bounds);
	return bounds;
}
