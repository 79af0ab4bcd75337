// SPDX-License-Identifier: GPL-2.0-only
/* The assembler with functions that are seen to return, and steps that are nested. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembled.h"
#include "path/returns.h"

/* Frames from the outside in, on the stack of a task, and on another one. */
#define TASK(n)	 ((0x5004000u - 0x40u * (n)) | EVENT_FRAME_TASK)
#define OTHER(n) (0x9004000u - 0x40u * (n))

struct fixture {
	struct stream stream;
	char text[1024]; /* of all paths that were handed over */
	size_t count;
	bool complete;
};

/* "#1 consumed ip_rcv=1/2000ns nf_hook_slow=DROP/1000ns consume_skb;", nested: "..ip_rcv"
 */
static void record_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;
	char *text = fixture->text;

	sprintf(text + strlen(text), "#%" PRIu64 " %s", path->id,
		path_end_name(path->end));
	for (size_t i = 0; i < path->count && i < 16; i++) {
		const struct step *step = &path->steps[i];

		strcat(text, " ");
		for (unsigned int depth = 0; depth < step->depth; depth++)
			strcat(text, ".");
		strcat(text, step->func);
		if (!step->returned)
			continue;
		sprintf(text + strlen(text), "=%s/%" PRIu64, step->result.word ?: "",
			(step->returned - step->time) / 1000);
	}
	strcat(text, ";");
	fixture->count++;
	fixture->complete = path->complete;
}

static int setup(void **state)
{
	struct fixture *fixture = assembled_new(sizeof(*fixture), record_path);

	stream_packet(&fixture->stream, 1, SKB(1));
	stream_process(&fixture->stream, 0, 100, "ping");
	*state = fixture;
	return 0;
}

static void tick(struct stream *stream, uint64_t later)
{
	assembler_tick(stream->assembler, stream->event.time + later);
}

/* ---- pairs */

static void a_return_belongs_to_its_frame(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_call(stream, "nf_hook_slow", TASK(5));
	stream_return(stream, "nf_hook_slow", TASK(5), 1);
	stream_return(stream, "nf_hook_slow", TASK(1), (uint64_t)-1);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(fixture->text, "#1 consumed ip_rcv nf_hook_slow=DROP/3 "
					   "nf_hook_slow=ACCEPT/1 consume_skb;");
	assert_true(fixture->complete);
}

static void repeats_in_one_frame_are_told_apart(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_return(stream, "nf_hook_slow", TASK(1), 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_return(stream, "nf_hook_slow", TASK(1), (uint64_t)-1);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(fixture->text, "#1 consumed ip_rcv nf_hook_slow=ACCEPT/1 "
					   "nf_hook_slow=DROP/1 consume_skb;");
}

/* A function that ends in a jump to another one hands on its frame. */
static void functions_share_a_frame(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "neigh_resolve_output", TASK(1));
	stream_call(stream, "__dev_queue_xmit", TASK(1));
	stream_return(stream, "__dev_queue_xmit", TASK(1), 1);
	stream_return(stream, "neigh_resolve_output", TASK(1), 1);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(fixture->text,
			    "#1 consumed ip_rcv neigh_resolve_output=NET_XMIT_DROP/3 "
			    "__dev_queue_xmit=NET_XMIT_DROP/1 consume_skb;");
}

static void foreign_returns_change_nothing(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	assembled_begin(stream, 2);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_packet(stream, 1, SKB(1));
	stream_return(stream, "nf_hook_slow", TASK(1), 1); /* another packet's */
	stream_packet(stream, 2, SKB(2));
	stream_return(stream, "nf_conntrack_in", TASK(1), 1); /* another function's */
	stream_return(stream, "nf_hook_slow", TASK(2), 1);    /* another frame's */
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 1, SKB(1));
	stream_consume(stream, "icmp_rcv");
	tick(stream, RETURNS_PATIENCE);
	assert_string_equal(fixture->text,
			    "#1 consumed ip_rcv consume_skb;"
			    "#2 consumed ip_rcv nf_hook_slow consume_skb;");
}

