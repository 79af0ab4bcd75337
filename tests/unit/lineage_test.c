// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "assembled.h"
#include "path/order.h"

#define QUEUE	     0xffff888000ffff00ull
#define PATHS	     16
#define LINE	     256
#define CALLERS(...) ((const char *const[]){ __VA_ARGS__, NULL })

/* What the paths said of each other, a line for each in the order they came. */
struct fixture {
	struct stream stream;
	char lines[PATHS][LINE];
	size_t count;
};

static int add_relatives(char *line, int used, char mark,
			 const struct relatives *relatives)
{
	for (size_t i = 0; i < relatives->count; i++)
		used += snprintf(line + used, (size_t)(LINE - used), " %c%" PRIu64, mark,
				 relatives->list[i].id);
	return used;
}

/*
 * "#2 merged>1 skb_gro_receive clone1 skb_clone/br_flood root1 left0 +3 <4": its end
 * (into which), where, relation and number, parent, maker, caller, whether it is
 * aside, root, paths of the root still to come, branches, members
 */
static void fixture_path(const struct path *path, void *context)
{
	const struct lineage *lineage = &path->lineage;
	struct fixture *fixture = context;
	char *line = fixture->lines[fixture->count++ % PATHS];
	int used = snprintf(line, LINE, "#%" PRIu64 " %s", path->id,
			    path_end_name(path->end));

	if (lineage->merged)
		used += snprintf(line + used, (size_t)(LINE - used), ">%" PRIu64 " %s",
				 lineage->merged_into, path_where(path));
	if (lineage->maker)
		used += snprintf(line + used, (size_t)(LINE - used),
				 " %s%" PRIu32 " of %" PRIu64 " %s/%s",
				 relation_name(lineage->relation), lineage->number,
				 lineage->parent, lineage->maker,
				 lineage->caller ? lineage->caller : "-");
	used += snprintf(line + used, (size_t)(LINE - used), "%s root%" PRIu64 " left%zu",
			 lineage->aside ? " aside" : "", lineage->root,
			 lineage->remaining);
	used = add_relatives(line, used, '+', &lineage->branches);
	used = add_relatives(line, used, '<', &lineage->members);
	assert_true(used < LINE);
}

static int setup(void **state)
{
	struct fixture *fixture = assembled_new(sizeof(*fixture), fixture_path);

	stream_place(&fixture->stream, STREAM_RED, 7);
	*state = fixture;
	return 0;
}

/* All that came so far, and no more. */
static void expect(struct fixture *fixture, const char *const *lines)
{
	size_t count = 0;

	for (; lines[count]; count++) {
		assert_true(count < fixture->count);
		assert_string_equal(fixture->lines[count], lines[count]);
	}
	assert_int_equal(fixture->count, count);
}
#define EXPECT(...) expect(fixture, CALLERS(__VA_ARGS__))

/* Packet @packet begins as a copy of @parent. */
static void copy(struct stream *stream, uint64_t packet, uint64_t parent,
		 const char *const *callers)
{
	stream_packet(stream, packet, SKB(packet));
	stream_copy(stream, parent, callers);
}

static void merge(struct stream *stream, uint64_t packet, const char *function,
		  uint64_t into)
{
	stream_packet(stream, packet, SKB(packet));
	stream_link(stream, EVENT_MERGE, function, into);
}

static void release(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, SKB(packet));
	stream_consume(stream, "icmp_rcv");
}

