// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "assembled.h"
#include "assert/judge.h"

struct fixture {
	struct stream stream;
	struct expect expect;
	struct judge *judge;
};

static void fixture_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;

	judge_path(fixture->judge, path);
}

static int setup(void **state)
{
	struct fixture *fixture = assembled_new(sizeof(*fixture), fixture_path);

	stream_place(&fixture->stream, STREAM_RED, 7);
	*state = fixture;
	return 0;
}

static void begin(struct fixture *fixture, const char *text)
{
	struct expect_error error;

	assert_int_equal(expect_parse(text, &fixture->expect, &error), 0);
	fixture->judge = judge_new(&fixture->expect, 1);
	assert_non_null(fixture->judge);
}

/* All packets have been; @why is a part of what is said of the first that is shown. */
static void judged(struct fixture *fixture, enum judgement expected, const char *why)
{
	enum judgement judgement;
	const struct verdict *verdict;

	assembler_finish(fixture->stream.assembler);
	assert_int_equal(judge_finish(fixture->judge, &judgement), 0);
	verdict = judge_verdicts(fixture->judge);
	if (why && !verdict->shown)
		fail_msg("no failure, not even '%s'", why);
	if (why && !strstr(verdict->failures[0].why, why))
		fail_msg("'%s', not '%s'", verdict->failures[0].why, why);
	assert_int_equal(judgement, expected);
	judge_free(fixture->judge);
	expect_free(&fixture->expect);
}

/* Received, looked at by a hook with this verdict, and delivered to ping. */
static void play_hook(struct stream *stream, uint64_t packet, uint64_t verdict)
{
	assembled_begin(stream, packet);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	stream_return(stream, "nf_hook_slow", 0x5000d80, verdict);
	stream_function(stream, "ping_rcv", 0);
	stream_consume(stream, "skb_free_datagram");
}

#define ACCEPT 1
#define DROP   0xffffffff

/* Two packets: one that is accepted, one that is dropped. */
static void judge_two(void **state, const char *text, enum judgement judgement,
		      const char *why)
{
	FIXTURE;

	begin(fixture, text);
	play_hook(stream, 1, ACCEPT);
	assembled_begin(stream, 2);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	stream_return(stream, "nf_hook_slow", 0x5000d80, DROP);
	judged(fixture, judgement, why);
}

#define TWO(name, text, judgement, why)                                                  \
	static void name(void **state)                                                   \
	{                                                                                \
		judge_two(state, text, judgement, why);                                  \
	}

TWO(reaches_holds, "reaches nf_hook_slow", JUDGEMENT_HOLDS, NULL)
TWO(reaches_a_pattern, "reaches nf_*", JUDGEMENT_HOLDS, NULL)
TWO(reaches_a_stage, "reaches netfilter", JUDGEMENT_HOLDS, NULL)
TWO(reaches_not_by_all, "reaches ping_rcv", JUDGEMENT_FAILS, "it was not there")
TWO(reaches_by_any, "any: reaches ping_rcv", JUDGEMENT_HOLDS, NULL)
TWO(reaches_by_none, "any: reaches tcp_v4_rcv", JUDGEMENT_FAILS, "it was not there")
TWO(reaches_another_result, "reaches nf_hook_slow=ACCEPT", JUDGEMENT_FAILS,
    "another result")
TWO(reaches_a_number, "any: reaches nf_hook_slow=1", JUDGEMENT_HOLDS, NULL)
TWO(never_holds, "never tcp_v4_rcv", JUDGEMENT_HOLDS, NULL)
TWO(never_fails, "never nf_hook_slow=DROP", JUDGEMENT_FAILS, "it was there")
TWO(never_by_any, "any: never nf_hook_slow=DROP", JUDGEMENT_HOLDS, NULL)
TWO(order_holds, "order ip_rcv nf_hook_slow", JUDGEMENT_HOLDS, NULL)
TWO(order_is_wrong, "order nf_hook_slow ip_rcv", JUDGEMENT_FAILS, "came behind")
TWO(order_needs_twice, "order ip_rcv ip_rcv", JUDGEMENT_FAILS, "came behind")
TWO(end_is_one_of_these, "end delivered dropped=NO_SOCKET", JUDGEMENT_HOLDS, NULL)
TWO(end_is_another, "end delivered", JUDGEMENT_FAILS, "its end was: dropped, NO_SOCKET")
TWO(end_has_another_reason, "end delivered dropped=OTHERHOST", JUDGEMENT_FAILS,
    "another reason: NO_SOCKET")
