/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h - a pcap filter expression as eBPF
 *
 * text -(libpcap)-> classic BPF, for Ethernet and for raw IP -> eBPF -> put
 * into the slots of a BPF program before it is loaded (bpf/packet.h).
 *
 * The only user of libpcap. Knows nothing of libbpf and needs no privilege.
 */
#ifndef BPFPATH_FILTER_H
#define BPFPATH_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct bpf_insn;
struct filter;
struct headers;

struct filter_error {
	char message[256]; /* one line, lowercase, no full stop */
	int position;	   /* offset in the text, from 0; -1: not known */
};

/*
 * Compile @text; "" matches every packet. 0, or -EINVAL with *@error filled in
 * (syntax, unknown name, a form that is not supported), or -ENOMEM.
 *
 * An expression about the link layer ("ether host ...") has no raw IP form:
 * that variant then matches nothing, and such packets are found by the gates
 * that see the Ethernet header.
 */
int filter_compile(const char *text, struct filter **out, struct filter_error *error);
void filter_free(struct filter *filter);

/*
 * Can the filter be decided for packets of @protocol, IPPROTO_TCP or IPPROTO_UDP,
 * from what their socket knows, addresses and ports, and can it match any?
 */
bool filter_knows_socket(const struct filter *filter, int protocol);

/* How many bytes of a packet the filter can look at, <= PACKET_SNAP_MAX. */
unsigned int filter_snap_len(const struct filter *filter);

/*
 * Write the filter into every slot found in @insns. Returns how many slots
 * were filled, 0 or more, or -E2BIG when the filter is longer than a slot.
 */
int filter_place(const struct filter *filter, struct bpf_insn *insns, size_t count);

enum filter_verdict {
	FILTER_NO_MATCH,
	FILTER_MATCH,
	FILTER_UNDECIDED, /* it wants to see more than was captured */
};

/* Run the filter here, on captured headers of a packet of @len bytes. */
enum filter_verdict filter_match(const struct filter *filter,
				 const struct headers *headers, unsigned int len);

/* Print both codes, classic and extended, of both variants. */
void filter_dump(const struct filter *filter, FILE *out);

#endif
