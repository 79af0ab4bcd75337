/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * backend.h - the ways to attach: one file each, ending in its ops
 */
#ifndef BPFPATH_BACKEND_H
#define BPFPATH_BACKEND_H

#include <stdbool.h>

struct bpf_prog_load_opts;
struct bpf_program;
struct function;
struct kernel;
struct plan;
struct session;
struct session_work;

struct backend {
	const char *name;
	const char *help;  /* one line */
	bool reads;	   /* its programs read kernel memory */
	bool functions;	   /* it probes functions */
	bool exclusive;	   /* while one of its programs runs, a CPU skips the others */
	const char *needs; /* of the kernel; one line */
	const char *lacks; /* what a user misses with it; NULL: nothing */
	/* Can it work here? If not, *@why says what is missing. */
	bool (*usable)(const struct kernel *kernel, const char **why);
	/* Can it probe this one of the functions that take a packet? NULL: it has none.
	 */
	bool (*reaches)(const struct function *function);
	/* Choose programs and constants; before anything is loaded. */
	int (*prepare)(struct session *session);
	/* A program is about to be loaded, with @options. NULL: as it is. */
	int (*loading)(struct session *session, struct bpf_program *program,
		       struct bpf_prog_load_opts *options);
	/* Attach; 0 or a negative errno after one line to the user. */
	int (*attach)(struct session *session);
	/* Devices changed: scan the table of namespaces. NULL: that is all. */
	int (*rescan)(struct session *session);
	/*
	 * Give up the probes that only make steps, for good. What is left must know a
	 * packet's beginning and its end as well as before. NULL: it has none of these.
	 */
	int (*narrow)(struct session *session);
	/* Add what it alone knows of to @work. NULL: nothing. */
	void (*work)(const struct session *session, struct session_work *work);
	/*
	 * The functions that it probes; NULL: none, as it is not in use. One may have
	 * another one beside it. NULL in its place: it never has any.
	 */
	const struct plan *(*plan)(const struct session *session);
	/* Undo everything; called once, also after a failed attach. */
	void (*detach)(struct session *session);
};

extern const struct backend backend_multi, backend_kprobe, backend_fentry,
	backend_tracepoint, backend_tcx;

/* In the order of preference, ended by NULL. */
extern const struct backend *const backends[];

/*
 * The backend called @name, or, for "auto", the best that works here; @functions:
 * are functions to be probed? 0; -EINVAL when there is none of that name, or
 * -EOPNOTSUPP when it cannot work here, after one line to the user.
 */
int backend_choose(const struct kernel *kernel, const char *name, bool functions,
		   const struct backend **out);

#endif
