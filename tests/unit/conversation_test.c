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

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	expect(fixture, "1 1 1");
}

static void others_are_others(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, STREAM_IP(IP("\x11", A, C) UDP(P1, P2))); /* another address */
	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P3, P2))); /* another port */
	begin(stream, STREAM_IP(IP("\x06", A, B) UDP(P1, P2))); /* another protocol */
	begin(stream,
	      STREAM_IP(IP("\x11", A, B) UDP(P2, P1))); /* the ports of the other end */
	expect(fixture, "1 2 3 4 5");
}

static void echoes_go_by_identifier(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\1", A, B) ECHO("\x08", "\0\7")));
	begin(stream, STREAM_IP(IP("\1", A, B) ECHO("\x08", "\0\x08")));
	begin(stream, STREAM_IP(IP("\1", B, A) ECHO("\0", "\0\7")));
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

	begin(stream, STREAM_IP(IP("\x32", A, B) "\0\0\0\1"));
	begin(stream, STREAM_IP(IP("\x32", B, A) "\0\0\0\2"));
	begin(stream, STREAM_FRAME(ask));
	begin(stream, STREAM_FRAME(tell));
	expect(fixture, "1 1 2 2");
}

#define FRAGMENT_IP(id, flags, offset, from, to)                                         \
	"\x45\0\0\x20" id flags offset "\x40\x11\0\0" from to
#define FIRST(id, from, to) FRAGMENT_IP(id, "\x20", "\0", from, to) UDP(P1, P2)
#define LATER(id, from, to) FRAGMENT_IP(id, "\0", "\2", from, to) "rest"
#define UNREACHABLE	    "\3\1\0\0\0\0\0\0"

static void some_have_none(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\1", A, B) UNREACHABLE)); /* quotes nothing */
	begin(stream, STREAM_IP(LATER("\1\2", A, B)));
	begin(stream, STREAM_IP(IP("\x11", A, B))); /* cut off */
	expect(fixture, "0 0 0");
}

/* Of a router, about a packet that was translated behind it, and about a ping. */
static void errors_belong_to_what_they_quote(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	become(stream, STREAM_IP(IP("\x11", NAT, B) UDP(P3, P2)));
	begin(stream,
	      STREAM_IP(IP("\1", C, NAT) UNREACHABLE IP("\x11", NAT, B) UDP(P3, P2)));
	begin(stream,
	      STREAM_IP(IP("\1", C, A) UNREACHABLE IP("\1", A, B) ECHO("\x08", "\0\7")));
	begin(stream, STREAM_IP(IP("\1", A, B) ECHO("\x08", "\0\7")));
	begin(stream,
	      STREAM_IP(IP("\1", C, A) UNREACHABLE IP("\x11", A, B))); /* cut off */
	/* What follows is no quotation. */
	begin(stream, STREAM_IP(IP("\1", C, A) "\x09\1\0\0\0\0\0\0" IP("\x11", A, B)
					UDP(P1, P2)));
	expect(fixture, "1 1 2 2 0 0");
}

#define IP6(next, from, to) "\x60\0\0\0\0\x10" next "\x40" from to
#define A6		    "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x01"
#define B6		    "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x02"

static void errors_of_ipv6_likewise(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP6("\x11", A6, B6) UDP(P1, P2)));
	begin(stream, STREAM_IP(IP6("\x3a", B6, A6) "\1\4\0\0\0\0\0\0" IP6("\x11", A6, B6)
					UDP(P1, P2)));
	expect(fixture, "1 1");
}

static void later_fragments_belong_to_the_first(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(FIRST("\1\2", A, B)));
	begin(stream, STREAM_IP(LATER("\1\2", A, B)));
	begin(stream,
	      STREAM_IP(LATER("\1\2", B, A))); /* the other end counts for itself */
	begin(stream, STREAM_IP(LATER("\1\3", A, B)));
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, STREAM_IP(IP6("\x2c", A6, B6) "\x11\0\0\1\0\0\0\7" UDP(P1, P2)));
	begin(stream, STREAM_IP(IP6("\x2c", A6, B6) "\x11\0\0\x08\0\0\0\7rest"));
	begin(stream, STREAM_IP(IP6("\x2c", A6, B6) "\x11\0\0\x08\0\0\0\x08rest"));
	expect(fixture, "1 1 0 0 1 2 2 0");
}

