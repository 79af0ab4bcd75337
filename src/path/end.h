/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * end.h - what became of a packet, said by its steps and by the last event
 */
#ifndef BPFPATH_END_H
#define BPFPATH_END_H

#include <stdbool.h>

#include "path/names.h"
#include "path/path.h"

enum end_cause {
	END_NONE,     /* tracing stopped */
	END_FREED,    /* an event with EVENT_LAST */
	END_REPLACED, /* its memory was found with another packet in it, or it
			 had to make room */
};

struct end {
	enum end_cause cause;
	uint8_t kind, id; /* END_FREED: what the last event said */
	uint64_t where, value;
};

/*
 * Fill in what @path has to say about its end. A drop always counts as one: a
 * packet that reached tcp_v4_rcv() and found no socket is dropped. Otherwise
 * the last step with a role (stage.h) decides; a packet that is received after
 * a transmission, through a veth pair, was not transmitted.
 */
void end_decide(struct path *path, const struct end *end, struct names *names);

#endif
