/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * retransmission.h - segments that TCP sends once more
 *
 * What TCP sends is a clone of what it keeps, and the next clone of that is another
 * packet with another identity. That they are the same segment is told by what they
 * are: connection, sequence number, data or SYN or FIN, and that they began at the same
 * place, so that a copy which is seen further on is none. On a kernel that allows
 * nothing else this works, too.
 */
#ifndef BPFPATH_RETRANSMISSION_H
#define BPFPATH_RETRANSMISSION_H

#include "base/recent.h"
#include "path/path.h"

#define RETRANSMISSION_SEGMENTS 65536 /* the last ones, which are known again */

struct retransmissions {
	struct recent segments;
};

void retransmissions_init(struct retransmissions *retransmissions);
void retransmissions_clear(struct retransmissions *retransmissions);

/*
 * Paths come in the order in which they began. Fills in path->retransmission. Without
 * memory the segment will not be known again.
 */
void retransmissions_note(struct retransmissions *retransmissions, struct path *path);

#endif
