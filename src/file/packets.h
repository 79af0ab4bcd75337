/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packets.h - paths as the packets of a pcapng file
 *
 * One interface for each device of each namespace, one packet for each step whose
 * headers were captured: where the packet came by a device. A comment tells what
 * the kernel did there, and at the last one what became of the packet.
 *
 * libpcap reads no file whose interfaces differ in their link type. So all of them
 * are Ethernet, and a packet that had no Ethernet header there gets one of zeros,
 * which its comment tells.
 */
#ifndef BPFPATH_PACKETS_H
#define BPFPATH_PACKETS_H

#include <stdint.h>

#include "base/bytes.h"
#include "base/table.h"
#include "render/phrases.h"

struct path;

struct packets {
	struct bytes *out;
	uint64_t clock; /* ns from the clock of events to that of the day */
	struct table interfaces;
	uint32_t count; /* of interfaces in this section */
	struct bytes comment;
	struct phrases functions; /* as comments name them */
};

/*
 * Begin a section, behind its header: no interface is known yet, but that of packets
 * which have no device, without which libpcap would not open the file.
 */
void packets_begin(struct packets *packets);
void packets_path(struct packets *packets, const struct path *path);
void packets_free(struct packets *packets);

#endif
