// SPDX-License-Identifier: GPL-2.0-only
#include "path/retransmission.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "assembled.h"

#define IP     "\x45\0\0\x2c\0\0\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02"
#define IP_ACK "\x45\0\0\x28\0\0\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02"
#define TCP(port, seq, flags)                                                            \
	"\x12\x67\0" port "\0\0\0" seq "\0\0\0\0\x50" flags "\xff\xff\0\0\0\0"
#define DATA "data"
#define SYN  "\x02"
#define ACK  "\x10"
#define FIN  "\x11"

/* "#2 1 of #1; #3 ..." */
struct fixture {
	struct stream stream;
	char text[512];
};

static void fixture_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;
	size_t used = strlen(fixture->text);

	if (path->retransmission.number)
		snprintf(fixture->text + used, sizeof(fixture->text) - used,
			 "#%" PRIu64 " %" PRIu32 " of #%" PRIu64 "; ", path->id,
			 path->retransmission.number, path->retransmission.of);
}

static int setup(void **state)
{
	struct fixture *fixture = assembled_new(sizeof(*fixture), fixture_path);

	stream_place(&fixture->stream, STREAM_RED, 7);
	*state = fixture;
	return 0;
}

/* A packet begins in @function; returns which. */
static void segment_in(struct stream *stream, const char *function,
		       const struct stream_bytes *bytes)
{
	uint64_t packet = stream->event.packet + 1;

	stream_packet(stream, packet, SKB(packet));
	stream->event.len = bytes->size;
	stream_function_snapshot(stream, function, EVENT_FIRST, bytes);
	stream_consume(stream, "tcp_v4_rcv");
}

static void segment(struct stream *stream, const struct stream_bytes *bytes)
{
	segment_in(stream, "ip_local_out", bytes);
}

static void expect(struct fixture *fixture, const char *text)
{
	assembler_finish(fixture->stream.assembler);
	assert_string_equal(fixture->text, text);
}

static void numbers_count_from_the_first(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\6", FIN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\6", FIN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	expect(fixture, "#2 1 of #1; #5 2 of #1; #6 1 of #4; #7 1 of #3; ");
}

/* An acknowledgement alone has the number of the data that come next. */
static void acknowledgements_are_none(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\2", ACK)));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\2", ACK)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	expect(fixture, "");
}

static void others_are_others(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x51", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\6", ACK) DATA));
	/* The same once more, but it is seen elsewhere first: a copy of it. */
	segment_in(stream, "net_dev_queue", STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	stream_place(stream, STREAM_RED, 8);
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	stream_place(stream, STREAM_BLUE, 7);
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	expect(fixture, "");
}

/* Cut off before the data: nothing is known. */
static void short_snapshots_are_none(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP "\x12\x67\0\x50\0\0\0\2\0\0"));
	segment(stream, STREAM_IP(IP "\x12\x67\0\x50\0\0\0\2\0\0"));
	expect(fixture, "");
}

/* A clone of a segment is a branch of it, and no retransmission. */
static void branches_are_none(void **state)
{
	FIXTURE;

	stream_packet(stream, 1, SKB(1));
	stream_function_snapshot(stream, "ip_local_out", EVENT_FIRST,
				 STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1,
		    (const char *const[]){ "skb_clone", "dev_queue_xmit_nit", NULL });
	stream_function_snapshot(stream, "ip_local_out", 0,
				 STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	expect(fixture, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_count_from_the_first),
		TEST(acknowledgements_are_none),
		TEST(others_are_others),
		TEST(short_snapshots_are_none),
		TEST(branches_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