static void test_branches(void **state)
{
	FIXTURE;
	const char *const *clone = CALLERS("__copy_skb_header", "__skb_clone",
					   "skb_clone.part.0", "br_flood", "skb_copy");

	assembled_begin(stream, 1);
	copy(stream, 2, 1, clone);
	copy(stream, 3, 2, CALLERS("__copy_skb_header", "skb_copy"));
	release(stream, 1);
	EXPECT("#1 consumed root1 left2 +2");
	/* The parent is known although it has been handed over. */
	copy(stream, 4, 2, CALLERS("ip_copy_metadata", "ip_do_fragment", "ip_output"));
	release(stream, 2);
	release(stream, 3);
	release(stream, 4);
	EXPECT("#1 consumed root1 left2 +2",
	       "#2 consumed clone0 of 1 skb_clone.part.0/br_flood root1 left2 +3 +4",
	       "#3 consumed copy0 of 2 skb_copy/- root1 left1",
	       "#4 consumed fragment0 of 2 ip_do_fragment/ip_output root1 left0");
}

/* Who asks for a neighbour does so with a clone of the packet: that one is the cause. */
static void test_consequences(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	copy(stream, 2, 1, CALLERS("__copy_skb_header", "skb_clone", "neigh_probe"));
	copy(stream, 3, 2, CALLERS("arp_xmit", "arp_send_dst", "arp_solicit"));
	copy(stream, 4, 3, CALLERS("__copy_skb_header", "skb_clone", "br_flood"));
	copy(stream, 5, 4, CALLERS("arp_xmit", "arp_send_dst", "arp_process"));
	for (uint64_t packet = 1; packet <= 5; packet++)
		release(stream, packet);
	EXPECT("#1 consumed root1 left4 +2 +3",
	       "#2 consumed clone0 of 1 skb_clone/neigh_probe aside root1 left3",
	       "#3 consumed consequence0 of 1 arp_send_dst/arp_solicit aside root1 left2 "
	       "+4",
	       "#4 consumed clone0 of 3 skb_clone/br_flood aside root1 left1 +5",
	       "#5 consumed consequence0 of 4 arp_send_dst/arp_process aside root1 "
	       "left0");
}

/* What made it is not known, or the packet that it was made of. */
static void test_unknown(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	copy(stream, 2, 1, CALLERS(NULL));
	copy(stream, 3, 99, CALLERS("__copy_skb_header", "somebody"));
	release(stream, 1);
	release(stream, 2);
	release(stream, 3);
	EXPECT("#1 consumed root1 left1 +2",
	       "#2 consumed copy0 of 1 __copy_skb_header/- root1 left0",
	       "#3 consumed copy0 of 0 __copy_skb_header/somebody root3 left0");
}

static void test_transmissions(void **state)
{
	FIXTURE;
	const char *const *first = CALLERS("__copy_skb_header", "skb_clone",
					   "__tcp_transmit_skb", "tcp_write_xmit");
	const char *const *again = CALLERS("__copy_skb_header", "__pskb_copy_fclone",
					   "__tcp_retransmit_skb", "tcp_retransmit_skb");

	assembled_begin(stream, 1);
	copy(stream, 2, 1, first);
	copy(stream, 3, 1, again);
	release(stream, 2);
	release(stream, 3);
	assert_int_equal(fixture->count, 0);
	release(stream, 1);
	EXPECT("#1 consumed root1 left2 +2 +3",
	       "#2 consumed transmission1 of 1 __tcp_transmit_skb/tcp_write_xmit root1 "
	       "left1",
	       "#3 consumed transmission2 of 1 __tcp_retransmit_skb/tcp_retransmit_skb "
	       "root1 left0");
}

/* A list of fragments: each gets its header from the one before. */
static void test_fragments(void **state)
{
	FIXTURE;
	const char *const *fragment = CALLERS("ip_copy_metadata", "ip_do_fragment");

	assembled_begin(stream, 1);
	copy(stream, 2, 1, fragment);
	copy(stream, 3, 2, fragment);
	stream_packet(stream, 2, SKB(2));
	stream_function(stream, "ip_forward", 0);
	copy(stream, 4, 2, fragment);
	assembler_finish(stream->assembler);
	EXPECT("#1 open root1 left3 +2 +3",
	       "#2 open fragment0 of 1 ip_do_fragment/- root1 left2 +4",
	       "#3 open fragment0 of 1 ip_do_fragment/- root1 left1",
	       "#4 open fragment0 of 2 ip_do_fragment/- root1 left0");
}

