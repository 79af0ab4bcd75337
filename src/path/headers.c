// SPDX-License-Identifier: GPL-2.0-only
#include "path/headers.h"

#include <arpa/inet.h>
#include <net/ethernet.h>
#include <stddef.h>
#include <string.h>

#include "path/flow.h"

#define IPV4_HEADER 20
#define IPV6_HEADER 40

static uint16_t read_u16(const uint8_t *at)
{
	uint16_t number;

	memcpy(&number, at, sizeof(number));
	return ntohs(number);
}

/* The length in an IP header; 0 when there is none, or it does not tell. */
static uint32_t ip_length(const uint8_t *ip, size_t captured)
{
	if (captured >= IPV4_HEADER && ip[0] >> 4 == 4)
		return read_u16(ip + 2);
	if (captured >= IPV6_HEADER && ip[0] >> 4 == 6 && read_u16(ip + 4))
		return IPV6_HEADER + read_u16(ip + 4);
	return 0;
}

uint32_t headers_length(const struct headers *headers, uint32_t len)
{
	size_t link = headers->layer == EVENT_LAYER_ETHERNET ? ETH_HLEN : 0;
	uint32_t told = 0;

	if (headers->captured >= link)
		told = ip_length(headers->data + link, headers->captured - link);
	if (told && told + link > len)
		len = told + (uint32_t)link;
	return len > headers->captured ? len : headers->captured;
}

void headers_flow(const struct headers *headers, uint32_t len, struct flow *flow)
{
	flow_decode(flow, headers->data, headers->captured,
		    headers->layer == EVENT_LAYER_ETHERNET);
	flow->len = len;
	flow->tuple = headers->layer == EVENT_LAYER_SOCKET;
}
