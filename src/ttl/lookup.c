// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/lookup.h"

#include <errno.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/clock.h"
#include "ttl/url.h"

#define LOOKUP_THREADS 64

struct query {
	struct ttl_url url;
	struct addrinfo *answer;
	int error;
};

struct lookup {
	pthread_mutex_t lock; /* of all that follows, but for what a query asks */
	pthread_cond_t answered;
	size_t users; /* threads and the one who asks: the last one frees it */
	size_t count, next, pending;
	bool over; /* nobody waits for more answers */
	struct query queries[];
};

static void lookup_release(struct lookup *lookup)
{
	bool last;

	pthread_mutex_lock(&lookup->lock);
	last = !--lookup->users;
	pthread_mutex_unlock(&lookup->lock);
	if (!last)
		return;
	for (size_t i = 0; i < lookup->count; i++)
		if (lookup->queries[i].answer)
			freeaddrinfo(lookup->queries[i].answer);
	pthread_cond_destroy(&lookup->answered);
	pthread_mutex_destroy(&lookup->lock);
	free(lookup);
}

static void query_ask(struct lookup *lookup, struct query *query)
{
	const struct addrinfo hints = {
		.ai_family = query->url.family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICSERV,
	};
	struct addrinfo *answer = NULL;
	int error = getaddrinfo(query->url.host, query->url.port, &hints, &answer);

	pthread_mutex_lock(&lookup->lock);
	query->answer = error ? NULL : answer;
	/* Answers that come too late are freed, but not looked at. */
	if (!lookup->over)
		query->error = error;
	lookup->pending--;
	pthread_cond_signal(&lookup->answered);
	pthread_mutex_unlock(&lookup->lock);
}

static struct query *lookup_next(struct lookup *lookup)
{
	struct query *query = NULL;

	pthread_mutex_lock(&lookup->lock);
	if (!lookup->over && lookup->next < lookup->count)
		query = &lookup->queries[lookup->next++];
	pthread_mutex_unlock(&lookup->lock);
	return query;
}

static void *lookup_thread(void *context)
{
	struct lookup *lookup = context;
	struct query *query;

	while ((query = lookup_next(lookup)))
		query_ask(lookup, query);
	lookup_release(lookup);
	return NULL;
}

static struct lookup *lookup_new(const struct ttl_url *urls, size_t count)
{
	struct lookup *lookup =
		calloc(1, sizeof(*lookup) + count * sizeof(*lookup->queries));
	pthread_condattr_t monotonic;

	if (!lookup)
		return NULL;
	pthread_mutex_init(&lookup->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&lookup->answered, &monotonic);
	pthread_condattr_destroy(&monotonic);
	lookup->users = 1;
	lookup->count = lookup->pending = count;
	for (size_t i = 0; i < count; i++) {
		lookup->queries[i].url = urls[i];
		lookup->queries[i].error = LOOKUP_PENDING;
	}
	return lookup;
}

static int lookup_start(struct lookup *lookup)
{
	pthread_t thread;
	int err = 0;

	pthread_mutex_lock(&lookup->lock);
	while (!err && lookup->users <= LOOKUP_THREADS &&
	       lookup->users <= lookup->count) {
		err = pthread_create(&thread, NULL, lookup_thread, lookup);
		if (!err) {
			pthread_detach(thread);
			lookup->users++;
		}
	}
	/* Fewer are good enough. */
	if (lookup->users > 1)
		err = 0;
	pthread_mutex_unlock(&lookup->lock);
	return -err;
}

static void lookup_wait(struct lookup *lookup, double seconds)
{
	uint64_t end = clock_now() + clock_seconds(seconds);
	const struct timespec deadline = { end / CLOCK_SECOND, end % CLOCK_SECOND };
	int err = 0;

	pthread_mutex_lock(&lookup->lock);
	while (!err && lookup->pending)
		err = pthread_cond_timedwait(&lookup->answered, &lookup->lock, &deadline);
	lookup->over = true;
	pthread_mutex_unlock(&lookup->lock);
}

int lookup_urls(const struct ttl_url *urls, size_t count, double seconds,
		struct lookup **out)
{
	struct lookup *lookup = lookup_new(urls, count);
	int err = lookup ? lookup_start(lookup) : -ENOMEM;

	if (err) {
		lookup_free(lookup);
		return err;
	}
	lookup_wait(lookup, seconds);
	*out = lookup;
	return 0;
}

const struct addrinfo *lookup_answer(const struct lookup *lookup, size_t i, int *error)
{
	*error = lookup->queries[i].error;
	return *error ? NULL : lookup->queries[i].answer;
}

void lookup_free(struct lookup *lookup)
{
	if (lookup)
		lookup_release(lookup);
}
