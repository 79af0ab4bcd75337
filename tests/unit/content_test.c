// SPDX-License-Identifier: GPL-2.0-only
#include "path/content.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "assembled.h"

#define A   "\x0a\0\0\x01"
#define B   "\x0a\0\0\x02"
#define NAT "\xcb\0\x71\x07"

#define ETHERNET "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0"
#define IP(id, ttl, checksum, from, to)                                                  \
	"\x45\0\0\x20\0" id "\x40\0" ttl "\x11" checksum from to
#define UDP(checksum) "\x13\x88\0\x35\0\x0c" checksum
#define PACKET	      IP("\1", "\x40", "\1\2", A, B) UDP("\3\4")

/* "1 2<1 3": what each path is a copy of, by content */
struct fixture {
	struct stream stream;
	char text[512];
};

static void fixture_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;
	size_t used = strlen(fixture->text);

	used += (size_t)snprintf(fixture->text + used, sizeof(fixture->text) - used,
				 "%s%" PRIu64, used ? " " : "", path->id);
	if (path->lineage.relation == RELATION_CONTENT)
		snprintf(fixture->text + used, sizeof(fixture->text) - used, "<%" PRIu64,
			 path->lineage.parent);
}

static int setup(void **state)
{
	*state = assembled_new(sizeof(struct fixture), fixture_path);
	return 0;
}

/* A packet is seen first at the gate of a device of the host. */
static void begin(struct stream *stream, uint32_t device,
		  const struct stream_bytes *bytes)
{
	uint64_t packet = stream->event.packet + 1;

	stream_packet(stream, packet, SKB(packet));
	stream_place(stream, STREAM_HOST, device);
	stream_gate_snapshot(stream, EVENT_GATE_EGRESS, EVENT_FIRST, bytes);
}

static void expect(struct fixture *fixture, const char *text)
{
	assembler_finish(fixture->stream.assembler);
	assert_string_equal(fixture->text, text);
}

/* With what is altered on the way: MAC addresses, the TTL, checksums. */
static void copies_are_known_elsewhere(void **state)
{
	FIXTURE;

	begin(stream, 1, STREAM_FRAME(ETHERNET PACKET "data"));
	begin(stream, 2, STREAM_IP(IP("\1", "\x3f", "\4\4", A, B) UDP("\5\5") "data"));
	begin(stream, 3, STREAM_FRAME(ETHERNET PACKET "data"));
	expect(fixture, "1 2<1 3<1");
}

static void others_are_others(void **state)
{
	FIXTURE;

	begin(stream, 1, STREAM_IP(PACKET "data"));
	begin(stream, 2, STREAM_IP(PACKET "date"));
	begin(stream, 2, STREAM_IP(IP("\2", "\x40", "\1\2", A, B) UDP("\3\4") "data"));
	begin(stream, 2, STREAM_IP(IP("\1", "\x40", "\1\2", B, A) UDP("\3\4") "data"));
	begin(stream, 2,
	      STREAM_IP("\x45\0\0\x20\0\1\x40\0\x40\x11\1\2" A B)); /* cut off */
	expect(fixture, "1 2 3 4 5");
}

/* Sent twice, alike: copies are those of the latest. */
static void what_begins_at_the_same_place_is_no_copy(void **state)
{
	FIXTURE;

	begin(stream, 1, STREAM_IP(PACKET "data"));
	begin(stream, 2, STREAM_IP(PACKET "data"));
	begin(stream, 1, STREAM_IP(PACKET "data"));
	begin(stream, 2, STREAM_IP(PACKET "data"));
	expect(fixture, "1 2<1 3 4<3");
}

/* It was altered before it was copied. */
static void what_it_has_become_counts(void **state)
{
	FIXTURE;

	begin(stream, 1, STREAM_IP(PACKET "data"));
	stream_place(stream, STREAM_HOST, 2);
	stream_gate_snapshot(stream, EVENT_GATE_EGRESS, 0,
			     STREAM_IP(IP("\1", "\x40", "\1\2", NAT, B)
					       UDP("\3\4") "data"));
	begin(stream, 3, STREAM_IP(IP("\1", "\x40", "\1\2", NAT, B) UDP("\3\4") "data"));
	expect(fixture, "1 2<1");
}

static void what_was_handed_over_has_no_copies(void **state)
{
	FIXTURE;

	begin(stream, 1, STREAM_IP(PACKET "data"));
	stream_consume(stream, "icmp_rcv");
	begin(stream, 2, STREAM_IP(PACKET "data"));
	expect(fixture, "1 2");
}

/* Functions tell of copies: what they do not tell of is none. */
static void nothing_is_guessed_beside_functions(void **state)
{
	FIXTURE;

	begin(stream, 1, STREAM_IP(PACKET "data"));
	stream_function(stream, "ip_rcv", 0);
	begin(stream, 2, STREAM_IP(PACKET "data"));
	expect(fixture, "1 2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(copies_are_known_elsewhere),
		TEST(others_are_others),
		TEST(what_begins_at_the_same_place_is_no_copy),
		TEST(what_it_has_become_counts),
		TEST(what_was_handed_over_has_no_copies),
		TEST(nothing_is_guessed_beside_functions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
