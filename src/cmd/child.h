/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * child.h - the COMMAND, or what takes its place, that is run while tracing
 */
#ifndef BPFPATH_CHILD_H
#define BPFPATH_CHILD_H

#include <sys/types.h>

struct child {
	pid_t pid;
	int fd; /* a pidfd: readable when the command has ended */
};

/*
 * Run @argv with the usual signals; what it writes to standard output goes to
 * file descriptor @output. 0, or a negative errno after one line to the user.
 * The command is ended when this process dies.
 */
int child_start(struct child *child, char **argv, int output);

/* The same, but it can read nothing, and errors that it writes go to @output, too. */
int child_start_apart(struct child *child, char **argv, int output);

/*
 * Run @fn in a process of its own; what it returns, 0 to 127, is the status of that
 * one. SIGTERM ends it, which is no failure, and SIGINT does not. Otherwise as
 * child_start().
 */
int child_fork(struct child *child, int (*fn)(void *context), void *context);

/* The command has ended: collect it, and say so when it failed. */
void child_collect(struct child *child);

/* End the command, if it still runs, and wait for it. */
void child_stop(struct child *child);

#endif
