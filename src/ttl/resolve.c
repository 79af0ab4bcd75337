// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/resolve.h"

#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "ttl/clock.h"
#include "ttl/target.h"
#include "ttl/url.h"

/*
 * One name that is asked for. getaddrinfo_a(3) reads and writes it from a thread
 * of its own, which may not be stopped: then it is left to it for good.
 */
struct query {
	struct gaicb request;
	struct addrinfo hints;
	char host[NI_MAXHOST];
	char port[6];
};

static struct query *query_new(const struct ttl_url *url)
{
	struct query *query = calloc(1, sizeof(*query));

	if (!query)
		return NULL;
	strcpy(query->host, url->host);
	strcpy(query->port, url->port);
	query->hints.ai_family = url->family;
	query->hints.ai_socktype = SOCK_STREAM;
	query->hints.ai_flags = AI_NUMERICSERV;
	query->request.ar_name = query->host;
	query->request.ar_service = query->port;
	query->request.ar_request = &query->hints;
	return query;
}

static void query_free(struct query *query)
{
	if (!query || gai_cancel(&query->request) == EAI_NOTCANCELED)
		return;
	if (query->request.ar_result)
		freeaddrinfo(query->request.ar_result);
	free(query);
}

static void queries_free(struct query **queries, size_t count)
{
	for (size_t i = 0; i < count; i++)
		query_free(queries[i]);
	free(queries);
}

static struct query **queries_new(const struct ttl_url *urls, size_t count)
{
	struct query **queries = calloc(count, sizeof(*queries));

	for (size_t i = 0; queries && i < count; i++) {
		queries[i] = query_new(&urls[i]);
		if (!queries[i]) {
			queries_free(queries, i);
			return NULL;
		}
	}
	return queries;
}

/* Until all have an answer or the time is over. */
static void queries_wait(const struct gaicb *const *requests, size_t count,
			 double seconds)
{
	uint64_t now = clock_now(), deadline = now + clock_seconds(seconds);
	int err = 0;

	/* Not EAI_AGAIN: glibc 2.36 returns another error when the time is over. */
	while (err != EAI_ALLDONE && now < deadline) {
		const struct timespec left = { (deadline - now) / CLOCK_SECOND,
					       (deadline - now) % CLOCK_SECOND };

		err = gai_suspend(requests, count, &left);
		now = clock_now();
	}
}

static int queries_ask(struct query **queries, size_t count, double seconds)
{
	AUTO_FREE struct gaicb **requests = calloc(count, sizeof(*requests));

	if (!requests)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		requests[i] = &queries[i]->request;
	if (getaddrinfo_a(GAI_NOWAIT, requests, count, NULL) == EAI_MEMORY)
		return -ENOMEM;
	queries_wait((const struct gaicb *const *)requests, count, seconds);
	return 0;
}

static void unresolved(struct target *target, int error, double seconds)
{
	target->outcome = TARGET_UNRESOLVED;
	if (error == EAI_INPROGRESS)
		snprintf(target->why, sizeof(target->why),
			 "the name has no address after %g s", seconds);
	else
		snprintf(target->why, sizeof(target->why), "cannot resolve: %s",
			 error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
}

/* The targets of a URL, at least one; returns how many. @targets may be NULL. */
static size_t query_targets(const struct query *query, const struct ttl_url *url,
			    double seconds, struct target *targets)
{
	int error = gai_error((struct gaicb *)&query->request);
	const struct addrinfo *info = error ? NULL : query->request.ar_result;
	size_t count = 0;

	for (; info; info = info->ai_next, count++) {
		if (!targets)
			continue;
		targets[count].url = url;
		targets[count].address_length = info->ai_addrlen;
		memcpy(&targets[count].address, info->ai_addr, info->ai_addrlen);
	}
	if (count)
		return count;
	if (targets) {
		targets->url = url;
		unresolved(targets, error, seconds);
	}
	return 1;
}

int resolve_urls(const struct ttl_url *urls, size_t count, double seconds,
		 struct target **targets, size_t *target_count)
{
	struct query **queries = queries_new(urls, count);
	struct target *found = NULL;
	size_t room = 0, used = 0;
	int err = queries ? queries_ask(queries, count, seconds) : -ENOMEM;

	for (size_t i = 0; !err && i < count; i++)
		room += query_targets(queries[i], &urls[i], seconds, NULL);
	if (!err)
		found = calloc(room, sizeof(*found));
	if (!err && !found)
		err = -ENOMEM;
	for (size_t i = 0; !err && i < count; i++)
		used += query_targets(queries[i], &urls[i], seconds, found + used);
	if (queries)
		queries_free(queries, count);
	if (err)
		return err;
	*targets = found;
	*target_count = used;
	return 0;
}
