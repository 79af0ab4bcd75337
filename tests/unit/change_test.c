// SPDX-License-Identifier: GPL-2.0-only
#include "test.h"

#include <stdio.h>
#include <string.h>

#include "path/change.h"
#include "stream.h"

#define MAC_A	   "\x02\0\0\0\0\x0a"
#define MAC_B	   "\x02\0\0\0\0\x0b"
#define IPV4	   "\x08\0"
#define TAG	   "\x81\0\0\x64"
#define IP(length) "\x45\0" length "\0\0\0\0\x40\x11\0\0\x0a\0\0\x01\x0a\0\0\x02"
#define UDP	   "\x13\x88\0\x35\0\x0c\0\0"
#define IP6(last)  "\xfe\x80\0\0\0\0\0\0\0\0\0\0\0\0\0" last

#define ETHERNET(data)                                                                   \
	&(struct stream_bytes)                                                           \
	{                                                                                \
		"eth0", data, sizeof(data) - 1, 0                                        \
	}
#define RAW(data)                                                                        \
	&(struct stream_bytes)                                                           \
	{                                                                                \
		"eth0", data, sizeof(data) - 1, 1                                        \
	}

/* "dst [a]->[b]; ..." of the one path, steps divided by "|". */
static char seen[1024];
static const char *proto; /* of the packet */

static void note_step(const struct step *step)
{
	static const char *const tunnels[] = { "", "in:", "out:" };
	size_t used = strlen(seen);

	if (step->changes)
		used += (size_t)snprintf(seen + used, sizeof(seen) - used, "%s",
					 tunnels[step->changes->tunnel]);

	for (size_t i = 0; step->changes && i < step->changes->count; i++) {
		const struct change *change = &step->changes->list[i];

		used += (size_t)snprintf(seen + used, sizeof(seen) - used,
					 "%s [%s]->[%s];", change_name(change->field),
					 change->before, change->after);
	}
	snprintf(seen + used, sizeof(seen) - used, "|");
}

static void note(const struct path *path, void *context)
{
	proto = path->flow.proto;
	for (size_t i = 0; i < path->count; i++)
		note_step(&path->steps[i]);
}

static void begin(struct stream *stream)
{
	seen[0] = '\0';
	*stream =
		(struct stream){ .assembler = assembler_new(stream_names(), note, NULL) };
	assert_non_null(stream->assembler);
	stream_packet(stream, 1, 0xffff888000001000);
	stream_place(stream, STREAM_HOST, 2);
}

static void expect(struct stream *stream, const char *text)
{
	assembler_finish(stream->assembler);
	assembler_free(stream->assembler);
	assert_string_equal(seen, text);
}

/* ARP, before its MAC header is known to be one: nothing that could change. */
static void test_unknown(void **state)
{
	struct stream stream;

	begin(&stream);
	stream_function_snapshot(&stream, "a", EVENT_FIRST,
				 RAW("\0\x01\x08\0\x06\x04\0\x01"));
	stream_function_snapshot(&stream, "b", 0,
				 ETHERNET(MAC_B MAC_A
					  "\x08\x06\0\x01\x08\0\x06\x04\0\x01"));
	expect(&stream, "||");
	assert_string_equal(proto, "arp");
}

static void test_nothing(void **state)
{
	struct stream stream;

	begin(&stream);
	stream_function_snapshot(&stream, "a", EVENT_FIRST,
				 ETHERNET(MAC_B MAC_A IPV4 IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "b", 0,
				 ETHERNET(MAC_B MAC_A IPV4 IP("\0\x20") UDP));
	stream_function(&stream, "c", 0);
	expect(&stream, "|||");
}

/* Before routing there is no Ethernet header, and no length. */
static void test_appears(void **state)
{
	struct stream stream;

	begin(&stream);
	stream_function_snapshot(&stream, "a", EVENT_FIRST, RAW(IP("\0\0") UDP));
	stream_function_snapshot(&stream, "b", 0, RAW(IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "c", 0,
				 ETHERNET(MAC_B MAC_A IPV4 IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "d", 0, RAW(IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "e", 0,
				 ETHERNET(MAC_A MAC_B IPV4 IP("\0\x1c") UDP));
	expect(&stream, "||mac_src []->[02:00:00:00:00:0a];"
			"mac_dst []->[02:00:00:00:00:0b];||length [32]->[28];"
			"mac_src [02:00:00:00:00:0a]->[02:00:00:00:00:0b];"
			"mac_dst [02:00:00:00:00:0b]->[02:00:00:00:00:0a];|");
}

static void test_vlan(void **state)
{
	struct stream stream;

	begin(&stream);
	stream_function_snapshot(&stream, "a", EVENT_FIRST,
				 ETHERNET(MAC_B MAC_A IPV4 IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "b", 0,
				 ETHERNET(MAC_B MAC_A TAG IPV4 IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "c", 0,
				 ETHERNET(MAC_B MAC_A IPV4 IP("\0\x20") UDP));
	expect(&stream, "|vlan []->[100];|vlan [100]->[];|");
}

static void test_family(void **state)
{
	struct stream stream;

	begin(&stream);
	stream_function_snapshot(&stream, "a", EVENT_FIRST, RAW(IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "b", 0,
				 RAW("\x60\0\0\0\0\x08\x11\x20" IP6("\x01") IP6("\x02")
					     UDP));
	expect(&stream, "|src [10.0.0.1]->[fe80::1];dst [10.0.0.2]->[fe80::2];"
			"ttl [64]->[32];length [32]->[48];|");
}

/* One IP header more, one less; a packet that only grew; NAT. */
static void test_tunnel(void **state)
{
	static const char outer[] =
		"\x45\0\0\x34\0\0\0\0\x40\x04\0\0\xc0\0\x02\x01\xc0\0\x02\x02";
	struct stream stream;

	begin(&stream);
	stream_function_snapshot(&stream, "a", EVENT_FIRST, RAW(IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "b", 0, RAW(outer));
	stream_function_snapshot(&stream, "c", 0, RAW(IP("\0\x20") UDP));
	stream_function_snapshot(&stream, "d", 0, RAW(IP("\0\x40") UDP));
	expect(&stream, "|in:proto [udp]->[ipip];src [10.0.0.1]->[192.0.2.1];"
			"dst [10.0.0.2]->[192.0.2.2];length [32]->[52];"
			"|out:proto [ipip]->[udp];src [192.0.2.1]->[10.0.0.1];"
			"dst [192.0.2.2]->[10.0.0.2];length [52]->[32];"
			"|length [32]->[64];|");
}

/* A probe that could not read the sk_buff knows neither mark nor checksum. */
static void test_mark(void **state)
{
	struct stream stream;

	begin(&stream);
	stream.event.checksum = EVENT_CHECKSUM_PARTIAL;
	stream_function(&stream, "a", EVENT_FIRST);
	stream.event.mark = 9;
	stream_function(&stream, "b", 0);
	stream.event.checksum = EVENT_CHECKSUM_UNKNOWN;
	stream.event.mark = 0;
	stream_function(&stream, "c", 0);
	stream.event.checksum = EVENT_CHECKSUM_NONE;
	stream.event.mark = 9;
	stream_function(&stream, "d", 0);
	stream.event.checksum = 200;
	stream_function(&stream, "e", 0);
	expect(&stream, "|mark [0]->[9];||checksum [partial]->[none];||");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unknown), cmocka_unit_test(test_nothing),
		cmocka_unit_test(test_appears), cmocka_unit_test(test_vlan),
		cmocka_unit_test(test_family),	cmocka_unit_test(test_mark),
		cmocka_unit_test(test_tunnel),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
