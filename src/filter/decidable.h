/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decidable.h - can a raw IP program be decided from what a socket knows?
 *
 * A socket knows the protocol, the addresses and the ports of a packet whose IP
 * header is not built yet. Of the rest of the headers it is only known what is
 * the same in all packets that the kernel builds without options: version and
 * length of the IP header, and that the packet is no fragment.
 */
#ifndef BPFPATH_DECIDABLE_H
#define BPFPATH_DECIDABLE_H

#include <linux/types.h>

struct classic;

/* Bytes up to the end of the ports: so many are given to the program. */
#define DECIDABLE_IPV4_LEN 24
#define DECIDABLE_IPV6_LEN 44

enum decidable {
	DECIDABLE_NO,	 /* the verdict may depend on something else */
	DECIDABLE_NEVER, /* it does not, and is "no" for each such packet */
	DECIDABLE_YES,	 /* it does not */
};

/*
 * Say it of @classic, for packets of @protocol (TCP or UDP) over IPv4 and IPv6.
 * Where it is not DECIDABLE_NO, the program gives the same verdict on the first
 * DECIDABLE_*_LEN bytes, with anything in those that are not known, as on the
 * packet. Sound, not complete: what is not understood is DECIDABLE_NO.
 *
 * @classic has forward jumps only (check_classic() sees to that). 0 or -ENOMEM.
 */
int decidable_compute(const struct classic *classic, __u8 protocol, enum decidable *out);

#endif
