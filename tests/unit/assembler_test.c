// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembled.h"
#include "path/order.h"

/* What of a path is kept for looking at it after its call: a line of text. */
struct record {
	char lines[16][512];
	size_t count;	  /* paths handed over, also those beyond the lines */
	uint64_t lost;	  /* of the last path */
	bool complete;	  /* likewise */
	char doubts[256]; /* "#1+ ": complete, "#1- ": not so, as a path has it */
	size_t steps;
	uint64_t skipped;
	char missed[256]; /* of all paths: "#1 function ip_rcv 2, " */
};

struct fixture {
	struct stream stream;
	struct record record;
};

/* "#1 delivered ping_rcv - ip_rcv@red/eth0 ping_rcv@~red/eth0"; "~": inferred */
static void record_path(const struct path *path, void *context)
{
	struct fixture *fixture = context;
	struct record *record = &fixture->record;
	char *line = record->lines[record->count % 16];
	int used = snprintf(line, 512, "#%" PRIu64 " %s %s %s", path->id,
			    path_end_name(path->end), path->where ? path->where : "-",
			    path->reason ? path->reason : "-");

	for (size_t i = 0; i < path->count && used < 512; i++) {
		const struct step *step = &path->steps[i];

		used += snprintf(line + used, (size_t)(512 - used), " %s@%s%s/%s",
				 step->func, step->inferred ? "~" : "",
				 step->netns_name ? step->netns_name : "?", step->dev);
	}
	record->count++;
	record->lost = path->lost;
	record->complete = path->complete;
	if (record->count <= 16)
		sprintf(record->doubts + strlen(record->doubts), "#%" PRIu64 "%c ",
			path->id, path->complete ? '+' : '-');
	record->steps = path->count;
	record->skipped = path->skipped;
	for (size_t i = 0; i < path->missed.count; i++) {
		const struct missed *missed = &path->missed.list[i];

		used = (int)strlen(record->missed);
		snprintf(record->missed + used, sizeof(record->missed) - (size_t)used,
			 "#%" PRIu64 " %s %s %" PRIu64 ", ", path->id,
			 missed_kind_name(missed->kind), missed->name, missed->runs);
	}
}

static int setup(void **state)
{
	struct fixture *fixture = assembled_new(sizeof(*fixture), record_path);

	stream_packet(&fixture->stream, 1, SKB(1));
	stream_place(&fixture->stream, STREAM_RED, 7);
	*state = fixture;
	return 0;
}

#define RECORD                                                                           \
	FIXTURE;                                                                         \
	struct record *record = &fixture->record;                                        \
	(void)stream, (void)record

static void keeps_repeats_in_order(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_function(stream, "nf_hook_slow", 0);
	stream_function(stream, "icmp_rcv", 0);
	stream_function(stream, "nf_hook_slow", 0);
	assert_int_equal(record->count, 0);
	assert_int_equal(assembler_open(stream->assembler), 1);
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(assembler_open(stream->assembler), 0);
	assert_int_equal(record->count, 1);
	assert_true(record->complete);
	assert_string_equal(
		record->lines[0],
		"#1 consumed icmp_rcv - ip_rcv@red/known7 nf_hook_slow@red/known7 "
		"icmp_rcv@red/known7 nf_hook_slow@red/known7 "
		"consume_skb@red/known7");
}

static void sorts_by_time_and_keeps_equals(void **state)
{
	RECORD;

	stream_place(stream, 0, 0);
	stream_function(stream, "first", EVENT_FIRST);
	stream_wait(stream, 5000);
	stream_function(stream, "fourth", 0);
	stream->event.time -= 5000;
	stream_function(stream, "second", 0);
	stream->event.time -= 1000;
	stream_function(stream, "third", 0);
	stream_wait(stream, 9000);
	stream_consume(stream, "kfree_skb");
	assert_string_equal(record->lines[0], "#1 consumed fourth - first@?/ second@?/ "
					      "third@?/ fourth@?/ consume_skb@?/");
}

