/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * conversation.h - packets there and back again
 *
 * A conversation is what two ends send to each other: by the addresses and ports in
 * either order, of echoes by address and identifier, of protocols that have none of
 * these by the addresses. Where the kernel alters them under way (NAT), those before
 * and after belong to the same one. What is inside of a tunnel, or around it, does not.
 * An ICMP error belongs to that of the packet that it quotes, a later fragment to that of
 * the first one.
 *
 * What looks the same in two namespaces is one conversation only if a packet of it was
 * seen in both.
 */
#ifndef BPFPATH_CONVERSATION_H
#define BPFPATH_CONVERSATION_H

#include <stdint.h>

#include "base/recent.h"
#include "path/path.h"

#define CONVERSATION_FLOWS                                                               \
	65536 /* that were seen last: one for each namespace, and NAT, on the way */

struct conversations {
	struct recent flows;
	uint64_t last; /* number that was given */
};

void conversations_init(struct conversations *conversations);
void conversations_clear(struct conversations *conversations);

/*
 * The number of the conversation that a packet belongs to which is no branch, from 1,
 * a new one if it has none yet; @number if that is known already, else 0. 0: it has
 * nothing to be known by, as a later fragment whose first one was not seen. The changes
 * of its steps must have been found; without steps what it was first has to do. Without
 * memory the conversation will not be known again.
 */
uint64_t conversations_find(struct conversations *conversations, const struct path *path,
			    uint64_t number);

#endif