/* By then others have the same number. */
static void fragments_are_waited_for_a_minute(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(FIRST("\1\2", A, B)));
	stream_wait(stream, 59000000000);
	begin(stream, STREAM_IP(LATER("\1\2", A, B)));
	stream_wait(stream, 61000000000);
	begin(stream, STREAM_IP(LATER("\1\2", A, B)));
	expect(fixture, "1 1 0");
}

/* Two containers with the same address are two, until a packet crosses. */
static void namespaces_are_told_apart(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	stream_place(stream, STREAM_BLUE, 7);
	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	stream_place(stream, STREAM_RED, 7);
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	expect(fixture, "1 2 2 1");
}

/* By a veth pair, and on with other addresses. */
static void crossing_a_namespace_is_one(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	stream_place(stream, STREAM_HOST, 8);
	become(stream, STREAM_IP(IP("\x11", NAT, B) UDP(P3, P2)));
	stream_place(stream, STREAM_BLUE, 7);
	stream_function(stream, "ip_rcv", 0);
	begin(stream, STREAM_IP(IP("\x11", B, NAT) UDP(P2, P3)));
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1))); /* never there */
	expect(fixture, "1 1 2");
}

/* Before it has a device it is where it goes on. */
static void a_place_may_come_later(void **state)
{
	FIXTURE;

	stream_place(stream, 0, 0);
	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	stream_place(stream, STREAM_BLUE, 7);
	stream_function(stream, "ip_rcv", 0);
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	stream_place(stream, STREAM_RED, 7);
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	expect(fixture, "1 1 2");
}

/* The reply comes to the address that was written into the request. */
static void translated_is_the_same(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	become(stream, STREAM_IP(IP("\x11", NAT, B) UDP(P3, P2)));
	begin(stream, STREAM_IP(IP("\x11", C, B) UDP(P1, P2)));
	begin(stream, STREAM_IP(IP("\x11", B, NAT) UDP(P2, P3)));
	become(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	expect(fixture, "1 2 1 1");
}

/* What was translated before it was seen is known by what it was translated to. */
static void later_flows_count(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(IP("\x11", A, B) UDP(P1, P2)));
	begin(stream, STREAM_IP(IP("\x11", B, NAT) UDP(P2, P3)));
	become(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	begin(stream, STREAM_IP(IP("\x11", NAT, B) UDP(P3, P2)));
	expect(fixture, "1 1 1");
}

#define INNER(from, to) IP("\x11", from, to) UDP(P1, P2)
#define OUTER		IP_LONG("\x40", "\x11", NAT, C) UDP(P3, P3)

/* Two flows in one tunnel, and a clone that was made when one was inside. */
static void tunnels_join_nothing(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(INNER(A, B)));
	become(stream, STREAM_IP(OUTER));
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1, (const char *const[]){ "skb_clone", NULL });
	stream_function_snapshot(stream, "packet_rcv", 0, STREAM_IP(OUTER));
	begin(stream, STREAM_IP(INNER(B, C)));
	become(stream, STREAM_IP(OUTER));
	become(stream, STREAM_IP(INNER(B, C)));
	begin(stream, STREAM_IP(OUTER));
	become(stream, STREAM_IP(INNER(A, B)));
	expect(fixture, "1 1 2 3");
}

/* A branch that is handed over while the packet that it came of still waits. */
static void branches_may_come_first(void **state)
{
	FIXTURE;

	begin(stream, STREAM_IP(INNER(A, B)));
	become(stream, STREAM_IP(OUTER));
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1, (const char *const[]){ "skb_clone", NULL });
	stream_function_snapshot(stream, "packet_rcv", 0, STREAM_IP(OUTER));
	stream_consume(stream, "packet_rcv");
	assembler_tick(stream->assembler, STREAM_START + 10000000000);
	assert_string_equal(fixture->text, "1");
	begin(stream, STREAM_IP(OUTER));
	begin(stream, STREAM_IP(IP("\x11", B, A) UDP(P2, P1)));
	expect(fixture, "1 1 2 1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(both_directions_are_one),
		TEST(others_are_others),
		TEST(echoes_go_by_identifier),
		TEST(addresses_may_be_all),
		TEST(some_have_none),
		TEST(translated_is_the_same),
		TEST(errors_belong_to_what_they_quote),
		TEST(errors_of_ipv6_likewise),
		TEST(later_fragments_belong_to_the_first),
		TEST(fragments_are_waited_for_a_minute),
		TEST(namespaces_are_told_apart),
		TEST(crossing_a_namespace_is_one),
		TEST(a_place_may_come_later),
		TEST(later_flows_count),
		TEST(tunnels_join_nothing),
		TEST(branches_may_come_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
