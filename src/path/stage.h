/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stage.h - which part of the stack a function or tracepoint belongs to
 *
 * Data, not code: share/stages.conf, built in; one "pattern stage [role]" per
 * line, "#" comments, first match wins; a pattern ends in "*" or is a whole
 * name. The role says what reaching this place means for the packet:
 *	deliver		a socket or protocol handler has taken it
 *	transmit	it was handed to a device driver
 */
#ifndef BPFPATH_STAGE_H
#define BPFPATH_STAGE_H

enum stage_role {
	STAGE_ROLE_NONE,
	STAGE_ROLE_DELIVER,
	STAGE_ROLE_TRANSMIT,
};

struct stage {
	const char *name; /* "driver", "gro", ..., "other": never NULL */
	enum stage_role role;
};

/* Where @function belongs. Never fails: what no line matches is "other". */
struct stage stage_lookup(const char *function);

#endif
