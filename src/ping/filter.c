// SPDX-License-Identifier: GPL-2.0-only
#include "ping/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

/*
 * Where things are: of IPv4 from the ICMP header on, of IPv6 from the IP header on,
 * as libpcap looks behind no IPv6 header. An error quotes the request from its IP
 * header on, which has no options: it is ours.
 */
enum {
	ICMP_TAG = 8,
	ICMP_QUOTED_TAG = 8 + 20 + 8,
	ICMP6_TAG = 40 + 8,
	ICMP6_QUOTED_TAG = 40 + 8 + 40 + 8,
	ND_TYPE = 40, /* RFC 4861 */
	ND_TARGET = 40 + 8,
	ARP_OPERATION = 6, /* RFC 826 */
	ARP_SENDER = 14,
	ARP_TARGET = 24,
};

static uint32_t be32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	       (uint32_t)bytes[2] << 8 | bytes[3];
}

/* "(icmp[8:4] = 1 and icmp[12:4] = 2)": @words words at @offset */
static void write_words(FILE *out, const char *header, int offset, const uint8_t *bytes,
			int words)
{
	for (int i = 0; i < words; i++)
		fprintf(out, "%s%s[%d:4] = %u", i ? " and " : "(", header, offset + 4 * i,
			be32(bytes + 4 * i));
	fprintf(out, ")");
}

static void write_ipv4(FILE *out, const uint8_t tag[8])
{
	write_words(out, "icmp", ICMP_TAG, tag, 2);
	fprintf(out, " or ");
	write_words(out, "icmp", ICMP_QUOTED_TAG, tag, 2);
}

static void write_arp(FILE *out, const uint8_t address[16])
{
	fprintf(out, "(arp[%d:2] = 1 and ", ARP_OPERATION);
	write_words(out, "arp", ARP_TARGET, address, 1);
	fprintf(out, ") or (arp[%d:2] = 2 and ", ARP_OPERATION);
	write_words(out, "arp", ARP_SENDER, address, 1);
	fprintf(out, ") or ");
}

/*
 * A load from outside of the packet is the end of the whole filter: what lies farther
 * behind comes later.
 */
static void write_ipv6(FILE *out, const uint8_t tag[8])
{
	fprintf(out, "(icmp6 and (");
	write_words(out, "ip6", ICMP6_TAG, tag, 2);
	fprintf(out, " or ");
	write_words(out, "ip6", ICMP6_QUOTED_TAG, tag, 2);
	fprintf(out, "))");
}

/* Neighbour solicitation and advertisement. */
static void write_nd(FILE *out, const uint8_t address[16])
{
	fprintf(out, "(icmp6 and (ip6[%d] = 135 or ip6[%d] = 136) and ", ND_TYPE,
		ND_TYPE);
	write_words(out, "ip6", ND_TARGET, address, 4);
	fprintf(out, ") or ");
}

char *ping_filter(int family, const uint8_t tag[8], const uint8_t addresses[][16],
		  size_t count)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	if (!out)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		if (family == AF_INET6)
			write_nd(out, addresses[i]);
		else
			write_arp(out, addresses[i]);
	}
	if (family == AF_INET6)
		write_ipv6(out, tag);
	else
		write_ipv4(out, tag);
	if (!fclose(out))
		return text;
	free(text);
	return NULL;
}
