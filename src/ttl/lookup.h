/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lookup.h - ask for the addresses of many names at the same time
 *
 * getaddrinfo(3) takes as long as it likes, so threads of our own call it. Not
 * glibc's getaddrinfo_a(3): gai_suspend(3) leaves a pointer to its stack behind
 * when a second request ends while the first one wakes it (glibc 2.36).
 */
#ifndef BPFPATH_TTL_LOOKUP_H
#define BPFPATH_TTL_LOOKUP_H

#include <stddef.h>

struct addrinfo;
struct lookup;
struct ttl_url;

/* No answer yet; no error of getaddrinfo(3) has this number. */
#define LOOKUP_PENDING 1

/*
 * Ask for each of @urls, which are copied, and wait until all have an answer, for
 * @seconds at most. 0 or a negative errno.
 */
int lookup_urls(const struct ttl_url *urls, size_t count, double seconds,
		struct lookup **out);

/* The addresses of URL @i, or NULL and why: LOOKUP_PENDING or an EAI_ number. */
const struct addrinfo *lookup_answer(const struct lookup *lookup, size_t i, int *error);

/* A thread that still waits for an answer keeps what it needs. */
void lookup_free(struct lookup *lookup);

#endif
