// SPDX-License-Identifier: GPL-2.0-only
#include "path/retransmission.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "assembled.h"

#define IP	"\x45\0\0\x2c\0\0\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02"
#define IP_LONG "\x45\0\0\x46\0\0\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02"
#define IP_ACK	"\x45\0\0\x28\0\0\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02"
#define TCP_AT(port, seq, flags)                                                         \
	"\x12\x67\0" port seq "\0\0\0\0\x50" flags "\xff\xff\0\0\0\0"
#define TCP(port, seq, flags) TCP_AT(port, "\0\0\0" seq, flags)
#define DATA		      "data"
#define SYN		      "\x02"
#define ACK		      "\x10"
#define FIN		      "\x11"

/* "#2 1 of #1; #3 2 of #1 tcp_retransmit_skb/tcp_retransmit_timer; ..." */
struct fixture {
	struct stream stream;
	char text[1024];
	uint64_t told; /* the last branch that a path told of */
};

static void fixture_path(const struct path *path, void *context)
{
	const struct lineage *lineage = &path->lineage;
	struct fixture *fixture = context;
	size_t used = strlen(fixture->text), room = sizeof(fixture->text) - used;

	for (size_t i = 0; i < lineage->branches.count; i++)
		fixture->told = lineage->branches.list[i].id;
	if (lineage->relation != RELATION_RETRANSMISSION) {
		assert_int_equal(lineage->root, lineage->origin);
		return;
	}
	/* Each is a packet of its own, whatever it comes of. */
	assert_int_equal(lineage->origin, path->id);
	assert_int_equal(lineage->remaining, 0);
	assert_int_equal(lineage->root, lineage->parent ?: path->id);
	used = (size_t)snprintf(fixture->text + used, room,
				"#%" PRIu64 " %" PRIu32 " of #%" PRIu64 "%s%s%s%s; ",
				path->id, lineage->number, lineage->parent,
				lineage->maker ? " " : "", lineage->maker ?: "",
				lineage->caller ? "/" : "", lineage->caller ?: "");
	assert_true(used < room);
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

	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\6", FIN)));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\6", FIN)));
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
	stream_consume(stream, "packet_rcv");
	stream_packet(stream, 1, SKB(1));
	stream_consume(stream, "tcp_v4_rcv");
	expect(fixture, "");
}

/* Ten and more bytes are sent at once: 2 to 31. Of these some are sent again. */
static void parts_are_of_the_whole(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP_LONG TCP("\x50", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\x20", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\x1f", ACK) DATA)); /* and one more */
	segment(stream, STREAM_IP(IP TCP("\x50", "\6", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\1", ACK) DATA)); /* not seen before */
	segment(stream, STREAM_IP(IP TCP("\x50", "\x24", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\x23", ACK) DATA));
	expect(fixture, "#3 1 of #1; #4 2 of #1; #7 1 of #2; ");
}

/* What begins within the call is one, whether its first was seen or not. */
static void functions_tell(void **state)
{
	const char *const timeout[] = { "__ip_queue_xmit",
					"__tcp_transmit_skb",
					"__tcp_retransmit_skb",
					"tcp_retransmit_skb",
					"tcp_retransmit_timer",
					"tcp_write_timer_handler",
					NULL };
	const char *const probe[] = { "__ip_queue_xmit",	 "__tcp_transmit_skb",
				      "__tcp_retransmit_skb",	 "tcp_send_loss_probe",
				      "tcp_write_timer_handler", NULL };
	FIXTURE;

	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	for (uint64_t packet = 2; packet <= 4; packet++) {
		stream_packet(stream, packet, SKB(packet));
		stream_function_snapshot(
			stream, "ip_local_out", EVENT_FIRST,
			packet == 4 ? STREAM_IP(IP TCP("\x50", "\x42", ACK) DATA)
				    : STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
		stream_again(stream, packet == 3 ? probe : timeout);
		stream_consume(stream, "tcp_v4_rcv");
	}
	stream_again(stream, timeout); /* it has ended, and means nothing any more */
	expect(fixture, "#2 1 of #1 tcp_retransmit_skb/tcp_retransmit_timer; "
			"#3 2 of #1 __tcp_retransmit_skb/tcp_send_loss_probe; "
			"#4 0 of #0 tcp_retransmit_skb/tcp_retransmit_timer; ");
}

/* That one says which it is one of is known before it can be told. */
static void a_late_header_is_early_enough(void **state)
{
	const char *const timeout[] = { "__tcp_retransmit_skb", "tcp_retransmit_skb",
					"tcp_retransmit_timer", NULL };
	FIXTURE;

	for (uint64_t packet = 1; packet <= 2; packet++) {
		stream_packet(stream, packet, SKB(packet));
		stream_function_snapshot(stream, "__ip_queue_xmit", EVENT_FIRST,
					 &(struct stream_bytes){ "", IP "\x12\x67\0\x50",
								 24,
								 EVENT_LAYER_SOCKET });
		if (packet == 2)
			stream_again(stream, timeout);
		stream_function_snapshot(stream, "ip_output", 0,
					 STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
		stream_consume(stream, "tcp_v4_rcv");
	}
	expect(fixture, "#2 1 of #1 tcp_retransmit_skb/tcp_retransmit_timer; ");
}

/* It lies in a queue for so long that it is sent again, and ends after that one. */
static void the_first_is_who_began_first(void **state)
{
	FIXTURE;

	stream_packet(stream, 1, SKB(1));
	stream_function_snapshot(stream, "ip_local_out", EVENT_FIRST,
				 STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	stream_wait(stream, 1000000000);
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	stream_wait(stream, 1000000000);
	assembler_tick(stream->assembler, stream->event.time);
	assert_string_equal(fixture->text, "#2 1 of #1; ");
	stream_packet(stream, 1, SKB(1));
	stream_consume(stream, "tcp_v4_rcv");
	expect(fixture, "#2 1 of #1; ");
	assert_int_equal(fixture->told, 2);
}

/* A number that comes again after all the others is a new one. */
static void numbers_begin_anew(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP TCP_AT("\x50", "\xff\xff\xff\xfe", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\1", ACK) DATA)); /* its last byte */
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP_AT("\x50", "\x40\0\0\0", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP_AT("\x50", "\x7f\0\0\0", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP_AT("\x50", "\xbe\0\0\0", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP_AT("\x50", "\xfd\0\0\0", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP_AT("\x50", "\xff\xff\xff\xfe", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	segment(stream, STREAM_IP(IP TCP("\x50", "\2", ACK) DATA));
	expect(fixture, "#2 1 of #1; #10 1 of #9; ");
}

/* The same ports once more: what the last connection sent is none of this one's. */
static void a_new_connection_is_another(void **state)
{
	FIXTURE;

	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\1", SYN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\x42", ACK) DATA));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\x20", SYN)));
	segment(stream, STREAM_IP(IP TCP("\x50", "\x42", ACK) DATA));
	segment(stream, STREAM_IP(IP_ACK TCP("\x50", "\x20", SYN)));
	expect(fixture, "#5 1 of #3; ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(numbers_count_from_the_first),
		TEST(acknowledgements_are_none),
		TEST(others_are_others),
		TEST(short_snapshots_are_none),
		TEST(branches_are_none),
		TEST(parts_are_of_the_whole),
		TEST(functions_tell),
		TEST(a_late_header_is_early_enough),
		TEST(the_first_is_who_began_first),
		TEST(numbers_begin_anew),
		TEST(a_new_connection_is_another),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