TWO(crosses_holds, "crosses red/known7", JUDGEMENT_HOLDS, NULL)
TWO(crosses_any_device, "crosses red/", JUDGEMENT_HOLDS, NULL)
TWO(crosses_by_inode, "crosses 1/known*", JUDGEMENT_HOLDS, NULL)
TWO(crosses_another_netns, "crosses blue/known7", JUDGEMENT_FAILS, "it was not there")
TWO(changes_nothing, "changes src", JUDGEMENT_FAILS, "it stayed the same")
TWO(count_holds, "count == 2", JUDGEMENT_HOLDS, NULL)
TWO(count_fails, "count < 2", JUDGEMENT_FAILS, NULL)
/* Steps are 1 us apart: 3 us and 2 us. */
TWO(percentile_of_the_fast, "p50 <= 2us", JUDGEMENT_HOLDS, NULL)
TWO(percentile_of_the_slow, "p51 <= 2us", JUDGEMENT_FAILS, "the slowest packet")

/* Wherever that function was, and whatever the compiler has made of it. */
static void suffixes_do_not_count(void **state)
{
	static const char *const texts[] = { "reaches ip_rcv_core", "reaches ip_rcv_*[e]",
					     "reaches ip_rcv_core.isra.0" };
	FIXTURE;

	for (uint64_t i = 0; i < 3; i++) {
		begin(fixture, texts[i]);
		assembled_begin(stream, i + 1);
		stream_function(stream, "ip_rcv_core.isra.0", 0);
		stream_consume(stream, "icmp_rcv");
		judged(fixture, JUDGEMENT_HOLDS, NULL);
	}
}

static void no_packet_proves_nothing(void **state)
{
	FIXTURE;

	(void)stream;
	begin(fixture, "never ip_rcv");
	judged(fixture, JUDGEMENT_NOTHING, NULL);
}

static void no_packet_may_be_expected(void **state)
{
	FIXTURE;

	(void)stream;
	begin(fixture, "count == 0");
	judged(fixture, JUDGEMENT_HOLDS, NULL);
	begin(fixture, "count > 0");
	judged(fixture, JUDGEMENT_NOTHING, NULL);
}

static void a_hole_proves_nothing(void **state)
{
	FIXTURE;

	begin(fixture, "never tcp_v4_rcv");
	assembled_begin(stream, 1);
	stream->event.lost = 1;
	stream_function(stream, "ping_rcv", 0);
	stream->event.lost = 0;
	stream_consume(stream, "skb_free_datagram");
	judged(fixture, JUDGEMENT_FAILS, "may have a hole");
}

static void a_hole_has_no_time(void **state)
{
	FIXTURE;

	begin(fixture, "p100 < 1s");
	assembled_begin(stream, 1);
	stream->event.lost = 1;
	stream_function(stream, "ping_rcv", 0);
	stream->event.lost = 0;
	stream_consume(stream, "skb_free_datagram");
	judged(fixture, JUDGEMENT_FAILS, "not known");
}

static void an_open_path_proves_nothing(void **state)
{
	FIXTURE;

	begin(fixture, "never tcp_v4_rcv");
	assembled_begin(stream, 1);
	judged(fixture, JUDGEMENT_FAILS, "had not ended");
}

static void an_unseen_return_proves_nothing(void **state)
{
	FIXTURE;

	begin(fixture, "never nf_hook_slow=DROP");
	assembled_begin(stream, 1);
	stream_function(stream, "nf_hook_slow", 0);
	stream_consume(stream, "skb_free_datagram");
	judged(fixture, JUDGEMENT_FAILS, "was not seen");
}

static void without_functions_only_tracepoints_are_proved(void **state)
{
	static const char *const texts[] = { "never tcp_v4_rcv", "never kfree_skb" };
	FIXTURE;

	for (int i = 0; i < 2; i++) {
		begin(fixture, texts[i]);
		stream_packet(stream, (uint64_t)i + 1, SKB(i + 1));
		stream_tracepoint(stream, TRACEPOINT_netif_rx, EVENT_FIRST);
		stream_consume(stream, "icmp_rcv");
		judged(fixture, i ? JUDGEMENT_HOLDS : JUDGEMENT_FAILS,
		       i ? NULL : "no function was probed");
	}
}

/* Packet 1 is dropped; a copy of it is delivered to somebody who listens. */
static void judge_copied(void **state, const char *text, enum judgement judgement)
{
	FIXTURE;

	begin(fixture, text);
	assembled_begin(stream, 1);
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1,
		    (const char *const[]){ "__copy_skb_header", "skb_clone",
					   "dev_queue_xmit_nit", NULL });
	stream_function(stream, "ping_rcv", 0);
	stream_consume(stream, "skb_free_datagram");
	stream_packet(stream, 1, SKB(1));
	stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
	judged(fixture, judgement, NULL);
}