/* ---- ends */

static void drop_wins_over_delivery(void **state)
{
	RECORD;

	stream_function(stream, "tcp_v4_rcv", EVENT_FIRST);
	stream_function(stream, "tcp_rcv_established", 0);
	stream_drop(stream, "tcp_v4_rcv", STREAM_NO_SOCKET);
	assert_memory_equal(record->lines[0], "#1 dropped tcp_v4_rcv NO_SOCKET ", 32);
}

static void reason_consumed_is_no_drop(void **state)
{
	RECORD;

	stream_function(stream, "icmp_rcv", EVENT_FIRST);
	stream_drop(stream, "icmp_rcv", STREAM_CONSUMED);
	assert_memory_equal(record->lines[0], "#1 consumed icmp_rcv - ", 23);
}

static const char *reason_before_6_2(struct names *names, uint32_t reason)
{
	return reason == 1 ? "NOT_SPECIFIED" : NULL;
}

/* Where 1 has a name as a drop it is none other than a drop. */
static void reason_one_was_a_drop_once(void **state)
{
	RECORD;
	struct names_ops ops = *stream_names()->ops;
	struct names names = { .ops = &ops };

	ops.drop_reason = reason_before_6_2;
	assembler_free(stream->assembler);
	stream->assembler = assembler_new(&names, record_path, fixture);
	assert_non_null(stream->assembler);
	stream_function(stream, "icmp_rcv", EVENT_FIRST);
	stream_drop(stream, "icmp_rcv", 1);
	assert_memory_equal(record->lines[0], "#1 dropped icmp_rcv NOT_SPECIFIED ", 34);
}

static void first_of_several_deliveries_counts(void **state)
{
	RECORD;

	stream_function(stream, "icmp_rcv", EVENT_FIRST);
	stream_function(stream, "ping_rcv", 0);
	stream_function(stream, "sock_queue_rcv_skb_reason", 0);
	stream_tracepoint(stream, TRACEPOINT_skb_copy_datagram_iovec, 0);
	stream_free(stream, "skb_free_datagram");
	assert_memory_equal(record->lines[0], "#1 delivered ping_rcv - ", 24);
}

static void delivery_to_a_tunnel_is_not_the_end(void **state)
{
	RECORD;

	stream_function(stream, "udp_queue_rcv_one_skb", EVENT_FIRST);
	stream_function(stream, "vxlan_rcv", 0);
	stream_function(stream, "gro_cells_receive", 0);
	stream_function(stream, "icmp_rcv", 0);
	stream_consume(stream, "icmp_rcv");
	assert_memory_equal(record->lines[0], "#1 consumed icmp_rcv - ", 23);
}

static void transmission_counts_at_the_end_only(void **state)
{
	RECORD;

	stream_function(stream, "dev_hard_start_xmit", EVENT_FIRST);
	stream_function(stream, "start_xmit", 0);
	stream_consume(stream, "napi_consume_skb");
	assert_memory_equal(record->lines[0], "#1 transmitted start_xmit - ", 28);
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "dev_hard_start_xmit", EVENT_FIRST);
	stream_function(stream, "veth_xmit", 0);
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_function(stream, "arp_process", 0);
	stream_consume(stream, "arp_process");
	assert_memory_equal(record->lines[1], "#2 consumed arp_process - ", 26);
}

static void who_freed_it_is_never_a_generic_function(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_function(stream, "skb_release_head_state", 0);
	stream_drop(stream, "kfree_skb_list_reason", STREAM_OTHERHOST);
	assert_memory_equal(record->lines[0], "#1 dropped ip_rcv OTHERHOST ", 28);
}

static void a_function_without_a_symbol_is_its_address(void **state)
{
	RECORD;
	struct event event = { .time = 1,
			       .packet = 1,
			       .kind = EVENT_FUNCTION,
			       .where = STREAM_UNKNOWN,
			       .flags = EVENT_FIRST | EVENT_LAST };

	assert_int_equal(assembler_add(stream->assembler, &event, sizeof(event)), 0);
	assert_string_equal(record->lines[0], "#1 consumed 0xffffffff99999990 - "
					      "0xffffffff99999990@?/");
}