static void test_gro(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	assembled_begin(stream, 2);
	assembled_begin(stream, 3);
	assembled_begin(stream, 4);
	merge(stream, 2, "skb_gro_receive", 1);
	stream_free(stream, "napi_skb_cache_put");
	/* It went on: so it was not merged. */
	merge(stream, 3, "skb_gro_receive", 1);
	stream_function(stream, "ip_rcv", 0);
	release(stream, 3);
	merge(stream, 4, "skb_gro_receive", 0);
	stream_function(stream, "skb_release_data", 0); /* frees, which is no way on */
	release(stream, 4);
	release(stream, 1);
	EXPECT("#1 consumed root1 left0 <2", "#2 merged>1 skb_gro_receive root2 left0",
	       "#3 consumed root3 left0", "#4 merged>0 skb_gro_receive root4 left0");
}

/* A packet on another's list is freed after it, and is a member nevertheless. */
static void test_late_member(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	assembled_begin(stream, 2);
	merge(stream, 2, "skb_gro_receive_list", 1);
	release(stream, 1);
	assert_int_equal(fixture->count, 0);
	release(stream, 2);
	EXPECT("#1 consumed root1 left0 <2",
	       "#2 merged>1 skb_gro_receive_list root2 left0");
	/* But nobody waits for ever. */
	assembled_begin(stream, 3);
	assembled_begin(stream, 4);
	merge(stream, 4, "skb_gro_receive_list", 3);
	release(stream, 3);
	assert_int_equal(fixture->count, 2);
	assembler_tick(stream->assembler, stream->event.time + ORDER_PATIENCE);
	assert_int_equal(fixture->count, 3);
	assembler_finish(stream->assembler);
	assert_string_equal(fixture->lines[3], "#4 open root4 left0");
}

/* TCP may keep what it could not merge, and free it in silence. */
static void test_coalesce(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	assembled_begin(stream, 2);
	assembled_begin(stream, 3);
	merge(stream, 2, "skb_try_coalesce", 1);
	stream_free(stream, "kfree_skb_partial");
	merge(stream, 3, "skb_try_coalesce", 1);
	stream_free(stream, "kfree_skbmem");
	release(stream, 1);
	EXPECT("#1 consumed root1 left0 <2", "#2 merged>1 skb_try_coalesce root2 left0",
	       "#3 consumed root3 left0");
}

/* The last fragment becomes the packet, after its content went into a clone. */
static void test_reassembly(void **state)
{
	FIXTURE;

	for (uint64_t packet = 1; packet <= 4; packet++) {
		assembled_begin(stream, packet);
		stream_link(stream, EVENT_QUEUE, "inet_frag_queue_insert",
			    packet == 3 ? QUEUE + 1 : QUEUE);
	}
	stream_link(stream, EVENT_QUEUE, "inet_frag_reasm_prepare", QUEUE);
	copy(stream, 5, 4, CALLERS("skb_clone", "inet_frag_reasm_prepare"));
	stream_packet(stream, 4, SKB(4));
	stream_function(stream, "skb_morph", 0);
	copy(stream, 6, 4, CALLERS("skb_clone", "packet_rcv"));
	release(stream, 5);
	release(stream, 2);
	assembler_finish(stream->assembler);
	EXPECT("#1 merged>4 inet_frag_queue_insert root1 left0",
	       "#2 merged>4 inet_frag_queue_insert root2 left0", "#3 open root3 left0",
	       "#4 open root4 left2 +5 +6 <2 <1 <5",
	       "#5 merged>4 skb_clone clone0 of 4 skb_clone/inet_frag_reasm_prepare "
	       "root4 left1",
	       "#6 open clone0 of 4 skb_clone/packet_rcv root4 left0");
}

