// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "path/flow.h"
#include "test.h"

#define ETHERNET                                                                         \
	"\x02\0\0\0\0\x02"                                                               \
	"\x02\0\0\0\0\x01"
#define IPV4(protocol, fragment)                                                         \
	"\x45\0\0\x54\0\0" fragment "\x40" protocol "\0\0"                               \
	"\x0a\x09\0\x01"                                                                 \
	"\x0a\x09\0\x02"
#define ADDRESS6(last) "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0" last
#define IPV6(next)     "\x60\0\0\0\0\x28" next "\x40" ADDRESS6("\x01") ADDRESS6("\x02")
#define ECHO	       "\x08\0\0\0\0\x07\0\x01"
#define SYN	       "\x12\x67\0\x50\0\0\0\x0c\0\0\0\0\x50\x02\xff\xff\0\0\0\0"
#define UDP	       "\0\x35\x04\xd2\0\x08\0\0"

struct example {
	const char *name, *bytes;
	size_t size;
	bool ethernet;
	const char *line;
};

#define IP_LAYER(name, bytes, line)                                                      \
	{                                                                                \
		name, bytes, sizeof(bytes) - 1, false, line                              \
	}
#define ETHER(name, bytes, line)                                                         \
	{                                                                                \
		name, ETHERNET bytes, sizeof(ETHERNET bytes) - 1, true, line             \
	}

static const struct example examples[] = {
	IP_LAYER("echo", IPV4("\x01", "\x40\0") ECHO,
		 "icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84"),
	IP_LAYER("unreachable", IPV4("\x01", "\0\0") "\x03\x01\0\0\0\0\0\0",
		 "icmp host unreachable 10.9.0.1 -> 10.9.0.2 len 84"),
	IP_LAYER("unknown icmp", IPV4("\x01", "\0\0") "\x63\x05\0\0",
		 "icmp type 99 code 5 10.9.0.1 -> 10.9.0.2 len 84"),
	IP_LAYER("tcp", IPV4("\x06", "\0\0") SYN,
		 "tcp 10.9.0.1:4711 -> 10.9.0.2:80 [SYN] seq 12 len 84"),
	IP_LAYER("tcp cut", IPV4("\x06", "\0\0") "\x12\x67\0\x50",
		 "tcp 10.9.0.1:4711 -> 10.9.0.2:80 len 84"),
	IP_LAYER("first fragment", IPV4("\x11", "\x20\0") UDP,
		 "udp 10.9.0.1:53 -> 10.9.0.2:1234 len 84"),
	IP_LAYER("later fragment", IPV4("\x11", "\x20\x01") UDP,
		 "udp 10.9.0.1 -> 10.9.0.2 fragment len 84"),
	IP_LAYER("last fragment", IPV4("\x11", "\0\x01") UDP,
		 "udp 10.9.0.1 -> 10.9.0.2 fragment len 84"),
	IP_LAYER("options",
		 "\x46\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\x09\0\x01\x0a\x09\0\x02\x94\x04\0"
		 "\0" UDP,
		 "udp 10.9.0.1:53 -> 10.9.0.2:1234 len 84"),
	IP_LAYER("header too short",
		 "\x44\0\0\x20\0\0\0\0\x40\x11\0\0\x0a\x09\0\x01\x0a\x09\0\x02" UDP,
		 "udp 10.9.0.1 -> 10.9.0.2 len 84"),
	IP_LAYER("sctp", IPV4("\x84", "\0\0") "\0\x01\0\x02",
		 "sctp 10.9.0.1:1 -> 10.9.0.2:2 len 84"),
	IP_LAYER("gre", IPV4("\x2f", "\0\0"), "gre 10.9.0.1 -> 10.9.0.2 len 84"),
	IP_LAYER("other ip", IPV4("\xfd", "\0\0"),
		 "ipv4 10.9.0.1 -> 10.9.0.2 proto 253 len 84"),
	IP_LAYER("ipv4 cut", "\x45\0\0\x54", "ipv4 len 84"),
	IP_LAYER("ipv6 udp", IPV6("\x11") UDP,
		 "udp [2001:db8::1]:53 -> [2001:db8::2]:1234 len 84"),
	IP_LAYER("ipv6 echo", IPV6("\x3a") "\x81\0\0\0\0\x07\0\x01",
		 "icmp6 echo reply 2001:db8::1 -> 2001:db8::2 id 7 seq 1 len 84"),
	IP_LAYER("ipv6 hop-by-hop, destination",
		 IPV6("\0") "\x3c\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
			    "\x11\0\0\0\0\0\0\0" UDP,
		 "udp [2001:db8::1]:53 -> [2001:db8::2]:1234 len 84"),
	IP_LAYER("ipv6 ah", IPV6("\x33") "\x11\x01\0\0\0\0\0\0\0\0\0\0" UDP,
		 "udp [2001:db8::1]:53 -> [2001:db8::2]:1234 len 84"),
	IP_LAYER("ipv6 first fragment", IPV6("\x2c") "\x11\0\0\x01\0\0\0\x2a" UDP,
		 "udp [2001:db8::1]:53 -> [2001:db8::2]:1234 len 84"),
	IP_LAYER("ipv6 later fragment", IPV6("\x2c") "\x11\0\0\x08\0\0\0\x2a" UDP,
		 "udp 2001:db8::1 -> 2001:db8::2 fragment len 84"),
	IP_LAYER("ipv6 extension cut", IPV6("\0") "\x11\xff\0\0\0\0\0\0" UDP,
		 "udp 2001:db8::1 -> 2001:db8::2 len 84"),
	IP_LAYER("ipv6 none", IPV6("\x3b"),
		 "ipv6 2001:db8::1 -> 2001:db8::2 next 59 len 84"),
	IP_LAYER("neither", "\x77", "unknown packet len 84"),
	IP_LAYER("nothing", "", "unknown packet len 84"),
	ETHER("ethernet", "\x08\0" IPV4("\x01", "\0\0") ECHO,
	      "icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84"),
	ETHER("vlan", "\x81\0\x20\x0c\x86\xdd" IPV6("\x11") UDP,
	      "udp [2001:db8::1]:53 -> [2001:db8::2]:1234 vlan 12 len 84"),
	ETHER("802.1ad", "\x88\xa8\0\x64\x81\0\0\x0c\x08\0" IPV4("\x11", "\0\0") UDP,
	      "udp 10.9.0.1:53 -> 10.9.0.2:1234 vlan 100 len 84"),
	ETHER("who-has",
	      "\x08\x06\0\x01\x08\0\x06\x04\0\x01"
	      "\x02\0\0\0\0\x01"
	      "\x0a\0\0\x01"
	      "\0\0\0\0\0\0"
	      "\x0a\0\0\x02",
	      "arp who-has 10.0.0.2 tell 10.0.0.1 len 84"),
	ETHER("is-at",
	      "\x08\x06\0\x01\x08\0\x06\x04\0\x02"
	      "\x02\0\0\0\0\x99"
	      "\x0a\0\0\x02"
	      "\0\0\0\0\0\0"
	      "\x0a\0\0\x01",
	      "arp reply 10.0.0.2 is-at 02:00:00:00:00:99 len 84"),
	ETHER("arp cut", "\x08\x06\0\x01\x08\0\x06\x04\0\x01",
	      "arp 02:00:00:00:00:01 -> 02:00:00:00:00:02 type 0x0806 len 84"),
	ETHER("lldp", "\x88\xcc",
	      "lldp 02:00:00:00:00:01 -> 02:00:00:00:00:02 type 0x88cc len 84"),
	ETHER("stp", "\0\x26\x42\x42\x03",
	      "llc 02:00:00:00:00:01 -> 02:00:00:00:00:02 type 0x0026 len 84"),
	ETHER("other", "\x12\x34",
	      "ethernet 02:00:00:00:00:01 -> 02:00:00:00:00:02 type 0x1234 len 84"),
};

