/* SPDX-License-Identifier: GPL-2.0-only */
/* session_recorder.h - a recorder that tells what the session is */
#ifndef BPFPATH_SESSION_RECORDER_H
#define BPFPATH_SESSION_RECORDER_H

#include "file/recorder.h"

struct machine;
struct options;
struct session;

/* All zero is none. */
struct session_recorder {
	struct recorder *recorder;
	const char **probes, **anchors; /* that the file tells of; ended by NULL */
};

/*
 * Create the file of options->recording. What @options and @machine have must
 * outlive it. 0, or a negative errno after one line to the user.
 */
int session_recorder_open(struct session_recorder *session, const struct options *options,
			  const struct machine *machine);

/* It is attached: what can be seen is written down, too. Nothing without a recorder. */
void session_recorder_attached(struct session_recorder *session,
			       const struct session *attached);
void session_recorder_close(struct session_recorder *session);

#endif
