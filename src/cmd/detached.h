/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * detached.h - recordings that go on without their terminal
 *
 * Each has a name, and a file of that name in /run/bpfpath (of root) or in
 * $XDG_RUNTIME_DIR/bpfpath, which says what process it is and when that began: so
 * another process that has got its number is never taken for it. NAME.log beside it
 * has what the session said.
 */
#ifndef BPFPATH_DETACHED_H
#define BPFPATH_DETACHED_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define DETACHED_NAME 64

struct detached {
	char name[DETACHED_NAME];
	pid_t pid;
	uint64_t start; /* of the process; ticks, proc(5) */
	char file[PATH_MAX];
	bool running;
};

/*
 * Go on in another process, of a session of its own. In that one 0 is returned. The
 * first one ends when detached_ready() was called or that process has ended, with
 * its exit status. -EINVAL or -EEXIST after one line to the user, for a bad name and
 * for one that is taken.
 */
int detached_start(const char *name);

/*
 * The session has begun, and records to @file: write it down. From now on what it says
 * goes to its log. 0, or a negative errno after one line to the user.
 */
int detached_ready(const char *name, const char *file);

/* Is that a name? If not, one line to the user. 0 or -EINVAL. */
int detached_check(const char *name);

/* Read what is known of @name. 0, or a negative errno: -ENOENT when there is none. */
int detached_read(const char *name, struct detached *out);

/* Call @fn for each, by name. 0 or a negative errno. */
int detached_each(void (*fn)(const struct detached *session, void *context),
		  void *context);

/* End the process and wait until it has ended. 0 or a negative errno. */
int detached_stop(const struct detached *session);

/* Copy what the session said to standard error, and forget it. */
void detached_forget(const struct detached *session);

/* The first line that the session said after it had begun; "" none. */
void detached_words(const struct detached *session, char *line, size_t size);

#endif
