/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * devices.h - the network devices of the namespace that we are in
 */
#ifndef BPFPATH_DEVICES_H
#define BPFPATH_DEVICES_H

#include <stddef.h>
#include <stdint.h>

struct device {
	uint32_t ifindex;
	uint16_t type; /* ARPHRD_*, linux/if_arp.h */
	char name[16];
	uint32_t xdp; /* id of its native XDP program; 0: it has none */
};

/*
 * All of them, by ifindex, in memory that the caller frees; NULL and 0 when
 * there is none. 0 or a negative errno. No socket stays open.
 */
int devices_list(struct device **out, size_t *count);

#endif
