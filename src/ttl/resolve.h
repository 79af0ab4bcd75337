/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * resolve.h - the addresses of URLs, all names asked for at the same time
 */
#ifndef BPFPATH_TTL_RESOLVE_H
#define BPFPATH_TTL_RESOLVE_H

#include <stddef.h>

struct target;
struct ttl_url;

/*
 * A target for each address of each URL, in the order of @urls, and then of
 * getaddrinfo(3); one without an address for a URL that has none within
 * @seconds. They point to @urls. 0 or a negative errno.
 */
int resolve_urls(const struct ttl_url *urls, size_t count, double seconds,
		 struct target **targets, size_t *target_count);

#endif