/* ---- addresses */

static void a_reused_address_ends_a_path(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "tcp_queue_rcv", EVENT_FIRST);
	stream_packet(stream, 3, SKB(1));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assert_int_equal(record->count, 1);
	assert_memory_equal(record->lines[0], "#1 lost ip_rcv - ", 17);
	stream_packet(stream, 4, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assert_int_equal(record->count, 2);
	assert_memory_equal(record->lines[1], "#2 delivered tcp_queue_rcv - ", 29);
	assert_int_equal(assembler_open(stream->assembler), 2);
}

static void a_packet_may_move(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 1, SKB(9));
	stream_function(stream, "icmp_rcv", 0);
	stream_packet(stream, 2, SKB(1)); /* where the first one was before */
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assert_int_equal(record->count, 0);
	stream_packet(stream, 3, SKB(9));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assert_memory_equal(record->lines[0], "#1 lost icmp_rcv - ", 19);
}

/* ---- holes */

static void a_lost_beginning_is_a_hole(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", 0);
	stream_consume(stream, "icmp_rcv");
	assert_false(record->complete);
	assert_int_equal(record->lost, 0);
}

static void an_event_tells_what_was_lost_before(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assembler_lost(stream->assembler, 5);
	stream->event.lost = 5;
	stream_consume(stream, "icmp_rcv");
	assert_false(record->complete);
	assert_int_equal(record->lost, 5);
	stream->event.lost = 0;
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assembler_finish(stream->assembler);
	assert_int_equal(record->count, 2);
	assert_true(record->complete); /* all losses were the other one's */
}

/* One path before, one in the middle, one behind it, and one that does not end. */
static void taking_probes_away_is_a_hole(void **state)
{
	RECORD;
	uint64_t before;

	stream_packet(stream, 4, SKB(4));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 1, SKB(1));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	before = stream->event.time;
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assembler_narrowed(stream->assembler, before, before + 1500);
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 3, SKB(3));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	assembler_finish(stream->assembler);
	assert_int_equal(record->count, 4);
	assert_string_equal(record->doubts, "#1- #2+ #3- #4+ ");
}

static void missed(struct stream *stream, uint64_t from, uint64_t to,
		   enum missed_kind kind, const char *name, uint64_t runs)
{
	const struct missed_span span = { from, to, { kind, name, runs } };

	assert_int_equal(assembler_missed(stream->assembler, &span), 0);
}

/* One path before, one in the middle, one behind it, and one that does not end. */
static void what_was_missed_meanwhile_is_a_hole(void **state)
{
	RECORD;
	uint64_t before;

	assembler_hold(stream->assembler);
	stream_packet(stream, 4, SKB(4));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 1, SKB(1));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	before = stream->event.time;
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	missed(stream, before, before + 2500, MISSED_FUNCTION, "ip_rcv", 2);
	missed(stream, before, before + 2500, MISSED_TRACEPOINT, "netif_rx", 1);
	stream_packet(stream, 5, SKB(5)); /* it may have begun before */
	stream_wait(stream, ASSEMBLER_LATE - 10000);
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	stream_wait(stream, 10000);
	stream_packet(stream, 3, SKB(3));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	assembler_finish(stream->assembler);
	assert_int_equal(record->count, 5);
	assert_string_equal(record->doubts, "#1- #2+ #3- #4- #5+ ");
	assert_string_equal(record->missed,
			    "#1 function ip_rcv 2, #1 tracepoint netif_rx 1, "
			    "#3 function ip_rcv 2, #3 tracepoint netif_rx 1, "
			    "#4 function ip_rcv 2, #4 tracepoint netif_rx 1, ");
}

