/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - one tracing session: the loaded programs, where they are
 * attached, and the buffers that events come out of
 *
 * Nothing of a session outlives its process: everything hangs on BPF links,
 * which the kernel removes with the last open file.
 */
#ifndef BPFPATH_SESSION_H
#define BPFPATH_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"
#include "path/missed.h"

struct backend;
struct filter;
struct kernel;
struct netns_table;
struct probes;
struct session;
struct symbols;

/* Everything here must outlive the session. */
struct session_options {
	struct kernel *kernel;	   /* whose types are forgotten when they were used */
	struct symbols *symbols;   /* updated when modules come or go */
	struct netns_table *netns; /* scanned at least once */
	const struct filter *filter;
	const struct backend *backend;
	struct probes *probes; /* the functions of the zoom */
	const char *dev;       /* packets begin only on devices of this name; NULL: all */
	uint32_t only_netns;   /* ... and in this namespace, by inode; 0: all */
	bool conversation;     /* follow what answers a packet that matches, too */
	bool graph;	       /* all functions are seen to return, and steps nested */
	uint32_t buffer;       /* bytes for events, a power of two; 0: 8 MiB */
	uint32_t follow;       /* packets that are followed at once; 0: 16,384 */
	uint64_t patience;     /* ns after which a packet is forgotten; 0: never */
	/*
	 * Have the kernel measure all BPF programs of the machine, from before the first
	 * probe to after the last: to begin under load would be to rewrite code that
	 * runs. Costs 20 to 150 ns a run, and needs CAP_SYS_ADMIN.
	 */
	bool measure;

	/* Receives each event, in the order of their times. Not 0 ends the read. */
	int (*event)(void *context, const void *event, size_t size);
	/*
	 * Is told by session_open() how many of @total places are attached, where that
	 * takes seconds; when it is over, in whatever way, all of them. NULL: nobody.
	 */
	void (*attaching)(void *context, size_t done, size_t total);
	/* The same of session_detach(), and how many are attached no more. */
	void (*detaching)(void *context, size_t done, size_t total);
	void *context;
};

/* What the BPF programs did; all but .skipped: only with session_options.measure. */
struct session_work {
	uint64_t time; /* ns in BPF programs; the kernel's way to them comes on top */
	uint64_t runs;
	uint64_t packets;     /* that devices received or sent, anybody's */
	uint64_t packet_time; /* .time without what looks at other memory, too */
	uint64_t skipped; /* hits of probes without a run: in the middle of another one */
};

/* How many places are attached. */
struct session_probes {
	size_t tracepoints, functions, devices;
	size_t refused; /* could not be attached, and were left out */
};

/*
 * Load and attach. 0, or a negative errno after one line to the user; then
 * nothing is attached.
 */
int session_open(const struct session_options *options, struct session **out);

/* Detach and free everything; NULL is fine. */
void session_close(struct session *session);

/* Readable when there are events to read. Owned by the session. */
int session_fd(const struct session *session);

/*
 * Read the events that are there; under load not all at once, so that the caller
 * gets to look at the time and at signals. True: there may be more.
 */
bool session_read(struct session *session);

/*
 * Time passes (@now: ns, CLOCK_MONOTONIC): what was not seen for long is forgotten,
 * and its path ends.
 */
void session_age(struct session *session, uint64_t now);

/*
 * Is any packet followed? The events of one that is not are there to be read, but for
 * returns of functions that it was in.
 */
bool session_follows(const struct session *session);

/* Devices or namespaces changed: learn their names, attach where that matters. */
int session_rescan(struct session *session);

/* No packet begins or is followed any more; events can still be read. */
void session_stop(struct session *session);

/* The same, and nothing is attached any more. */
void session_detach(struct session *session);

/*
 * Tell @fn of each probe, or of those that are counted together, how many of its runs
 * the kernel has skipped since it was told last, which was at @since or later (ns). The
 * first time nobody is told: that was while probes were attached. None after
 * session_detach().
 */
void session_missed(struct session *session, uint64_t since,
		    void (*fn)(void *context, const struct missed_span *span),
		    void *context);

/* Sums since the beginning; they are gone when the session is detached. */
void session_work(const struct session *session, struct session_work *work);

/*
 * Probe less from now on: no functions, but for those where packets begin or end, so
 * that the tracepoints' steps stay right. 0; -EOPNOTSUPP when there is nothing to
 * give up. May take seconds (kprobe).
 */
int session_narrow(struct session *session);

/* What the kernel side counted so far: @account[enum account]. */
void session_account(const struct session *session, uint64_t account[ACCOUNT_SIZE]);

/* ... of which this is how many events were lost: ACCOUNT_RING_FULL. */
uint64_t session_lost(const struct session *session);

void session_probes(const struct session *session, struct session_probes *probes);

/*
 * Tell @fn of all that steps come from: of which kind they are, and what they are called.
 * What the kernel refused to attach, and --verbose named, is among them.
 */
void session_each_probe(const struct session *session,
			void (*fn)(void *context, enum event_kind kind, const char *name),
			void *context);

#endif
