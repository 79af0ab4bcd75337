/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * detail.h - what a function knew beside the packet: rules of netfilter, a route
 */
#ifndef BPFPATH_DETAIL_H
#define BPFPATH_DETAIL_H

#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>

#include "bpf/event.h"

struct trail_step;

enum detail_kind { DETAIL_CHAIN, DETAIL_ROUTE };

/* Names may hold any byte. */
struct detail {
	enum detail_kind kind;
	/* the chain that a hook of netfilter begins with */
	char table[EVENT_NAME_LEN], chain[EVENT_NAME_LEN];
	/* the next hop; "": the destination itself, and the device to it */
	char gateway[INET6_ADDRSTRLEN], dev[EVENT_DEV_LEN];
};

/* How many bytes an event of @kind has behind its struct event; 0: it is no detail. */
size_t detail_size(enum event_kind kind);

/*
 * Read these bytes at @data, of an EVENT_CHAIN or EVENT_ROUTE. 0, -EINVAL when they make
 * no sense, or -ENOMEM. *@out is to be freed.
 */
int detail_read(const struct trail_step *event, const uint8_t *data, struct detail **out);

/* "filter.INPUT", "via 10.0.0.1 dev eth0", "direct dev eth0"; names as they are. */
#define DETAIL_TEXT (2 * EVENT_NAME_LEN)
void detail_text(const struct detail *detail, char text[DETAIL_TEXT]);

#endif
