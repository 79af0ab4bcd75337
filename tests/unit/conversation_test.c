// SPDX-License-Identifier: GPL-2.0-only
#include "path/conversation.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "assembled.h"

#define A   "\x0a\0\0\x01"
#define B   "\x0a\0\0\x02"
#define C   "\x0a\0\0\x03"
#define NAT "\xcb\0\x71\x07"

#define IP_LONG(length, protocol, from, to)                                              \
	"\x45\0\0" length "\0\0\x40\0\x40" protocol "\0\0" from to
#define IP(protocol, from, to) IP_LONG("\x20", protocol, from, to)
#define UDP(from, to)	       from to "\0\x0c\0\0"
#define ECHO(type, id)	       type "\0\0\0" id "\0\1"
#define P1		       "\x13\x88"
#define P2		       "\0\x35"
#define P3		       "\xf1\x45"

#define RAW(data)                                                                        \
	&(struct stream_bytes)                                                           \
	{                                                                                \
		"eth0", data, sizeof(data) - 1, EVENT_LAYER_IP                           \
	}
#define FRAME(data)                                                                      \
	&(struct stream_bytes)                                                           \
	{                                                                                \
		"eth0", data, sizeof(data) - 1, EVENT_LAYER_ETHERNET                     \
	}

/* "1 1 2 -": the conversation of each path */
struct fixture {
	struct stream stream;
	char text[512];
};

static void fixture_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;
	size_t used = strlen(fixture->text);

	snprintf(fixture->text + used, sizeof(fixture->text) - used, "%s%" PRIu64,
		 used ? " " : "", path->conversation);
}

static int setup(void **state)
{
	struct fixture *fixture = assembled_new(sizeof(*fixture), fixture_path);

	stream_place(&fixture->stream, STREAM_RED, 7);
	*state = fixture;
	return 0;
}

/* A packet that begins as @bytes; it has not ended. */
static void begin(struct stream *stream, const struct stream_bytes *bytes)
{
	uint64_t packet = stream->event.packet + 1;

	stream_packet(stream, packet, SKB(packet));
	stream_function_snapshot(stream, "ip_rcv", EVENT_FIRST, bytes);
}

static void become(struct stream *stream, const struct stream_bytes *bytes)
{
	stream_function_snapshot(stream, "ip_forward", 0, bytes);
}

static void expect(struct fixture *fixture, const char *text)
{
	assembler_finish(fixture->stream.assembler);
	assert_string_equal(fixture->text, text);
}

