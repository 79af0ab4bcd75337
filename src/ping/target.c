// SPDX-License-Identifier: GPL-2.0-only
#include "ping/target.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "kernel/route.h"
#include "render/escape.h"

#define DISCARD_PORT 9 /* RFC 863: any will do, as nothing is sent */

static void neighbour_add(struct ping_target *target, const void *address, size_t size)
{
	memcpy(target->neighbours[target->neighbour_count++], address, size);
}

/* The part of a socket address that a packet has, and how long it is. */
static const void *address_bytes(const struct sockaddr_storage *address, size_t *size)
{
	const struct sockaddr_in *in = (const void *)address;
	const struct sockaddr_in6 *in6 = (const void *)address;

	*size = address->ss_family == AF_INET6 ? sizeof(in6->sin6_addr)
					       : sizeof(in->sin_addr);
	return address->ss_family == AF_INET6 ? (const void *)&in6->sin6_addr
					      : &in->sin_addr;
}

/* Which of our addresses the kernel would send from: none without a route. */
static int source_find(const struct ping_target *target, struct sockaddr_storage *source)
{
	AUTO_FD int fd = socket(target->address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_storage peer = target->address;
	socklen_t length = sizeof(*source);

	/* sin6_port is at the same place. */
	((struct sockaddr_in *)&peer)->sin_port = htons(DISCARD_PORT);
	if (fd < 0 || connect(fd, (const void *)&peer, target->length) ||
	    getsockname(fd, (void *)source, &length))
		return -errno;
	return 0;
}

static void neighbours_find(struct ping_target *target, uint32_t ifindex)
{
	struct sockaddr_storage source;
	struct route route;
	size_t size;
	const void *bytes = address_bytes(&target->address, &size);

	neighbour_add(target, bytes, size);
	if (!source_find(target, &source))
		neighbour_add(target, address_bytes(&source, &size), size);
	if (!route_get((const void *)&target->address, ifindex, &route) &&
	    route.gateway_family == target->address.ss_family)
		neighbour_add(target, route.gateway, size);
}

static int name_fail(const char *name, int error)
{
	char shown[ESCAPE_SIZE(256)];

	escape_terminal(shown, sizeof(shown), name);
	log_error("cannot resolve '%s': %s", shown,
		  error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
	return -ENOENT;
}

int ping_target_find(const char *name, int family, uint32_t ifindex,
		     struct ping_target *out)
{
	const struct addrinfo hints = { .ai_family = family, .ai_socktype = SOCK_DGRAM };
	struct ping_target target = { 0 };
	struct addrinfo *found;
	int error = getaddrinfo(name, NULL, &hints, &found);
	size_t size;

	if (error)
		return name_fail(name, error);
	memcpy(&target.address, found->ai_addr, found->ai_addrlen);
	target.length = found->ai_addrlen;
	freeaddrinfo(found);
	if (target.address.ss_family == AF_INET6 && ifindex)
		((struct sockaddr_in6 *)&target.address)->sin6_scope_id = ifindex;
	inet_ntop(target.address.ss_family, address_bytes(&target.address, &size),
		  target.text, sizeof(target.text));
	if (route_lacks_link((const void *)&target.address)) {
		log_error("'%s' may be on any link: use -I DEV, or %s%%DEV", target.text,
			  target.text);
		return -EINVAL;
	}
	neighbours_find(&target, ifindex);
	*out = target;
	return 0;
}
