/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * change.h - what the kernel altered in a packet on its way
 *
 * The kernel side sends the headers again whenever they differ from those that it
 * saw last. What differs was altered between the step before and the step that
 * has the new headers.
 */
#ifndef BPFPATH_CHANGE_H
#define BPFPATH_CHANGE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

struct path;

enum change_field {
	CHANGE_PROTO,
	CHANGE_SRC,
	CHANGE_SPORT,
	CHANGE_DST,
	CHANGE_DPORT,
	CHANGE_TTL,	 /* IPv6: hop limit */
	CHANGE_LENGTH,	 /* of the IP packet, as its header says */
	CHANGE_VLAN,	 /* the outermost tag */
	CHANGE_MARK,	 /* skb->mark */
	CHANGE_CHECKSUM, /* skb->ip_summed */
	CHANGE_MAC_SRC,
	CHANGE_MAC_DST,
	CHANGE_FIELDS
};

/* Texts as people write them; "": there was none, or there is none any more. */
struct change {
	enum change_field field;
	char before[INET6_ADDRSTRLEN], after[INET6_ADDRSTRLEN];
};

/* Has the packet got another IP header around it, or lost it? */
enum change_tunnel {
	CHANGE_TUNNEL_NONE,
	CHANGE_TUNNEL_ENTERED,
	CHANGE_TUNNEL_LEFT,
};

/* At most one per field, in the order of enum change_field. */
struct changes {
	enum change_tunnel tunnel;
	size_t count;
	struct change list[];
};

/* "src", "ttl", ... */
const char *change_name(enum change_field field);

/* Is it a number? Otherwise its texts are words. */
bool change_is_number(enum change_field field);

/*
 * Which fields they are, bit by bit of enum change_field, and behind these, by enum
 * change_tunnel, the tunnel. 0 for NULL.
 */
unsigned int changes_mask(const struct changes *changes);

/*
 * Compare each step of @path with those before it and fill in step.changes.
 * Places must have been inferred. Without memory the rest stays without changes,
 * and the path says that it is not complete.
 */
void changes_find(struct path *path);

/* The same of step @i alone, as far as is known before the path has ended. */
void changes_find_at(struct path *path, size_t i);

#endif
