/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * packets.h - made-up packets to try filters on
 *
 * Always the same ones: crafted ones of every protocol that the expressions
 * name, with options, extension headers, tags and fragments, then seeded
 * mutations of these, cut short or with bytes changed, then noise.
 */
#ifndef BPFPATH_TEST_PACKETS_H
#define BPFPATH_TEST_PACKETS_H

#include <stddef.h>
#include <stdint.h>

#define PACKETS_MAX_LEN 3000

struct test_packet {
	const char *name;
	unsigned int len;
	uint8_t data[PACKETS_MAX_LEN];
};

struct test_packets {
	struct test_packet *list;
	size_t count;
};

/* All begin with an Ethernet header (or what is left of it). */
void packets_make(struct test_packets *packets);
void packets_free(struct test_packets *packets);

#endif