/* When memory goes is no question where it was seen to go. */
static void what_frees_is_missed_at_the_end_alone(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	missed(stream, 0, UINT64_MAX, MISSED_FREE, "kmem_cache_free", 7);
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assembler_finish(stream->assembler);
	assert_string_equal(record->doubts, "#1+ #2- ");
	assert_string_equal(record->missed, "#2 free kmem_cache_free 7, ");
}

/* By then it is known what was missed until the end. */
static void who_is_held_waits_for_a_tick(void **state)
{
	RECORD;
	uint64_t began;

	assembler_hold(stream->assembler);
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	began = stream->event.time;
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assert_int_equal(record->count, 0);
	assert_int_equal(assembler_open(stream->assembler), 1);
	missed(stream, began - 1, stream->event.time + 1, MISSED_GATE, "tcx", 1);
	assembler_tick(stream->assembler, stream->event.time);
	assert_int_equal(record->count, 1);
	assert_string_equal(record->missed, "#1 gate tcx 1, ");
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(record->count, 1);
	assembler_finish(stream->assembler);
	assert_string_equal(record->doubts, "#1- #2- ");
}

/* A file may have no ticks at all. */
static void nobody_is_held_for_ever(void **state)
{
	RECORD;

	assembler_hold(stream->assembler);
	for (uint64_t i = 1; !record->count && i <= ASSEMBLER_HELD; i++) {
		stream_packet(stream, i, SKB(i));
		stream_function(stream, "ip_rcv", EVENT_FIRST);
		stream_consume(stream, "icmp_rcv");
	}
	assert_int_equal(record->count, ASSEMBLER_HELD / 2);
}

/* However much is missed, and for how long: nothing of it is forgotten. */
static void what_is_missed_all_the_time_is_bounded(void **state)
{
	RECORD;
	uint64_t from;
	char name[32];

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	from = stream->event.time;
	for (unsigned int i = 0; i < 1000; i++)
		missed(stream, from + i, from + i + 1, MISSED_FUNCTION, "ip_rcv", 1);
	for (unsigned int i = 0; i < 2 * MISSES_NAMES; i++) {
		snprintf(name, sizeof(name), "f%u", i);
		missed(stream, 1, 2, MISSED_FUNCTION, name, 1);
	}
	stream_wait(stream, 2000);
	stream_consume(stream, "icmp_rcv");
	stream_wait(stream, ASSEMBLER_LATE);
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(record->doubts, "#1- #2+ ");
	assert_memory_equal(record->missed, "#1 function ip_rcv ", 19);
}

static void what_a_gate_saw_itself_is_owned(void **state)
{
	RECORD;

	stream_place(stream, STREAM_RED, 7);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, EVENT_FIRST);
	stream_reused(stream);
	assert_string_equal(record->lines[0],
			    "#1 lost netif_receive_skb - netif_receive_skb@red/known7");
}

static void the_end_of_an_open_path_may_be_lost(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	assembler_lost(stream->assembler, 2);
	assembler_lost(stream->assembler, 1); /* a counter never goes back */
	assembler_finish(stream->assembler);
	assert_int_equal(record->count, 1);
	assert_false(record->complete);
	assert_int_equal(record->lost, 2);
}

