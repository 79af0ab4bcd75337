// SPDX-License-Identifier: GPL-2.0-only
#include "ttl/measure.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/log.h"
#include "kernel/route.h"
#include "ttl/counter.h"
#include "ttl/route.h"
#include "ttl/target.h"

/* What a peer gets for its own end of a connection that is shut down. */
#define MEASURE_GOODBYE CLOCK_SECOND
#define MEASURE_EVENTS	64

struct attempt {
	struct target *target;
	uint64_t cookie; /* of its socket, in the counter */
	uint64_t deadline;
	int fd; /* -1: it has come to its end */
	bool connected;
};

struct measure {
	struct attempt *attempts;
	size_t count, open;
	struct counter *counter;
	int epoll;
	double seconds;
};

static void attempt_close(struct measure *measure, struct attempt *attempt)
{
	counter_detach(attempt->fd);
	close(attempt->fd);
	attempt->fd = -1;
	measure->open--;
}

static void attempt_failed(struct attempt *attempt, int error)
{
	struct target *target = attempt->target;

	target->outcome = error == ECONNREFUSED ? TARGET_REFUSED
			  : error == ETIMEDOUT	? TARGET_TIMEOUT
						: TARGET_FAILED;
	snprintf(target->why, sizeof(target->why), "%s",
		 route_lacks_link((const void *)&target->address)
			 ? "it may be on any link: use [fe80::1%DEV]"
			 : strerror(error));
}

/* What can fail before there is a connection; returns an errno. */
static int attempt_connect(struct measure *measure, struct attempt *attempt)
{
	const struct sockaddr *address = (const void *)&attempt->target->address;
	struct epoll_event event = { .events = EPOLLOUT, .data.ptr = attempt };
	int err = counter_attach(measure->counter, attempt->fd, &attempt->cookie);

	if (err)
		return -err;
	if (connect(attempt->fd, address, attempt->target->address_length) &&
	    errno != EINPROGRESS)
		return errno;
	return epoll_ctl(measure->epoll, EPOLL_CTL_ADD, attempt->fd, &event) ? errno : 0;
}

static void attempt_start(struct measure *measure, struct attempt *attempt)
{
	int error;

	attempt->fd = socket(attempt->target->address.ss_family,
			     SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (attempt->fd < 0) {
		attempt_failed(attempt, errno);
		return;
	}
	measure->open++;
	attempt->deadline = clock_now() + clock_seconds(measure->seconds);
	error = attempt_connect(measure, attempt);
	if (error) {
		attempt_failed(attempt, error);
		attempt_close(measure, attempt);
	}
}

/* The handshake is over, for good or bad. */
static void attempt_answered(struct measure *measure, struct attempt *attempt)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = attempt };
	socklen_t size = sizeof(int);
	int error = 0;

	getsockopt(attempt->fd, SOL_SOCKET, SO_ERROR, &error, &size);
	if (error) {
		attempt_failed(attempt, error);
		attempt_close(measure, attempt);
		return;
	}
	attempt->target->outcome = TARGET_CONNECTED;
	attempt->connected = true;
	attempt->deadline = clock_now() + MEASURE_GOODBYE;
	shutdown(attempt->fd, SHUT_WR);
	if (epoll_ctl(measure->epoll, EPOLL_CTL_MOD, attempt->fd, &event))
		attempt_close(measure, attempt);
}

/* Bytes that were not read would make close(2) send a RST. */
static void attempt_drain(struct measure *measure, struct attempt *attempt)
{
	char bytes[4096];
	ssize_t length = read(attempt->fd, bytes, sizeof(bytes));

	if (!length || (length < 0 && errno != EAGAIN && errno != EINTR))
		attempt_close(measure, attempt);
}

static void attempt_expire(struct measure *measure, struct attempt *attempt)
{
	struct target *target = attempt->target;

	if (!attempt->connected) {
		target->outcome = TARGET_TIMEOUT;
		snprintf(target->why, sizeof(target->why), "no answer in %g s",
			 measure->seconds);
	}
	attempt_close(measure, attempt);
}

