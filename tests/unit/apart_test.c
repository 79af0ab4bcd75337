// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every step that was taken is in one path, or is counted: in the path, as one that was
 * not kept, or as one that is in no path, by why.
 */
#include "assembled.h"

#define CALLERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

struct fixture {
	struct stream stream;
	size_t paths, steps, last_steps; /* of all paths, and of the last one */
	uint64_t last_packet;
	enum path_end last_end;
	bool last_complete;
};

static void record_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;

	fixture->paths++;
	fixture->last_steps = path->count;
	fixture->steps += path->count + path->skipped;
	fixture->last_packet = path->packet;
	fixture->last_end = path->end;
	fixture->last_complete = path->complete;
}

static int setup(void **state)
{
	*state = assembled_new(sizeof(struct fixture), record_path);
	return 0;
}

/* After so many steps; all paths are handed over. */
static void assert_adds_up(struct fixture *fixture, size_t steps, size_t foreign,
			   size_t late)
{
	struct assembler_apart apart;

	assembler_finish(fixture->stream.assembler);
	apart = assembler_apart(fixture->stream.assembler);
	assert_int_equal(apart.foreign, foreign);
	assert_int_equal(apart.late, late);
	assert_int_equal(fixture->steps + foreign + late, steps);
}

/* ---- what is another one's */

static void the_end_of_a_message_is_in_no_path(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_function(stream, "udp_rcv", 0);
	stream_consume(stream, "netlink_unicast");
	assert_int_equal(fixture->paths, 1);
	assert_int_equal(fixture->last_steps, 2);
	assert_int_equal(fixture->last_end, PATH_LOST);
	assert_adds_up(fixture, 3, 1, 0);
}

static void so_is_that_of_one_after_the_path(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_consume(stream, "icmp_rcv");
	stream_consume(stream, "unix_stream_read_generic");
	stream_packet(stream, 2, SKB(2));
	stream_consume(stream, "unix_stream_read_generic");
	assert_adds_up(fixture, 4, 2, 0);
	assert_int_equal(fixture->paths, 1);
}

static void what_came_in_before_a_gate_found_another_one_is_that_ones(void **state)
{
	FIXTURE;

	stream_packet(stream, 1, SKB(1));
	stream_place(stream, STREAM_RED, 7);
	stream_gate(stream, EVENT_GATE_INGRESS, EVENT_FIRST);
	stream_place(stream, 0, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_reused(stream);
	assert_int_equal(fixture->last_steps, 1);
	assert_adds_up(fixture, 3, 2, 0);
}

/* ---- what comes behind the end */

static void what_comes_while_the_path_waits_is_in_it(void **state)
{
	FIXTURE;

	assembler_hold(stream->assembler);
	assembled_begin(stream, 1);
	stream_consume(stream, "icmp_rcv");
	stream_tracepoint(stream, TRACEPOINT_sk_data_ready, 0);
	assert_int_equal(fixture->paths, 0);
	assert_adds_up(fixture, 3, 0, 0);
	assert_int_equal(fixture->paths, 1);
	assert_int_equal(fixture->last_steps, 3);
}

/* Nor does it end the path of the packet that has its memory now. */
static void what_comes_behind_that_begins_no_path(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(fixture->paths, 1);
	stream_packet(stream, 2, SKB(1));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 1, SKB(1));
	stream_tracepoint(stream, TRACEPOINT_sk_data_ready, 0);
	stream_free(stream, "skb_free_datagram");
	assert_int_equal(assembler_open(stream->assembler), 1);
	stream_packet(stream, 2, SKB(1));
	stream_function(stream, "udp_rcv", 0);
	stream_drop(stream, "udp_rcv", STREAM_NO_SOCKET);
	assert_int_equal(fixture->paths, 2);
	assert_int_equal(fixture->last_packet, 2);
	assert_int_equal(fixture->last_steps, 3);
	assert_int_equal(fixture->last_end, PATH_DROPPED);
	assert_true(fixture->last_complete);
	assert_adds_up(fixture, 7, 0, 2);
	assert_int_equal(fixture->paths, 2);
}

static void the_same_of_one_that_went_out_of_sight(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_reused(stream);
	stream_function(stream, "udp_rcv", 0);
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 3, SKB(2)); /* ends 2 */
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "udp_rcv", 0);
	assert_int_equal(assembler_open(stream->assembler), 1);
	assert_adds_up(fixture, 5, 0, 2);
	assert_int_equal(fixture->paths, 3);
}

/* By the id that it had before XDP has copied it. */
static void the_same_of_what_a_packet_was_before(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_packet(stream, 2, SKB(2));
	stream_copy(stream, 1,
		    CALLERS("__copy_skb_header", "skb_copy_header", "skb_pp_cow_data",
			    "veth_xdp_rcv_skb"));
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(fixture->paths, 1);
	stream_packet(stream, 1, SKB(1));
	stream_free(stream, "veth_xdp_rcv_skb");
	assert_adds_up(fixture, 4, 0, 1);
	assert_int_equal(fixture->paths, 1);
}