static void what_a_gate_finds_reused_ends(void **state)
{
	RECORD;

	stream_place(stream, STREAM_RED, 7);
	stream_gate(stream, EVENT_GATE_INGRESS, EVENT_FIRST);
	stream_place(stream, 0, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_reused(stream);
	assert_int_equal(record->count, 1);
	assert_string_equal(record->lines[0],
			    "#1 lost tc ingress - tc ingress@red/known7");
	assert_int_equal(assembler_open(stream->assembler), 0);
}

/* A message has the memory by then: its end is not the packet's. */
static void what_frees_messages_frees_no_packet(void **state)
{
	RECORD;

	stream_place(stream, STREAM_RED, 7);
	stream_gate(stream, EVENT_GATE_INGRESS, EVENT_FIRST);
	stream_place(stream, 0, 0);
	stream_consume(stream, "netlink_dump");
	assert_int_equal(record->count, 1);
	assert_string_equal(record->lines[0],
			    "#1 lost tc ingress - tc ingress@red/known7");
}

/* Frames: XDP gives up what nobody takes, a driver what it has sent. */
static void frames_end_by_who_returns_them(void **state)
{
	RECORD;
	static const char *const callers[] = { "bq_xmit_all", "ixgbe_clean_tx_irq",
					       "__xsk_map_redirect" };

	for (size_t i = 0; i < sizeof(callers) / sizeof(callers[0]); i++) {
		stream_packet(stream, 10 + i, SKB(10 + i));
		stream_tracepoint(stream, TRACEPOINT_consume_skb, EVENT_FIRST);
		stream->event.skb += 0x10000;
		stream_function(stream, "xdp_do_redirect", 0);
		stream_free_frame(stream, callers[i]);
	}
	assert_int_equal(record->count, 3);
	assert_memory_equal(record->lines[0], "#1 dropped bq_xmit_all", 22);
	assert_memory_equal(record->lines[1], "#2 transmitted ixgbe_clean_tx_irq", 33);
	assert_memory_equal(record->lines[2], "#3 consumed __xsk_map_redirect", 30);
}

/*
 * None but functions tell how a frame ends, and one may be skipped: a path that is left
 * open so may have ended, unlike that of an sk_buff.
 */
static void a_frame_that_is_left_may_have_ended(void **state)
{
	RECORD;

	stream_tracepoint(stream, TRACEPOINT_consume_skb, EVENT_FIRST | EVENT_FRAME);
	stream_packet(stream, 2, SKB(2));
	stream_tracepoint(stream, TRACEPOINT_consume_skb, EVENT_FIRST | EVENT_FRAME);
	stream_function(stream, "xdp_do_redirect", EVENT_FRAME);
	stream_reused(stream);
	stream_packet(stream, 3, SKB(3));
	stream_tracepoint(stream, TRACEPOINT_consume_skb, EVENT_FIRST | EVENT_FRAME);
	stream_function(stream, "__xdp_build_skb_from_frame", 0);
	assembler_finish(stream->assembler);
	assert_string_equal(record->doubts, "#1- #2- #3+ ");
}

/* ---- places */

static void confined(struct stream *stream, enum tracepoint_id id)
{
	stream_place(stream, 0, 0);
	stream_tracepoint(stream, id, 0);
}

static void gate(struct stream *stream, uint32_t netns, enum event_gate gate,
		 const char *dev)
{
	struct stream_bytes bytes = { dev, "", 0, EVENT_LAYER_IP };

	stream_place(stream, netns, 2);
	stream_gate_snapshot(stream, gate, 0, &bytes);
}

static void places_come_from_the_gates(void **state)
{
	RECORD;

	gate(stream, STREAM_RED, EVENT_GATE_EGRESS, "eth0");
	confined(stream, TRACEPOINT_net_dev_queue);
	confined(stream, TRACEPOINT_netif_rx);
	gate(stream, STREAM_BLUE, EVENT_GATE_INGRESS, "eth1");
	stream_place(stream, 0, 0);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(record->lines[0],
			    "#1 consumed icmp_rcv - tc egress@red/eth0 "
			    "net_dev_queue@~red/eth0 netif_rx@~blue/eth1 "
			    "tc ingress@blue/eth1 consume_skb@~blue/eth1");
}

/* Received by a device without a gate, and then sent by one that has one. */
static void no_place_comes_from_a_later_egress(void **state)
{
	RECORD;

	gate(stream, STREAM_RED, EVENT_GATE_EGRESS, "eth0");
	confined(stream, TRACEPOINT_netif_rx);
	gate(stream, STREAM_HOST, EVENT_GATE_EGRESS, "eth2");
	confined(stream, TRACEPOINT_netif_receive_skb);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(record->lines[0],
			    "#1 consumed icmp_rcv - tc egress@red/eth0 netif_rx@?/ "
			    "tc egress@host/eth2 netif_receive_skb@?/ "
			    "consume_skb@~host/eth2");
}

static void open_kernels_know_places(void **state)
{
	RECORD;

	stream_place(stream, STREAM_RED, 0);
	stream_function(stream, "__ip_local_out", EVENT_FIRST | EVENT_NODEV);
	stream_place(stream, STREAM_BLUE, 7);
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_place(stream, 0, 0);
	stream_function(stream, "sock_queue_rcv_skb", 0);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(record->lines[0],
			    "#1 delivered sock_queue_rcv_skb - __ip_local_out@red/ "
			    "netif_rx@blue/known7 sock_queue_rcv_skb@~blue/known7 "
			    "consume_skb@~blue/known7");
}

static void names_of_devices_are_remembered(void **state)
{
	RECORD;

	gate(stream, STREAM_RED, EVENT_GATE_EGRESS, "eth0");
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 2, SKB(1));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(record->lines[1], "#2 consumed icmp_rcv - ip_rcv@red/eth0 "
					      "consume_skb@red/eth0");
}

