// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ttl/lookup.h"
#include "ttl/target.h"
#include "ttl/url.h"

static void unresolved(struct target *target, int error, double seconds)
{
	target->outcome = TARGET_UNRESOLVED;
	if (error == LOOKUP_PENDING)
		snprintf(target->why, sizeof(target->why),
			 "the name has no address after %g s", seconds);
	else
		snprintf(target->why, sizeof(target->why), "cannot resolve: %s",
			 gai_strerror(error));
}

/* How many targets a URL has; at least one. */
static size_t answer_count(const struct lookup *lookup, size_t i)
{
	const struct addrinfo *info;
	size_t count = 0;
	int error;

	for (info = lookup_answer(lookup, i, &error); info; info = info->ai_next)
		count++;
	return count ? count : 1;
}

/* Fill them in; returns the place behind them. */
static struct target *answer_read(const struct lookup *lookup, size_t i,
				  const struct ttl_url *url, double seconds,
				  struct target *target)
{
	int error;
	const struct addrinfo *info = lookup_answer(lookup, i, &error);

	if (!info) {
		target->url = url;
		unresolved(target, error, seconds);
		return target + 1;
	}
	for (; info; info = info->ai_next, target++) {
		target->url = url;
		target->address_length = info->ai_addrlen;
		memcpy(&target->address, info->ai_addr, info->ai_addrlen);
	}
	return target;
}

int resolve_urls(const struct ttl_url *urls, size_t count, double seconds,
		 struct target **targets, size_t *target_count)
{
	struct lookup *lookup;
	struct target *found, *end;
	size_t room = 0;
	int err = lookup_urls(urls, count, seconds, &lookup);

	if (err)
		return err;
	for (size_t i = 0; i < count; i++)
		room += answer_count(lookup, i);
	found = end = calloc(room, sizeof(*found));
	for (size_t i = 0; found && i < count; i++)
		end = answer_read(lookup, i, &urls[i], seconds, end);
	lookup_free(lookup);
	if (!found)
		return -ENOMEM;
	*targets = found;
	*target_count = room;
	return 0;
}
