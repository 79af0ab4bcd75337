// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the kernel side reads of a packet (bpf/flow.bpf.h) is what the user side reads
 * (path/flow.c), however much of the packet there is.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#pragma GCC diagnostic ignored "-Wunknown-pragmas" /* those are for clang */

#include "bpf/flow.bpf.h"
#include "path/flow.h"
#include "test.h"

#define MACS	    "\x02\0\0\0\0\x02\x02\0\0\0\0\x01"
#define TAG(number) "\x81\0\0" number
#define ADDRESSES4  "\x0a\0\0\x01\x0a\0\0\x02"
#define ADDRESSES6                                                                       \
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x01"                                     \
	"\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x02"
#define IPV4(first, fragment, proto)                                                     \
	first "\0\0\x40\0\x07" fragment "\x40" proto "\0\0" ADDRESSES4
#define IPV6(next) "\x60\0\0\0\0\x40" next "\x40" ADDRESSES6
#define PORTS	   "\x12\x34\0\x35\0\0\0\0"
#define ARP                                                                              \
	"\0\x01\x08\0\x06\x04\0\x01\x02\0\0\0\0\x01\x0a\0\0\x01\0\0\0\0\0\0\x0a\0\0\x02"
#define EXTENSION(next, length) next length "\0\0\0\0\0\0"

#define BYTES(bytes) sizeof(bytes) - 1, bytes

static const struct {
	size_t length;
	const char *bytes;
	bool ip; /* it begins with the IP header */
} packets[] = {
	{ BYTES(MACS "\x08\0" IPV4("\x45", "\0\0", "\x11") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x45", "\0\0", "\x06") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x45", "\0\0", "\x01") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x45", "\0\0", "\x63") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x46", "\0\0", "\x11") "\x01\x01\x01\0" PORTS),
	  false },
	{ BYTES(MACS "\x08\0" IPV4("\x44", "\0\0", "\x11") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x65", "\0\0", "\x11") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x45", "\x20\0", "\x11") PORTS), false },
	{ BYTES(MACS "\x08\0" IPV4("\x45", "\x20\x10", "\x11") PORTS), false },
	{ BYTES(MACS TAG("\x05") "\x08\0" IPV4("\x45", "\0\0", "\x84") PORTS), false },
	{ BYTES(MACS "\x88\xa8\0\x07" TAG("\x05") "\x86\xdd" IPV6("\x88") PORTS), false },
	{ BYTES(MACS "\x86\xdd" IPV6("\x11") PORTS), false },
	{ BYTES(MACS "\x86\xdd" IPV6("\x3a") PORTS), false },
	{ BYTES(MACS "\x86\xdd" IPV6("\0") EXTENSION("\x3a", "\0") PORTS), false },
	{ BYTES(MACS "\x86\xdd" IPV6("\0") EXTENSION("\x3c", "\0")
			EXTENSION("\x06", "\x01") "\0\0\0\0\0\0\0\0" PORTS),
	  false },
	{ BYTES(MACS "\x86\xdd" IPV6("\x33") EXTENSION("\x11", "\x01") "\0\0\0\0" PORTS),
	  false },
	{ BYTES(MACS "\x86\xdd" IPV6("\x2c") "\x11\xff\0\x01\0\0\0\x07" PORTS), false },
	{ BYTES(MACS "\x86\xdd" IPV6("\x2c") "\x11\xff\0\x10\0\0\0\x07" PORTS), false },
	{ BYTES(MACS "\x08\x06" ARP), false },
	{ BYTES(MACS "\x88\xcc" ARP), false },
	{ BYTES(MACS "\0\x26" ARP), false },
	{ BYTES(IPV4("\x45", "\0\0", "\x11") PORTS), true },
	{ BYTES(IPV6("\x06") PORTS), true },
	{ BYTES("\0\0\0\0"), true },
};

static struct packet packet;

static void flow_check(const struct flow *want, const struct count_flow *flow)
{
	size_t size = want->family == AF_INET6 ? 16 : 4;

	assert_string_equal(flow_proto(flow->ethertype, flow->ip_proto), want->proto);
	assert_int_equal(!!(flow->flags & COUNT_FLOW_ADDRESSES), want->family != 0);
	assert_int_equal(!!(flow->flags & COUNT_FLOW_PORTS), want->ports);
	assert_int_equal(flow->sport, want->sport);
	assert_int_equal(flow->dport, want->dport);
	if (!want->family)
		return;
	assert_memory_equal(flow->src, want->src, size);
	assert_memory_equal(flow->dst, want->dst, size);
}

static void test_same(void **state)
{
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++) {
		packet.layer = packets[i].ip ? EVENT_LAYER_IP : EVENT_LAYER_ETHERNET;
		packet.len = (uint32_t)packets[i].length;
		/* What lies behind the packet is not part of it. */
		memset(packet.data, 0xff, EVENT_SNAP_LEN);
		memcpy(packet.data, packets[i].bytes, packets[i].length);
		for (size_t cut = 0; cut <= packets[i].length; cut++) {
			struct count_flow flow = { 0 };
			struct flow want;

			packet.captured = (uint32_t)cut;
			flow_read(&flow, &packet);
			flow_decode(&want, packet.data, cut, !packets[i].ip);
			flow_check(&want, &flow);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_same) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
