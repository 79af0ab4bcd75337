/* SPDX-License-Identifier: GPL-2.0-only */
/* packet.h - which fields of two packets differ: told, but no difference by itself */
#ifndef BPFPATH_DIFF_PACKET_H
#define BPFPATH_DIFF_PACKET_H

#include <netinet/in.h>
#include <stddef.h>

struct flow;

#define PACKET_FIELDS 9

/* Texts as people write them. */
struct packet_field {
	const char *name;
	char left[INET6_ADDRSTRLEN], right[INET6_ADDRSTRLEN];
};

/* Those that both have, and that differ; returns how many. */
size_t packet_compare(const struct flow *left, const struct flow *right,
		      struct packet_field fields[PACKET_FIELDS]);

#endif
