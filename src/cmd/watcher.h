/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watcher.h - somebody who looks on while packets are traced, or a recording is played
 */
#ifndef BPFPATH_WATCHER_H
#define BPFPATH_WATCHER_H

#include <stdbool.h>
#include <stdint.h>

#include "bpf/event.h"

struct watcher {
	/*
	 * Everything is attached, or the file is open. 0, and *@fd is readable when
	 * .input() is to be called; or a negative errno after one line to the user.
	 */
	int (*open)(void *context, int *fd);
	/* False: the watcher has seen enough. */
	bool (*input)(void *context);
	/*
	 * Time passes: @now in ns, CLOCK_MONOTONIC; some 20 times a second. @account
	 * is what the kernel side has counted so far, 0 where a file has not told yet.
	 */
	void (*tick)(void *context, uint64_t now, const uint64_t account[ACCOUNT_SIZE]);
	/* The file was played to its end: look at it as long as you like. */
	void (*stay)(void *context, const uint64_t account[ACCOUNT_SIZE]);
	/* It is over, and was opened. */
	void (*close)(void *context);
	/*
	 * Of tracing: it was closed, all paths have been told of, and the names in them
	 * can still be read.
	 */
	void (*end)(void *context, const uint64_t account[ACCOUNT_SIZE]);
	int output; /* what COMMAND prints goes there; it reads nothing */
	void *context;
};

#endif