static void a_second_return_changes_nothing(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_return(stream, "nf_hook_slow", TASK(1), 1);
	stream_return(stream, "nf_hook_slow", TASK(1), 0);
	stream_call(stream, "ip_finish_output2", TASK(1));
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(fixture->count, 0);
	stream_return(stream, "ip_finish_output2", TASK(1), 0);
	assert_string_equal(fixture->text,
			    "#1 consumed ip_rcv nf_hook_slow=ACCEPT/1 "
			    "ip_finish_output2=NET_XMIT_SUCCESS/2 consume_skb;");
}

/* ---- waiting */

static void a_path_waits_for_its_returns(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "ip_local_deliver", TASK(1));
	stream_call(stream, "nf_hook_slow", TASK(2));
	stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	assert_int_equal(fixture->count, 0);
	assert_int_equal(assembler_open(stream->assembler), 1);
	stream_return(stream, "nf_hook_slow", TASK(2), (uint64_t)-1);
	assert_int_equal(fixture->count, 0);
	stream_return(stream, "ip_local_deliver", TASK(1), 0);
	assert_int_equal(assembler_open(stream->assembler), 0);
	assert_string_equal(fixture->text, "#1 dropped ip_rcv ip_local_deliver=/4 "
					   "nf_hook_slow=DROP/2 kfree_skb;");
	assert_true(fixture->complete);
}

static void but_not_for_ever(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_consume(stream, "icmp_rcv");
	tick(stream, RETURNS_PATIENCE - 1);
	assert_int_equal(fixture->count, 0);
	tick(stream, RETURNS_PATIENCE);
	assert_string_equal(fixture->text,
			    "#1 consumed ip_rcv nf_hook_slow consume_skb;");
	assert_true(fixture->complete);
	stream_return(stream, "nf_hook_slow", TASK(1), 1); /* late */
	tick(stream, RETURNS_PATIENCE);
	assembler_finish(stream->assembler);
	assert_int_equal(fixture->count, 1);
}

static void nor_when_tracing_ends(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_consume(stream, "icmp_rcv");
	assembled_begin(stream, 2);
	stream_call(stream, "nf_hook_slow", TASK(1));
	assembler_finish(stream->assembler);
	assert_string_equal(fixture->text, "#1 consumed ip_rcv nf_hook_slow consume_skb;"
					   "#2 open ip_rcv nf_hook_slow;");
	assert_int_equal(assembler_open(stream->assembler), 0);
}

/* Its memory may be another packet's meanwhile. */
static void whoever_waits_is_not_replaced(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 2, SKB(1));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 1, SKB(1));
	stream_reused(stream);
	stream_return(stream, "nf_hook_slow", TASK(1), 1);
	stream_packet(stream, 2, SKB(1));
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(fixture->text, "#1 consumed ip_rcv nf_hook_slow=ACCEPT/4 "
					   "consume_skb;#2 consumed ip_rcv consume_skb;");
}

static void too_many_that_wait_are_closed(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_consume(stream, "icmp_rcv");
	stream->event.time = STREAM_START; /* no patience ends meanwhile */
	for (uint64_t i = 2; i <= ASSEMBLER_OPEN + 1; i++) {
		stream->event.time = STREAM_START;
		assembled_begin(stream, i);
	}
	assert_string_equal(fixture->text,
			    "#1 consumed ip_rcv nf_hook_slow consume_skb;");
	assert_int_equal(assembler_open(stream->assembler), ASSEMBLER_OPEN);
}

/* Steps that were too many to keep are not waited for. */
static void what_is_not_kept_is_not_waited_for(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	for (size_t i = 1; i < ASSEMBLER_PATH_STEPS; i++)
		stream_function(stream, "icmp_rcv", 0);
	stream_call(stream, "nf_hook_slow", TASK(1));
	stream_return(stream, "nf_hook_slow", TASK(1), 1);
	stream_call(stream, "nf_hook_slow", TASK(1));
	assert_int_equal(fixture->count, 0);
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(fixture->count, 1);
	assert_false(fixture->complete);
}

