/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * relation.h - how one packet came of another, by the functions that made it
 */
#ifndef BPFPATH_RELATION_H
#define BPFPATH_RELATION_H

#include <stdbool.h>
#include <stddef.h>

enum relation {
	RELATION_NONE,
	RELATION_CLONE,	       /* shares the data */
	RELATION_COPY,	       /* has data of its own */
	RELATION_SEGMENT,      /* of a large packet (GSO) */
	RELATION_FRAGMENT,     /* of an IP packet */
	RELATION_SPLIT,	       /* the second half of one that TCP has not sent yet */
	RELATION_TRANSMISSION, /* what TCP sends of a packet that it keeps */
	RELATION_CONSEQUENCE,  /* a packet with another content, which this one needed */
	RELATION_CONTENT,      /* has the same content: content.h */
	RELATION_RETRANSMISSION, /* of one that TCP has sent before: retransmission.h */
	RELATIONS
};

/*
 * Is it a packet of its own, and not made of another one while that was under way? TCP
 * sends once more what it keeps, long after the packet that had it before has ended.
 */
static inline bool relation_is_packet(enum relation relation)
{
	return relation == RELATION_NONE || relation == RELATION_RETRANSMISSION;
}

/* "clone", ...; NULL for RELATION_NONE. */
const char *relation_name(enum relation relation);

struct making {
	enum relation relation;
	size_t maker;	      /* which of the functions made it */
	const char *function; /* ... its name; NULL: there were none */
	const char *caller;   /* who called that one; NULL: not known */
	bool moves; /* the packet goes on as this copy: the other one is freed */
};

/*
 * Which relation a chain of calls makes, innermost first: the outermost function
 * of those at its beginning that make copies decides. RELATION_COPY when none is
 * known.
 */
struct making relation_read(const char *const *functions, size_t count);

/* Is @function NAME, or a compiler's copy of it (NAME.isra.0)? */
bool relation_is(const char *function, const char *name);

#endif