/* The name of a device is taken from the step before if that was there, and only then. */
static void a_place_has_the_names_of_its_own(void **state)
{
	RECORD;

	gate(stream, STREAM_RED, EVENT_GATE_EGRESS, "eth0");
	stream_function(stream, "veth_xmit", 0);
	stream_place(stream, STREAM_BLUE, 2);
	stream_function(stream, "netif_rx", 0);
	stream_place(stream, STREAM_BLUE, 7);
	stream_function(stream, "ip_rcv", 0);
	gate(stream, STREAM_BLUE, EVENT_GATE_INGRESS, "eth1");
	gate(stream, STREAM_BLUE, EVENT_GATE_INGRESS, "renamed");
	stream_place(stream, STREAM_RED, 2);
	stream_consume(stream, "icmp_rcv");
	assert_string_equal(
		record->lines[0],
		"#1 consumed icmp_rcv - tc egress@red/eth0 veth_xmit@red/eth0 "
		"netif_rx@blue/ ip_rcv@blue/known7 tc ingress@blue/eth1 "
		"tc ingress@blue/renamed consume_skb@red/eth0");
}

/* A path has nothing of the one before, whose memory it takes. */
static void paths_one_after_the_other(void **state)
{
	static const size_t counts[] = { 40, 1, 17, 2000, 3, 100 };
	RECORD;

	for (uint64_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
		stream_packet(stream, i + 1, SKB(1));
		stream_function(stream, "ip_rcv", EVENT_FIRST);
		for (size_t step = 0; step < counts[i]; step++)
			stream_function(stream, "ip_rcv_core", 0);
		stream_consume(stream, "icmp_rcv");
		assert_int_equal(record->count, i + 1);
		assert_int_equal(record->steps, counts[i] + 2);
		assert_true(record->complete);
	}
}

/* ---- the order of paths */

static void begin(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, SKB(packet));
	stream_function(stream, "ip_rcv", EVENT_FIRST);
}

static void end(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, SKB(packet));
	stream_consume(stream, "icmp_rcv");
}