/* What had no room any more has not ended. */
static void what_was_given_up_goes_on_in_another_path(void **state)
{
	FIXTURE;

	for (uint64_t i = 1; i <= ASSEMBLER_OPEN + 1; i++)
		assembled_begin(stream, i);
	assert_int_equal(fixture->paths, 1);
	assert_int_equal(fixture->last_packet, 1);
	stream_packet(stream, 1, SKB(1));
	stream_function(stream, "udp_rcv", 0);
	stream_drop(stream, "udp_rcv", STREAM_NO_SOCKET);
	assert_adds_up(fixture, ASSEMBLER_OPEN + 3, 0, 0);
	assert_int_equal(fixture->paths, ASSEMBLER_OPEN + 2);
}

/* ---- what is no step */

static void what_belongs_to_a_step_is_not_counted(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "nf_hook_slow", 0x100);
	stream_chain(stream, "nf_hook_slow", "filter", NULL, EVENT_HOOK_INPUT);
	stream_route(stream, "nf_hook_slow", "eth0", NULL);
	stream_again(stream, CALLERS("tcp_retransmit_skb"));
	stream_return(stream, "nf_hook_slow", 0x100, 1);
	stream_consume(stream, "icmp_rcv");
	stream_chain(stream, "nf_hook_slow", "filter", NULL, EVENT_HOOK_INPUT);
	stream_return(stream, "nf_hook_slow", 0x100, 1);
	stream_reused(stream);
	assert_adds_up(fixture, 3, 0, 0);
}

static void what_is_not_kept_is_counted_in_the_path(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	for (size_t i = 0; i < ASSEMBLER_PATH_STEPS; i++)
		stream_function(stream, "icmp_rcv", 0);
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(fixture->last_steps, ASSEMBLER_PATH_STEPS);
	assert_adds_up(fixture, ASSEMBLER_PATH_STEPS + 2, 0, 0);
}

/* ---- any events, whether they make sense or not */

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

/* A few packets and addresses, so that all of them meet. */
static struct event_again random_event(uint32_t *seed)
{
	static const char *const functions[] = {
		"ip_rcv",	   "netlink_unicast", "unix_dgram_recvmsg",
		"skb_pp_cow_data", "skb_clone",	      "kfree_skb_partial",
		"skb_gro_receive", "skb_morph",	      "inet_frag_reasm_prepare",
	};
	const size_t count = sizeof(functions) / sizeof(functions[0]);
	struct event_again all = {
		.event = {
			.packet = next_random(seed) % 40 + 1,
			.skb = SKB(next_random(seed) % 20),
			.where = stream_address(functions[next_random(seed) % count]),
			.value = next_random(seed) % 42,
			.netns = next_random(seed) % 3,
			.frame = next_random(seed) % 4,
			.kind = (uint8_t)(next_random(seed) % EVENT_DEVICES),
			.id = (uint8_t)(next_random(seed) % 2),
			.lost = next_random(seed) % 50 == 0,
		},
	};

	if (next_random(seed) % 4 == 0)
		all.event.flags = (uint8_t)(next_random(seed) & ~EVENT_SNAPSHOT);
	if (all.event.kind == EVENT_TRACEPOINT)
		all.event.id = (uint8_t)(next_random(seed) % TRACEPOINT_SIZE);
	for (size_t i = 0; i < 4; i++)
		all.callers[i] = stream_address(functions[next_random(seed) % count]);
	return all;
}

static size_t add_random(struct assembler *assembler, uint32_t *seed)
{
	struct event_again all = random_event(seed);
	static uint64_t time = STREAM_START;

	time += next_random(seed) % 3000000;
	all.event.time = time;
	if (next_random(seed) % 20 == 0)
		assembler_tick(assembler, time);
	assert_int_equal(assembler_add(assembler, &all, sizeof(all)), 0);
	return all.event.kind < EVENT_STEP_KINDS;
}

static void any_steps_add_up(void **state)
{
	FIXTURE;
	struct assembler_apart apart;
	size_t steps = 0;
	uint32_t seed = 1;

	for (size_t i = 0; i < 100000; i++) {
		if (i == 50000)
			assembler_hold(stream->assembler);
		steps += add_random(stream->assembler, &seed);
	}
	assembler_finish(stream->assembler);
	apart = assembler_apart(stream->assembler);
	assert_true(apart.foreign > 0 && apart.late > 0 && fixture->steps > 0);
	assert_int_equal(fixture->steps + apart.foreign + apart.late, steps);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_end_of_a_message_is_in_no_path),
		TEST(so_is_that_of_one_after_the_path),
		TEST(what_came_in_before_a_gate_found_another_one_is_that_ones),
		TEST(what_comes_while_the_path_waits_is_in_it),
		TEST(what_comes_behind_that_begins_no_path),
		TEST(the_same_of_one_that_went_out_of_sight),
		TEST(the_same_of_what_a_packet_was_before),
		TEST(what_was_given_up_goes_on_in_another_path),
		TEST(what_belongs_to_a_step_is_not_counted),
		TEST(what_is_not_kept_is_counted_in_the_path),
		TEST(any_steps_add_up),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
