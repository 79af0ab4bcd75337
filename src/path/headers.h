/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * headers.h - the first bytes of a packet, as they were at one of its steps
 */
#ifndef BPFPATH_HEADERS_H
#define BPFPATH_HEADERS_H

#include <stdint.h>

#include "bpf/event.h"

struct flow;

struct headers {
	uint16_t captured;
	uint8_t layer; /* enum event_layer */
	uint8_t data[EVENT_SNAP_LEN];
};

/*
 * The length of the whole packet, counted from where @headers begin. @len is what the
 * kernel said it was there: with the Ethernet header at some places, and without it
 * at others. So the IP header, where it comes next, is asked, too.
 */
uint32_t headers_length(const struct headers *headers, uint32_t len);

/* What they say of the packet, with @len as its length. */
void headers_flow(const struct headers *headers, uint32_t len, struct flow *flow);

#endif