/* End what is overdue; the milliseconds to the next deadline, rounded up. */
static int measure_expire(struct measure *measure)
{
	uint64_t now = clock_now(), next = UINT64_MAX;

	for (size_t i = 0; i < measure->count; i++) {
		struct attempt *attempt = &measure->attempts[i];

		if (attempt->fd < 0)
			continue;
		if (attempt->deadline <= now)
			attempt_expire(measure, attempt);
		else if (attempt->deadline < next)
			next = attempt->deadline;
	}
	next = (next - now) / (CLOCK_SECOND / 1000) + 1;
	return next < INT32_MAX ? (int)next : INT32_MAX;
}

static int measure_loop(struct measure *measure)
{
	struct epoll_event events[MEASURE_EVENTS];

	while (measure->open) {
		int timeout = measure_expire(measure), count;

		if (!measure->open)
			break;
		count = epoll_wait(measure->epoll, events, MEASURE_EVENTS, timeout);
		if (count < 0 && errno != EINTR)
			return -errno;
		for (int i = 0; i < count; i++) {
			struct attempt *attempt = events[i].data.ptr;

			if (attempt->connected)
				attempt_drain(measure, attempt);
			else
				attempt_answered(measure, attempt);
		}
	}
	return 0;
}

static int measure_entry(const struct counter_entry *entry, void *context)
{
	const struct target_packets packets = { entry->count, entry->ttl,
						entry->tcp_flags };
	const struct measure *measure = context;

	for (size_t i = 0; entry->count && i < measure->count; i++)
		if (measure->attempts[i].cookie == entry->socket)
			return target_add(measure->attempts[i].target, &packets);
	return 0;
}

static int measure_collect(struct measure *measure)
{
	uint64_t lost = 0;
	int err = counter_each(measure->counter, measure_entry, measure, &lost);

	if (err)
		return err;
	if (lost)
		log_warn("%llu packets had too many different TTLs to be counted",
			 (unsigned long long)lost);
	for (size_t i = 0; i < measure->count; i++) {
		struct target *target = measure->attempts[i].target;

		target_decide(target, route_bounds((const void *)&target->address));
	}
	return 0;
}

static int measure_run(struct measure *measure)
{
	int err;

	measure->epoll = epoll_create1(EPOLL_CLOEXEC);
	if (measure->epoll < 0)
		return -errno;
	for (size_t i = 0; i < measure->count; i++)
		attempt_start(measure, &measure->attempts[i]);
	err = measure_loop(measure);
	return err ? err : measure_collect(measure);
}

static void measure_close(struct measure *measure)
{
	for (size_t i = 0; i < measure->count; i++)
		cleanup_fd(&measure->attempts[i].fd);
	cleanup_fd(&measure->epoll);
	counter_close(measure->counter);
	free(measure->attempts);
}

/* One for each target that has an address. */
static int measure_prepare(struct measure *measure, struct target *targets, size_t count)
{
	measure->attempts = calloc(count + 1, sizeof(*measure->attempts));
	if (!measure->attempts)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (targets[i].address_length)
			measure->attempts[measure->count++] =
				(struct attempt){ .target = &targets[i], .fd = -1 };
	return 0;
}

int measure_targets(struct target *targets, size_t count, double seconds)
{
	struct measure measure = { .seconds = seconds, .epoll = -1 };
	bool said = false;
	int err = measure_prepare(&measure, targets, count);

	if (!err && measure.count) {
		err = counter_open(measure.count, &measure.counter);
		said = err;
		if (!err)
			err = measure_run(&measure);
	}
	/* First of all: where standard error is closed, a socket may have its number. */
	measure_close(&measure);
	if (err && !said)
		log_error("cannot measure: %s", strerror(-err));
	return err;
}