#define EXAMPLES (sizeof(examples) / sizeof(examples[0]))

static void prints_every_kind_of_packet(void **state)
{
	for (size_t i = 0; i < EXAMPLES; i++) {
		const struct example *example = &examples[i];
		struct flow flow;
		char line[256];

		flow_decode(&flow, (const uint8_t *)example->bytes, example->size,
			    example->ethernet);
		flow.len = 84;
		flow_print(&flow, line, sizeof(line));
		if (strcmp(line, example->line))
			fail_msg("%s: \"%s\", not \"%s\"", example->name, line,
				 example->line);
	}
}

/* Memory that ends where the snapshot ends: a read beyond is found by ASan. */
static void reads_nothing_beyond_the_snapshot(void **state)
{
	for (size_t i = 0; i < EXAMPLES; i++) {
		for (size_t size = 0; size <= examples[i].size; size++) {
			uint8_t *bytes = malloc(size ? size : 1);
			struct flow flow;
			char line[256];

			assert_non_null(bytes);
			memcpy(bytes, examples[i].bytes, size);
			flow_decode(&flow, bytes, size, examples[i].ethernet);
			flow_print(&flow, line, sizeof(line));
			assert_true(line[0] != '\0');
			free(bytes);
		}
	}
}

static void keeps_the_fields(void **state)
{
	static const char bytes[] = ETHERNET "\x81\0\x20\x0c\x08\0" IPV4("\x06", "\0\0")
		SYN;
	struct flow flow;

	flow_decode(&flow, (const uint8_t *)bytes, sizeof(bytes) - 1, true);
	assert_string_equal(flow.proto, "tcp");
	assert_int_equal(flow.family, AF_INET);
	assert_true(flow.ports && flow.tcp && flow.vlan && flow.ethernet);
	assert_false(flow.icmp || flow.fragment);
	assert_int_equal(flow.vlan_id, 12);
	assert_int_equal(flow.ethertype, 0x0800);
	assert_int_equal(flow.ttl, 64);
	assert_int_equal(flow.tcp_flags, 0x02);
	assert_memory_equal(flow.mac_src, "\x02\0\0\0\0\x01", 6);
}

static void names_tcp_flags(void **state)
{
	struct flow flow = { .tcp = true, .tcp_flags = 0x12 };
	char text[40];

	assert_string_equal(flow_tcp_flags(&flow, text, sizeof(text)), "SYN,ACK");
	flow.tcp_flags = 0;
	assert_string_equal(flow_tcp_flags(&flow, text, sizeof(text)), "none");
	flow.tcp_flags = 0xff;
	assert_string_equal(flow_tcp_flags(&flow, text, sizeof(text)),
			    "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR");
}

static void cuts_a_line_to_its_size(void **state)
{
	struct flow flow;
	char line[] = "................";

	flow_decode(&flow, (const uint8_t *)examples[0].bytes, examples[0].size, false);
	flow_print(&flow, line, 10);
	assert_string_equal(line, "icmp echo");
	assert_int_equal(line[10], '.');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prints_every_kind_of_packet),
		cmocka_unit_test(reads_nothing_beyond_the_snapshot),
		cmocka_unit_test(keeps_the_fields),
		cmocka_unit_test(names_tcp_flags),
		cmocka_unit_test(cuts_a_line_to_its_size),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
