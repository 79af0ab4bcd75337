/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal.h - what the parts of a session know of each other
 */
#ifndef BPFPATH_HOOK_INTERNAL_H
#define BPFPATH_HOOK_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "hook/session.h"

struct bpfpath_bpf;
struct bpf_program;
struct kprobe;
struct multi;
struct plan_list;
struct ring_buffer;
struct tcx;

/* File descriptors that are closed together. */
struct fd_list {
	int *fds;
	size_t count;
};

struct session {
	struct session_options options;
	struct bpfpath_bpf *skeleton;
	struct ring_buffer *ring;
	struct fd_list tracepoints; /* raw tracepoint links */
	struct tcx *tcx;	    /* gates on devices, confined kernels only */
	struct multi *multi;	    /* probed functions, by kprobe.multi */
	struct kprobe *kprobe;	    /* ... by a kprobe each */
	size_t functions;
	size_t refused;
	uint64_t aged;	     /* ns: when the table was looked at for what is old */
	uint32_t table_size; /* packets that it holds */
	size_t round;	     /* events in the present session_read() */
	int stats; /* open while the kernel measures BPF programs; -1: it does not */
	bool narrowed;
	bool detached;
};

int fd_list_add(struct fd_list *list, int fd); /* takes over @fd, also on failure */
void fd_list_close(struct fd_list *list);

/*
 * The same with up to @threads threads, for files whose close waits for the
 * kernel. They have ended when this returns. @told: how many are closed, or nearly so,
 * now and then; NULL: nobody is told.
 */
void fd_list_close_parallel(struct fd_list *list, size_t threads,
			    void (*told)(void *context, size_t closed), void *context);

/*
 * function_table.c: what the programs are to do at these functions, before they are
 * attached. 0, or -ENOSPC after one line to the user.
 */
int function_table_fill(struct session *session, const struct plan_list *list);

/* tracepoints.c: raw tracepoints, which every backend uses */
int tracepoints_prepare(struct session *session);
int tracepoints_attach(struct session *session);

/* work.c: measure from now on, into .stats; 0 or a negative errno after one line */
int work_measure(struct session *session);

/* Add what the kernel knows of a program's runs. */
void work_add(struct session_work *work, int program);

/* tcx.c: on how many devices there are gates */
size_t tcx_devices(const struct session *session);

/* calls.c: forget calls that have not returned for a long time */
void calls_sweep(struct session *session);

/* slot.c: the filter goes into the programs as they are loaded */
int slot_register(void);
void slot_set_filter(const struct filter *filter);

#endif
