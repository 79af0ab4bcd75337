/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stage.h - which part of the stack a function or tracepoint belongs to
 *
 * Data, not code: share/stages.conf, built in, says it; its head describes the
 * form. The most specific pattern counts, so that lines may be added anywhere.
 */
#ifndef BPFPATH_STAGE_H
#define BPFPATH_STAGE_H

/* What reaching a place means for the packet. */
enum stage_role {
	STAGE_ROLE_NONE,
	STAGE_ROLE_DELIVER,  /* a socket has taken it */
	STAGE_ROLE_TRANSMIT, /* it was handed to a device driver */
	STAGE_ROLE_RECEIVE,  /* a device hands it to the stack: it goes on */
	STAGE_ROLE_FREE,     /* frees any packet: tells nothing about its way */
	STAGE_ROLE_MESSAGE,  /* has messages between processes, and never a packet */
	STAGE_ROLES
};

struct stage {
	const char *name; /* "driver", "gro", ..., "other": never NULL */
	enum stage_role role;
};

/*
 * Where @function belongs. Never fails: what no line matches is "other". A
 * compiler's suffix (".isra.0") does not count.
 */
struct stage stage_lookup(const char *function);

/*
 * Read the built-in data, which the first lookup does by itself: for the tests.
 * 0, or -EINVAL and in *@line (from 1) the first line that is wrong: not of the
 * form, an unknown stage or role, or a pattern that was there before.
 */
int stage_load(unsigned int *line);

#endif
