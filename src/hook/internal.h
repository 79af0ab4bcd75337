/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal.h - what the parts of a session know of each other
 */
#ifndef BPFPATH_HOOK_INTERNAL_H
#define BPFPATH_HOOK_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "hook/fd_list.h"
#include "hook/intake.h"
#include "hook/missing.h"
#include "hook/plan.h"
#include "hook/session.h"
#include "hook/work.h"

struct bpfpath_bpf;
struct bpf_program;
struct fentry;
struct gates;
struct kprobe;
struct multi;

struct session {
	struct session_options options;
	struct bpfpath_bpf *skeleton;
	struct intake intake;
	struct fd_list tracepoints; /* raw tracepoint links */
	uint32_t traced;	    /* bits: which of tracepoints.h are used */
	struct gates *gates;	    /* on devices, confined kernels only */
	struct multi *multi;	    /* probed functions, by kprobe.multi */
	struct kprobe *kprobe;	    /* ... by a kprobe each */
	struct fentry *fentry;	    /* ... by a trampoline each */
	struct missing missing;	    /* who is asked what was skipped */
	plan_takes *takes;	    /* which functions the first two have to probe */
	size_t functions;
	size_t refused;
	uint64_t aged;	     /* ns: when the table was looked at for what is old */
	uint32_t table_size; /* packets that it holds */
	int stats; /* open while the kernel measures BPF programs; -1: it does not */
	bool narrowed;
	bool detached;
};

/* A function was attached; or not, for @err, and is left out. */
void session_attached(struct session *session, const struct function *function, int err);

/*
 * range.c: attach a list with as few links as the kernel allows. @link attaches @count
 * functions from @first on, all or none of them.
 */
typedef int range_link(struct session *session, enum plan_group group,
		       const struct plan_list *list, size_t first, size_t count);
void range_attach(struct session *session, enum plan_group group,
		  const struct plan_list *list, range_link *link);

/* tracepoints.c: raw tracepoints, which every backend uses */
int tracepoints_prepare(struct session *session);
int tracepoints_attach(struct session *session);
void tracepoints_each(const struct session *session,
		      void (*fn)(void *context, enum event_kind kind, const char *name),
		      void *context);

/* work.c: measure from now on, into .stats; 0 or a negative errno after one line */
int work_measure(struct session *session);

/* calls.c: forget calls that have not returned for a long time */
void calls_sweep(struct session *session);

#endif