static void both_directions_are_one(void **state)
{
	FIXTURE;

	begin(stream, RAW(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, RAW(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, RAW(IP("\x11", A, B) UDP(P1, P2)));
	expect(fixture, "1 1 1");
}

static void others_are_others(void **state)
{
	FIXTURE;

	begin(stream, RAW(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, RAW(IP("\x11", A, C) UDP(P1, P2))); /* another address */
	begin(stream, RAW(IP("\x11", A, B) UDP(P3, P2))); /* another port */
	begin(stream, RAW(IP("\x06", A, B) UDP(P1, P2))); /* another protocol */
	begin(stream, RAW(IP("\x11", A, B) UDP(P2, P1))); /* the ports of the other end */
	expect(fixture, "1 2 3 4 5");
}

static void echoes_go_by_identifier(void **state)
{
	FIXTURE;

	begin(stream, RAW(IP("\1", A, B) ECHO("\x08", "\0\7")));
	begin(stream, RAW(IP("\1", A, B) ECHO("\x08", "\0\x08")));
	begin(stream, RAW(IP("\1", B, A) ECHO("\0", "\0\7")));
	expect(fixture, "1 2 1");
}

/* The addresses alone, of protocols that have nothing else. */
static void addresses_may_be_all(void **state)
{
	FIXTURE;
	static const char ask[] =
		"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\x06\0\1\x08\0\6\4\0\1"
		"\x02\0\0\0\0\x01" A "\0\0\0\0\0\0" B;
	static const char tell[] =
		"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x06\0\1\x08\0\6\4\0\2"
		"\x02\0\0\0\0\x02" B "\x02\0\0\0\0\x01" A;

	begin(stream, RAW(IP("\x32", A, B) "\0\0\0\1"));
	begin(stream, RAW(IP("\x32", B, A) "\0\0\0\2"));
	begin(stream, FRAME(ask));
	begin(stream, FRAME(tell));
	expect(fixture, "1 1 2 2");
}

static void some_have_none(void **state)
{
	FIXTURE;

	begin(stream, RAW(IP("\1", A, B) "\3\1\0\0\0\0\0\0")); /* error */
	begin(stream,
	      RAW("\x45\0\0\x20\0\0\0\1\x40\x11\0\0" A B UDP(P1, P2))); /* fragment */
	begin(stream, RAW(IP("\x11", A, B)));				/* cut off */
	expect(fixture, "0 0 0");
}

/* The reply comes to the address that was written into the request. */
static void translated_is_the_same(void **state)
{
	FIXTURE;

	begin(stream, RAW(IP("\x11", A, B) UDP(P1, P2)));
	become(stream, RAW(IP("\x11", NAT, B) UDP(P3, P2)));
	begin(stream, RAW(IP("\x11", C, B) UDP(P1, P2)));
	begin(stream, RAW(IP("\x11", B, NAT) UDP(P2, P3)));
	become(stream, RAW(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, RAW(IP("\x11", B, A) UDP(P2, P1)));
	expect(fixture, "1 2 1 1");
}

/* What was translated before it was seen is known by what it was translated to. */
static void later_flows_count(void **state)
{
	FIXTURE;

	begin(stream, RAW(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, RAW(IP("\x11", B, NAT) UDP(P2, P3)));
	become(stream, RAW(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, RAW(IP("\x11", NAT, B) UDP(P3, P2)));
	expect(fixture, "1 1 1");
}

#define INNER(from, to) IP("\x11", from, to) UDP(P1, P2)
#define OUTER		IP_LONG("\x40", "\x11", NAT, C) UDP(P3, P3)

/* Two flows in one tunnel, and a clone that was made when one was inside. */
static void tunnels_join_nothing(void **state)
{
	FIXTURE;

	begin(stream, RAW(INNER(A, B)));
	become(stream, RAW(OUTER));
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1, (const char *const[]){ "skb_clone", NULL });
	stream_function_snapshot(stream, "packet_rcv", 0, RAW(OUTER));
	begin(stream, RAW(INNER(B, C)));
	become(stream, RAW(OUTER));
	become(stream, RAW(INNER(B, C)));
	begin(stream, RAW(OUTER));
	become(stream, RAW(INNER(A, B)));
	expect(fixture, "1 1 2 3");
}

/* A branch that is handed over while the packet that it came of still waits. */
static void branches_may_come_first(void **state)
{
	FIXTURE;

	begin(stream, RAW(INNER(A, B)));
	become(stream, RAW(OUTER));
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1, (const char *const[]){ "skb_clone", NULL });
	stream_function_snapshot(stream, "packet_rcv", 0, RAW(OUTER));
	stream_consume(stream, "packet_rcv");
	assembler_tick(stream->assembler, STREAM_START + 10000000000);
	assert_string_equal(fixture->text, "1");
	begin(stream, RAW(OUTER));
	begin(stream, RAW(IP("\x11", B, A) UDP(P2, P1)));
	expect(fixture, "1 1 2 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_directions_are_one), TEST(others_are_others),
		TEST(echoes_go_by_identifier), TEST(addresses_may_be_all),
		TEST(some_have_none),	       TEST(translated_is_the_same),
		TEST(later_flows_count),       TEST(tunnels_join_nothing),
		TEST(branches_may_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