static void paths_come_in_order_of_first_sight(void **state)
{
	RECORD;

	begin(stream, 11);
	begin(stream, 12);
	begin(stream, 13);
	end(stream, 13);
	end(stream, 12);
	assert_int_equal(record->count, 0);
	end(stream, 11);
	assert_int_equal(record->count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(record->lines[i][1], '1' + (int)i);
}

static void patience_has_an_end(void **state)
{
	RECORD;
	uint64_t ended;

	begin(stream, 1);
	begin(stream, 2);
	begin(stream, 3);
	end(stream, 3);
	ended = stream->event.time;
	stream_wait(stream, 1000000);
	end(stream, 2);
	assembler_tick(stream->assembler, ended + ORDER_PATIENCE - 1);
	assert_int_equal(record->count, 0);
	assembler_tick(stream->assembler, ended + ORDER_PATIENCE);
	assert_int_equal(record->count, 2); /* the second with it, for order's sake */
	assert_int_equal(record->lines[0][1], '2');
	assert_int_equal(record->lines[1][1], '3');
	assert_int_equal(assembler_open(stream->assembler), 1);
	begin(stream, 4);
	end(stream, 1); /* waited for in vain, but not forgotten */
	assert_int_equal(record->count, 3);
	assert_int_equal(record->lines[2][1], '1');
}

static void a_late_event_still_belongs_to_its_path(void **state)
{
	RECORD;

	begin(stream, 1);
	begin(stream, 2);
	end(stream, 2);
	stream->event.time -= 1500;
	stream_function(stream, "icmp_rcv", 0);
	assembler_finish(stream->assembler);
	assert_int_equal(record->count, 2);
	assert_string_equal(
		record->lines[1],
		"#2 consumed icmp_rcv - ip_rcv@red/known7 icmp_rcv@red/known7 "
		"consume_skb@red/known7");
}

static void what_has_not_ended_is_open(void **state)
{
	RECORD;

	begin(stream, 1);
	assembler_finish(stream->assembler);
	assert_string_equal(record->lines[0], "#1 open ip_rcv - ip_rcv@red/known7");
	assert_int_equal(assembler_open(stream->assembler), 0);
	begin(stream, 2); /* what is left is freed with the assembler */
}

static void what_was_read_is_delivered(void **state)
{
	RECORD;

	stream_function(stream, "tcp_queue_rcv", EVENT_FIRST);
	stream_tracepoint(stream, TRACEPOINT_skb_copy_datagram_iovec, 0);
	assembler_finish(stream->assembler);
	assert_int_equal(record->count, 1);
	assert_memory_equal(record->lines[0], "#1 delivered tcp_queue_rcv - ", 29);
}

/* ---- limits and garbage */

static void garbage_is_refused(void **state)
{
	RECORD;
	struct event_snapshot snapshot = { .event = { .packet = 1,
						      .kind = EVENT_FUNCTION } };
	struct event *event = &snapshot.event;
	struct assembler *assembler = stream->assembler;

	assert_int_equal(assembler_add(assembler, event, sizeof(*event) - 1), -EINVAL);
	assert_int_equal(assembler_add(assembler, event, 0), -EINVAL);
	event->kind = EVENT_DEVICES;
	assert_int_equal(assembler_add(assembler, event, sizeof(*event)), -EINVAL);
	event->kind = EVENT_TRACEPOINT;
	event->id = TRACEPOINT_SIZE;
	assert_int_equal(assembler_add(assembler, event, sizeof(*event)), -EINVAL);
	event->kind = EVENT_GATE;
	event->id = EVENT_GATE_EGRESS + 1;
	assert_int_equal(assembler_add(assembler, event, sizeof(*event)), -EINVAL);
	event->id = 0;
	event->flags = EVENT_SNAPSHOT;
	assert_int_equal(assembler_add(assembler, event, sizeof(*event)), -EINVAL);
	snapshot.captured = EVENT_SNAP_LEN + 1;
	assert_int_equal(assembler_add(assembler, event, sizeof(snapshot)), -EINVAL);
	snapshot.captured = EVENT_SNAP_LEN;
	assert_int_equal(assembler_add(assembler, event, sizeof(snapshot) - 1), -EINVAL);
	event->flags = 0;
	event->packet = 0;
	assert_int_equal(assembler_add(assembler, event, sizeof(*event)), -EINVAL);
	assert_int_equal(assembler_open(assembler), 0);
	event->packet = 1;
	event->flags = EVENT_SNAPSHOT;
	assert_int_equal(assembler_add(assembler, event, sizeof(snapshot)), 0);
	assert_int_equal(assembler_open(assembler), 1);
}

static void names_without_an_end_get_one(void **state)
{
	RECORD;
	struct event_snapshot snapshot = {
		.event = { .time = 1,
			   .packet = 1,
			   .netns = STREAM_RED,
			   .ifindex = 2,
			   .kind = EVENT_GATE,
			   .flags = EVENT_SNAPSHOT | EVENT_LAST },
	};

	memset(snapshot.dev, 'd', sizeof(snapshot.dev));
	memset(snapshot.event.comm, 'c', sizeof(snapshot.event.comm));
	assert_int_equal(assembler_add(stream->assembler, &snapshot, sizeof(snapshot)),
			 0);
	assert_non_null(strstr(record->lines[0], "@red/ddddddddddddddd"));
	assert_null(strstr(record->lines[0], "dddddddddddddddd"));
}

static void a_path_has_a_limit(void **state)
{
	RECORD;

	stream_function(stream, "ip_rcv", EVENT_FIRST);
	for (size_t i = 0; i < ASSEMBLER_PATH_STEPS + 1; i++)
		assert_int_equal(stream_function(stream, "icmp_rcv", 0), 0);
	stream_consume(stream, "icmp_rcv");
	assert_int_equal(record->steps, ASSEMBLER_PATH_STEPS);
	assert_int_equal(record->skipped, 3);
	assert_false(record->complete);
}

static void the_oldest_of_too_many_paths_is_lost(void **state)
{
	RECORD;

	for (uint64_t i = 1; i <= ASSEMBLER_OPEN; i++)
		begin(stream, i);
	assert_int_equal(record->count, 0);
	begin(stream, ASSEMBLER_OPEN + 1);
	assert_int_equal(record->count, 1);
	assert_memory_equal(record->lines[0], "#1 lost ip_rcv - ", 17);
	assert_int_equal(assembler_open(stream->assembler), ASSEMBLER_OPEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(keeps_repeats_in_order),
		TEST(sorts_by_time_and_keeps_equals),
		TEST(drop_wins_over_delivery),
		TEST(reason_consumed_is_no_drop),
		TEST(reason_one_was_a_drop_once),
		TEST(first_of_several_deliveries_counts),
		TEST(delivery_to_a_tunnel_is_not_the_end),
		TEST(transmission_counts_at_the_end_only),
		TEST(who_freed_it_is_never_a_generic_function),
		TEST(a_function_without_a_symbol_is_its_address),
		TEST(a_reused_address_ends_a_path),
		TEST(a_packet_may_move),
		TEST(a_lost_beginning_is_a_hole),
		TEST(an_event_tells_what_was_lost_before),
		TEST(the_end_of_an_open_path_may_be_lost),
		TEST(taking_probes_away_is_a_hole),
		TEST(what_was_missed_meanwhile_is_a_hole),
		TEST(what_frees_is_missed_at_the_end_alone),
		TEST(who_is_held_waits_for_a_tick),
		TEST(what_is_missed_all_the_time_is_bounded),
		TEST(nobody_is_held_for_ever),
		TEST(what_a_gate_finds_reused_ends),
		TEST(what_frees_messages_frees_no_packet),
		TEST(frames_end_by_who_returns_them),
		TEST(a_frame_that_is_left_may_have_ended),
		TEST(what_a_gate_saw_itself_is_owned),
		TEST(places_come_from_the_gates),
		TEST(no_place_comes_from_a_later_egress),
		TEST(open_kernels_know_places),
		TEST(names_of_devices_are_remembered),
		TEST(a_place_has_the_names_of_its_own),
		TEST(paths_one_after_the_other),
		TEST(paths_come_in_order_of_first_sight),
		TEST(patience_has_an_end),
		TEST(a_late_event_still_belongs_to_its_path),
		TEST(what_has_not_ended_is_open),
		TEST(what_was_read_is_delivered),
		TEST(garbage_is_refused),
		TEST(names_without_an_end_get_one),
		TEST(a_path_has_a_limit),
		TEST(the_oldest_of_too_many_paths_is_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