/* What comes late of a path that has ended leaves nothing behind. */
static void test_late_steps(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	assembled_begin(stream, 2);
	release(stream, 2);
	stream_link(stream, EVENT_QUEUE, "inet_frag_queue_insert", QUEUE);
	merge(stream, 2, "skb_gro_receive", 1);
	release(stream, 1);
	EXPECT("#1 consumed root1 left0", "#2 consumed root2 left0");
	assembled_begin(stream, 3);
	stream_link(stream, EVENT_QUEUE, "inet_frag_reasm_prepare", QUEUE);
	release(stream, 3);
	assert_string_equal(fixture->lines[2], "#3 consumed root3 left0");
}

/* The same of one that was freed in a call that has not returned yet. */
static void test_late_steps_in_a_call(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	stream_call(stream, "ip_local_deliver", 16);
	release(stream, 1);
	stream_link(stream, EVENT_QUEUE, "inet_frag_queue_insert", QUEUE);
	stream_return(stream, "ip_local_deliver", 16, 0);
	EXPECT("#1 consumed root1 left0");
	assembled_begin(stream, 2);
	stream_link(stream, EVENT_QUEUE, "inet_frag_reasm_prepare", QUEUE);
	release(stream, 2);
	assert_string_equal(fixture->lines[1], "#2 consumed root2 left0");
}

/* Something else was copied over a packet that was known to lie there. */
static void test_overwritten(void **state)
{
	FIXTURE;

	assembled_begin(stream, 1);
	assembled_begin(stream, 2);
	stream_reused(stream);
	stream_packet(stream, 3, SKB(2));
	stream_copy(stream, 1, CALLERS("skb_clone"));
	release(stream, 1);
	stream_packet(stream, 3, SKB(2));
	stream_consume(stream, "icmp_rcv");
	EXPECT("#1 consumed root1 left1 +3", "#2 lost root2 left0",
	       "#3 consumed clone0 of 1 skb_clone/- root1 left0");
}

/*
 * XDP goes on with a copy: it is the packet, the old one's end means nothing, and
 * copies and merges of either are the packet's.
 */
static void test_moved(void **state)
{
	FIXTURE;
	const char *const *moved = CALLERS("__copy_skb_header", "skb_copy_header",
					   "skb_pp_cow_data", "veth_xdp_rcv_skb");

	assembled_begin(stream, 1);
	copy(stream, 2, 1, CALLERS("skb_clone", "packet_rcv"));
	copy(stream, 3, 1, moved);
	release(stream, 1);
	release(stream, 2);
	copy(stream, 4, 3, moved);
	release(stream, 3);
	copy(stream, 5, 4, CALLERS("skb_clone", "br_flood"));
	release(stream, 5);
	assert_int_equal(fixture->count, 0);
	/* The old one's address is another packet's. */
	stream_packet(stream, 1, SKB(1));
	stream_reused(stream);
	assert_int_equal(assembler_open(stream->assembler), 1);
	assert_int_equal(assembler_moves(stream->assembler), 2);
	release(stream, 4);
	EXPECT("#1 consumed root1 left2 +2 +3",
	       "#2 consumed clone0 of 1 skb_clone/packet_rcv root1 left1",
	       "#3 consumed clone0 of 1 skb_clone/br_flood root1 left0");
}

/* What was copied is not known: then it is a copy as any other. */
static void test_moved_from_nowhere(void **state)
{
	FIXTURE;

	copy(stream, 3, 99, CALLERS("__copy_skb_header", "skb_pp_cow_data", "somebody"));
	release(stream, 3);
	EXPECT("#1 consumed copy0 of 0 skb_pp_cow_data/somebody root1 left0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_branches),	TEST(test_consequences),
		TEST(test_unknown),	TEST(test_transmissions),
		TEST(test_fragments),	TEST(test_gro),
		TEST(test_late_member), TEST(test_coalesce),
		TEST(test_reassembly),	TEST(test_overwritten),
		TEST(test_late_steps),	TEST(test_late_steps_in_a_call),
		TEST(test_moved),	TEST(test_moved_from_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