/* ---- nesting */

static void calls_are_nested_by_frame(void **state)
{
	FIXTURE;

	assembler_nest(stream->assembler);
	stream_packet(stream, 1, SKB(1));
	stream->event.frame = TASK(1);
	stream_function(stream, "ip_output", EVENT_FIRST | EVENT_CALL);
	stream_call(stream, "nf_hook_slow", TASK(2));
	stream_return(stream, "nf_hook_slow", TASK(2), 1);
	stream_call(stream, "ip_finish_output2", TASK(3));
	stream_call(stream, "__dev_queue_xmit", TASK(3)); /* by a jump */
	stream->event.frame = TASK(5);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_return(stream, "__dev_queue_xmit", TASK(3), 0);
	stream_return(stream, "ip_finish_output2", TASK(3), 0);
	stream_return(stream, "ip_output", TASK(1), 0);
	stream->event.frame = 0;
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(fixture->text,
			    "#1 consumed ip_output=/8 .nf_hook_slow=ACCEPT/1 "
			    ".ip_finish_output2=NET_XMIT_SUCCESS/4 "
			    ".__dev_queue_xmit=NET_XMIT_SUCCESS/2 ..net_dev_queue "
			    "consume_skb;");
}

static void other_contexts_are_not_inside(void **state)
{
	FIXTURE;

	assembler_nest(stream->assembler);
	assembled_begin(stream, 1);
	stream_call(stream, "__dev_queue_xmit", TASK(1));
	/* a softirq at the end of it, on another stack */
	stream_call(stream, "icmp_rcv", OTHER(9));
	stream_call(stream, "ping_rcv", OTHER(10));
	/* the same stack of another CPU, another task, the idle task elsewhere */
	stream_process(stream, 1, 100, "ping");
	stream_call(stream, "ip_rcv_core", OTHER(11));
	stream_call(stream, "ip_rcv", TASK(4)); /* the task itself has moved there */
	stream_process(stream, 0, 200, "other");
	stream_call(stream, "ip_rcv_core", TASK(5));
	stream_process(stream, 0, 0, "swapper/0");
	stream_call(stream, "arp_rcv", TASK(5));
	stream_process(stream, 1, 0, "swapper/1");
	stream_call(stream, "icmp_echo", TASK(6));
	assembler_finish(stream->assembler);
	assert_string_equal(fixture->text,
			    "#1 open ip_rcv __dev_queue_xmit icmp_rcv .ping_rcv "
			    "ip_rcv_core .ip_rcv ip_rcv_core arp_rcv icmp_echo;");
}

/* Somebody else where its frame was, or above: it has returned unseen. */
static void an_unseen_return_holds_nothing(void **state)
{
	FIXTURE;

	assembler_nest(stream->assembler);
	assembled_begin(stream, 1);
	stream_call(stream, "ip_output", TASK(5));
	stream_call(stream, "nf_hook_slow", TASK(6));
	stream_call(stream, "ip_rcv", TASK(4));
	stream_call(stream, "icmp_rcv", TASK(6));
	assembler_finish(stream->assembler);
	assert_string_equal(fixture->text,
			    "#1 open ip_rcv ip_output .nf_hook_slow ip_rcv .icmp_rcv;");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_return_belongs_to_its_frame),
		TEST(repeats_in_one_frame_are_told_apart),
		TEST(functions_share_a_frame),
		TEST(foreign_returns_change_nothing),
		TEST(a_second_return_changes_nothing),
		TEST(a_path_waits_for_its_returns),
		TEST(but_not_for_ever),
		TEST(nor_when_tracing_ends),
		TEST(whoever_waits_is_not_replaced),
		TEST(too_many_that_wait_are_closed),
		TEST(what_is_not_kept_is_not_waited_for),
		TEST(calls_are_nested_by_frame),
		TEST(other_contexts_are_not_inside),
		TEST(an_unseen_return_holds_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
