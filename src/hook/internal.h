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
 * kernel. They have ended when this returns.
 */
void fd_list_close_parallel(struct fd_list *list, size_t threads);

/*
 * The program for each kind of plan, whose names begin with @prefix, with @call those
 * of calls whose return is told of; for gates @gate and @call_gate. An initialiser of
 * a struct bpf_program *[PLAN_KINDS].
 */
/* clang-format off */
#define PLAN_PROGRAMS(skeleton, prefix, call, gate, call_gate)                           \
	{                                                                                \
		[PLAN_FREE] = (skeleton)->progs.prefix##_free,                           \
		[PLAN_COPY] = (skeleton)->progs.prefix##_copy,                           \
		[PLAN_SPLIT] = (skeleton)->progs.prefix##_split,                         \
		[PLAN_MORPH] = (skeleton)->progs.prefix##_morph,                         \
		[PLAN_MERGE] = (skeleton)->progs.prefix##_merge,                         \
		[PLAN_QUEUE] = (skeleton)->progs.prefix##_queue,                         \
		PLAN_PROGRAMS_AT(STEP, skeleton, prefix),                                \
		PLAN_PROGRAMS_AT(REF, skeleton, prefix##_ref),                           \
		PLAN_PROGRAMS_AT(LIST, skeleton, prefix##_list),                         \
		PLAN_PROGRAMS_AT(CALL, skeleton, call),                                  \
		PLAN_PROGRAMS_AT(CALL_REF, skeleton, call##_ref),                        \
		[PLAN_GATE] = (gate),                                                    \
		[PLAN_CALL_GATE] = (call_gate),                                          \
		[PLAN_TCP] = (skeleton)->progs.prefix##_tcp,                             \
		[PLAN_UDP] = (skeleton)->progs.prefix##_udp,                             \
	}
/* clang-format on */
#define PLAN_PROGRAMS_AT(kind, skeleton, prefix)                                         \
	[PLAN_##kind##_1] = (skeleton)->progs.prefix##_1,                                \
	[PLAN_##kind##_2] = (skeleton)->progs.prefix##_2,                                \
	[PLAN_##kind##_3] = (skeleton)->progs.prefix##_3,                                \
	[PLAN_##kind##_4] = (skeleton)->progs.prefix##_4,                                \
	[PLAN_##kind##_5] = (skeleton)->progs.prefix##_5

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