static void copies_belong_to_the_packet(void **state)
{
	judge_copied(state, "reaches ping_rcv", JUDGEMENT_HOLDS);
}

static void copies_break_what_never_was(void **state)
{
	judge_copied(state, "never ping_rcv", JUDGEMENT_FAILS);
}

static void copies_have_ends_of_their_own(void **state)
{
	judge_copied(state, "end dropped", JUDGEMENT_HOLDS);
}

static void copies_do_not_count(void **state)
{
	judge_copied(state, "count == 1", JUDGEMENT_HOLDS);
}

/* Of many packets a few are shown, and all are counted. */
static void few_failures_are_shown(void **state)
{
	enum judgement judgement;
	const struct verdict *verdict;
	FIXTURE;

	begin(fixture, "never nf_hook_slow=DROP");
	for (uint64_t packet = 1; packet <= 10; packet++)
		play_hook(stream, packet, packet % 2 ? DROP : ACCEPT);
	assembler_finish(stream->assembler);
	assert_int_equal(judge_finish(fixture->judge, &judgement), 0);
	verdict = judge_verdicts(fixture->judge);
	assert_int_equal(judgement, JUDGEMENT_FAILS);
	assert_int_equal(verdict->good, 5);
	assert_int_equal(verdict->bad, 5);
	assert_int_equal(verdict->shown, JUDGE_FAILURES);
	for (size_t i = 0; i < verdict->shown; i++) {
		char number[8];

		snprintf(number, sizeof(number), "#%zu ", 2 * i + 1);
		assert_ptr_equal(strstr(verdict->failures[i].excerpt.lines[0], number),
				 verdict->failures[i].excerpt.lines[0]);
		/* What the packet is, its four steps, and its end. */
		assert_int_equal(verdict->failures[i].excerpt.count, 6);
		assert_int_equal(verdict->failures[i].excerpt.lines[2][0], '>');
	}
	judge_free(fixture->judge);
	expect_free(&fixture->expect);
}

#define SEGMENT                                                                          \
	"\x45\0\0\x2c\0\0\x40\0\x40\x06\0\0\x0a\0\0\x01\x0a\0\0\x02"                     \
	"\x12\x67\0\x50\0\0\0\1\0\0\0\0\x50\x10\xff\xff\0\0\0\0data"

static void segment_begin(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, SKB(packet));
	stream_function_snapshot(stream, "ip_local_out", EVENT_FIRST, STREAM_IP(SEGMENT));
}

/* A retransmission is a packet of its own, whether the first is under way or not. */
static void retransmissions(void **state, bool ended)
{
	FIXTURE;

	begin(fixture, "count == 2");
	segment_begin(stream, 1);
	if (ended)
		stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	segment_begin(stream, 2);
	stream_consume(stream, "tcp_v4_rcv");
	judged(fixture, JUDGEMENT_HOLDS, NULL);
}

static void a_retransmission_is_another_packet(void **state)
{
	retransmissions(state, true);
}

static void so_it_is_while_the_first_is_under_way(void **state)
{
	retransmissions(state, false);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_retransmission_is_another_packet),
		TEST(so_it_is_while_the_first_is_under_way),
		TEST(reaches_holds),
		TEST(reaches_a_pattern),
		TEST(reaches_a_stage),
		TEST(reaches_not_by_all),
		TEST(reaches_by_any),
		TEST(reaches_by_none),
		TEST(reaches_another_result),
		TEST(reaches_a_number),
		TEST(never_holds),
		TEST(never_fails),
		TEST(never_by_any),
		TEST(order_holds),
		TEST(order_is_wrong),
		TEST(order_needs_twice),
		TEST(end_is_one_of_these),
		TEST(end_is_another),
		TEST(end_has_another_reason),
		TEST(crosses_holds),
		TEST(crosses_any_device),
		TEST(crosses_by_inode),
		TEST(crosses_another_netns),
		TEST(changes_nothing),
		TEST(count_holds),
		TEST(count_fails),
		TEST(percentile_of_the_fast),
		TEST(percentile_of_the_slow),
		TEST(suffixes_do_not_count),
		TEST(no_packet_proves_nothing),
		TEST(no_packet_may_be_expected),
		TEST(a_hole_proves_nothing),
		TEST(a_hole_has_no_time),
		TEST(an_open_path_proves_nothing),
		TEST(an_unseen_return_proves_nothing),
		TEST(without_functions_only_tracepoints_are_proved),
		TEST(copies_belong_to_the_packet),
		TEST(copies_break_what_never_was),
		TEST(copies_have_ends_of_their_own),
		TEST(copies_do_not_count),
		TEST(few_failures_are_shown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
