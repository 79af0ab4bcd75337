// SPDX-License-Identifier: GPL-2.0-only
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"
#include "ttl/lookup.h"
#include "ttl/url.h"

#define MANY 1000

/* What the C library would ask others for is answered here. */
static sem_t was_asked, may_answer, has_answered;
static bool too_late;

int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
		struct addrinfo **result)
{
	struct sockaddr_in *in;

	if (!strcmp(node, "unknown"))
		return EAI_NONAME;
	if (!strcmp(node, "slow")) {
		sem_post(&was_asked);
		sem_wait(&may_answer);
	}
	*result = calloc(1, sizeof(**result) + sizeof(*in));
	if (!*result)
		return EAI_MEMORY;
	in = (void *)(*result + 1);
	in->sin_addr.s_addr = atoi(node);
	(*result)->ai_family = hints->ai_family;
	(*result)->ai_addr = (void *)in;
	return 0;
}

void freeaddrinfo(struct addrinfo *result)
{
	if (!((struct sockaddr_in *)result->ai_addr)->sin_addr.s_addr)
		sem_post(&has_answered);
	free(result);
}

/* Time is over when somebody was asked, and not before, however slow the machine is. */
int pthread_cond_timedwait(pthread_cond_t *restrict cond, pthread_mutex_t *restrict mutex,
			   const struct timespec *restrict deadline)
{
	if (!too_late)
		return pthread_cond_wait(cond, mutex);
	pthread_mutex_unlock(mutex);
	sem_wait(&was_asked);
	pthread_mutex_lock(mutex);
	return ETIMEDOUT;
}

static void test_many(void **state)
{
	struct ttl_url *urls = calloc(MANY, sizeof(*urls));
	struct lookup *lookup;
	int error;

	for (int i = 0; i < MANY; i++) {
		urls[i].family = i % 2 ? AF_INET : AF_INET6;
		snprintf(urls[i].host, sizeof(urls[i].host), "%d", i + 1);
	}
	strcpy(urls[7].host, "unknown");
	assert_int_equal(lookup_urls(urls, MANY, 60, &lookup), 0);
	for (int i = 0; i < MANY; i++) {
		const struct addrinfo *info = lookup_answer(lookup, i, &error);

		if (i == 7) {
			assert_null(info);
			assert_int_equal(error, EAI_NONAME);
			continue;
		}
		assert_non_null(info);
		assert_int_equal(error, 0);
		assert_int_equal(info->ai_family, urls[i].family);
		assert_int_equal(((struct sockaddr_in *)info->ai_addr)->sin_addr.s_addr,
				 i + 1);
	}
	lookup_free(lookup);
	free(urls);
}

/* An answer that nobody waits for any more is freed by the thread that gets it. */
static void test_late(void **state)
{
	const struct ttl_url url = { .family = AF_INET, .host = "slow" };
	struct lookup *lookup;
	int error = 0;

	too_late = true;
	assert_int_equal(lookup_urls(&url, 1, 0.01, &lookup), 0);
	assert_null(lookup_answer(lookup, 0, &error));
	assert_int_equal(error, LOOKUP_PENDING);
	lookup_free(lookup);
	sem_post(&may_answer);
	sem_wait(&has_answered);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_late),
	};

	sem_init(&was_asked, 0, 0);
	sem_init(&may_answer, 0, 0);
	sem_init(&has_answered, 0, 0);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
