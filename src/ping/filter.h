/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * filter.h - which packets belong to echoes, as a pcap expression
 */
#ifndef BPFPATH_PING_FILTER_H
#define BPFPATH_PING_FILTER_H

#include <stddef.h>
#include <stdint.h>

/*
 * Requests and replies that have @tag behind their header; ICMP errors that quote
 * one; and ARP, or neighbour discovery, for one of @count addresses of @family. Not
 * in a VLAN: where there is no Ethernet header yet "vlan" matches nothing, so that
 * all packets would begin at a device. To be freed; NULL: no memory.
 */
char *ping_filter(int family, const uint8_t tag[8], const uint8_t addresses[][16],
		  size_t count);

#endif
