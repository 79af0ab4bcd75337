// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/function.h"
#include "hook/plan.h"
#include "kernel/functions.h"
#include "test.h"

static uint16_t word_of(const char *name, int argument, int packet, bool assumed)
{
	const struct function function = {
		.name = name,
		.argument = argument,
		.packet = packet,
		.assumed = assumed,
	};

	return plan_word(&function);
}

static void assert_word(uint16_t word, enum function_role role, int argument, int flags)
{
	assert_int_equal(FUNCTION_ROLE(word), role);
	assert_int_equal(FUNCTION_ARGUMENT(word), argument);
	assert_int_equal(word, FUNCTION_WORD(role, argument) | flags);
}

static void test_positions(void **state)
{
	for (int i = 1; i <= FUNCTION_ARGUMENT_MAX; i++) {
		assert_word(word_of("f", i, FUNCTION_SKB, false), FUNCTION_STEP, i, 0);
		assert_word(word_of("f", i, FUNCTION_SKB_REF, true), FUNCTION_REF, i, 0);
		assert_word(word_of("f", i, FUNCTION_SKB_LIST, false), FUNCTION_LIST, i,
			    0);
	}
	assert_word(word_of("f", 12, FUNCTION_SKB, false), FUNCTION_STEP, 12, 0);
}

/* Further ones only a trampoline reaches. */
static void test_registers(void **state)
{
	struct function function = { .argument = FUNCTION_ARGUMENT_MAX };

	assert_true(plan_in_registers(&function));
	function.argument++;
	assert_false(plan_in_registers(&function));
	function.argument = 255;
	assert_false(plan_in_registers(&function));
}

/* A gate reads a packet where it expects one: never on an assumption. */
static void test_gates(void **state)
{
	assert_word(word_of("__ip_local_out", 3, FUNCTION_SKB, false), FUNCTION_GATE, 3,
		    FUNCTION_IP | FUNCTION_AGAIN);
	assert_word(word_of("ip6_local_out", 3, FUNCTION_SKB, false), FUNCTION_GATE, 3,
		    FUNCTION_IP | FUNCTION_OUTPUT);
	assert_word(word_of("__dev_queue_xmit", 1, FUNCTION_SKB, false), FUNCTION_GATE, 1,
		    0);
	assert_word(word_of("__dev_queue_xmit", 1, FUNCTION_SKB, true), FUNCTION_STEP, 1,
		    0);
	assert_word(word_of("__dev_queue_xmit.isra.0", 1, FUNCTION_SKB, true),
		    FUNCTION_STEP, 1, 0);
	assert_word(word_of("__ip_local_out", 3, FUNCTION_SKB_REF, false), FUNCTION_REF,
		    3, 0);
}

static void test_frees(void **state)
{
	assert_word(word_of("napi_skb_cache_put", 1, FUNCTION_SKB, false), FUNCTION_FREE,
		    1, 0);
	assert_word(word_of("napi_skb_cache_put.part.0", 1, FUNCTION_SKB, true),
		    FUNCTION_FREE, 1, 0);
	assert_word(word_of("napi_skb_cache_put_all", 1, FUNCTION_SKB, false),
		    FUNCTION_STEP, 1, 0);
	assert_word(word_of("napi_skb_cache", 1, FUNCTION_SKB, false), FUNCTION_STEP, 1,
		    0);
	assert_word(word_of("napi_skb_cache_put", 2, FUNCTION_SKB, false), FUNCTION_STEP,
		    2, 0);
}

/* Both arguments are believed: never of a compiler's copy, nor in other places; but */
static void test_lineage(void **state)
{
	static const struct {
		const char *name;
		int argument;
		bool assumed;
		enum function_role role;
	} all[] = {
		{ "__copy_skb_header", 1, false, FUNCTION_COPY },
		{ "__copy_skb_header", 1, true, FUNCTION_STEP },
		{ "__copy_skb_header", 2, false, FUNCTION_STEP },
		{ "__copy_skb_header.isra.0", 1, true, FUNCTION_STEP },
		{ "skb_split", 1, false, FUNCTION_SPLIT },
		{ "skb_morph", 1, false, FUNCTION_MORPH },
		{ "skb_try_coalesce", 1, false, FUNCTION_MERGE },
		{ "inet_frag_queue_insert", 2, false, FUNCTION_QUEUE },
		{ "inet_frag_queue_insert", 1, false, FUNCTION_STEP },
		{ "arp_solicit", 2, false, FUNCTION_CAUSE },
		{ "arp_process", 3, false, FUNCTION_CAUSE },
		{ "arp_xmit", 1, false, FUNCTION_MADE },
		{ "ndisc_solicit", 2, true, FUNCTION_STEP },
		/* none is of this one, */
		{ "__tcp_retransmit_skb", 2, false, FUNCTION_RESEND },
		{ "__tcp_retransmit_skb.part.0", 2, true, FUNCTION_RESEND },
		{ "tcp_retransmit_skb", 2, false, FUNCTION_STEP },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_word(word_of(all[i].name, all[i].argument, FUNCTION_SKB,
				    all[i].assumed),
			    all[i].role, all[i].argument, 0);
}

/* XDP: what a function does with a frame is by its name, like lineage, or a step. */
static void test_frames(void **state)
{
	static const struct {
		const char *name;
		int argument, packet;
		bool assumed;
		enum function_role role;
	} all[] = {
		{ "veth_xdp_rcv_skb", 2, FUNCTION_SKB, false, FUNCTION_FRAME_ENTER },
		{ "veth_xdp_get", 1, FUNCTION_XDP_BUFF, false, FUNCTION_FRAME_LEAVE },
		{ "veth_xdp_get", 1, FUNCTION_XDP_FRAME, false, FUNCTION_FRAME },
		{ "veth_xdp_rcv_one", 2, FUNCTION_XDP_FRAME, false,
		  FUNCTION_FRAME_RECEIVE },
		{ "__xdp_build_skb_from_frame", 2, FUNCTION_SKB, false,
		  FUNCTION_FRAME_BUILD },
		{ "xdp_return_frame", 1, FUNCTION_XDP_FRAME, false,
		  FUNCTION_FRAME_RETURN },
		{ "xdp_return_frame", 1, FUNCTION_XDP_FRAME, true, FUNCTION_FRAME },
		{ "xdp_return_buff", 1, FUNCTION_XDP_BUFF, false, FUNCTION_BUFF_RETURN },
		{ "dev_map_enqueue", 2, FUNCTION_XDP_FRAME, false, FUNCTION_FRAME },
		{ "xdp_do_redirect", 2, FUNCTION_XDP_BUFF, false, FUNCTION_BUFF },
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		assert_word(word_of(all[i].name, all[i].argument, all[i].packet,
				    all[i].assumed),
			    all[i].role, all[i].argument, 0);
}

static enum function_role socket_of(const char *name, int argument, int packet,
				    bool assumed)
{
	const struct function function = {
		.name = name,
		.argument = argument,
		.packet = packet,
		.assumed = assumed,
	};

	return plan_socket_role(&function);
}

/* What else is read there is where it is in the function that is known. */
static void test_sockets(void **state)
{
	assert_int_equal(socket_of("__ip_queue_xmit", 2, FUNCTION_SKB, false),
			 FUNCTION_TCP);
	assert_int_equal(socket_of("inet6_csk_xmit", 2, FUNCTION_SKB, false),
			 FUNCTION_TCP);
	assert_int_equal(socket_of("udp_send_skb", 1, FUNCTION_SKB, false), FUNCTION_UDP);
	assert_int_equal(socket_of("udp_v6_send_skb", 1, FUNCTION_SKB, false),
			 FUNCTION_UDP);
	assert_int_equal(socket_of("__ip_queue_xmit", 1, FUNCTION_SKB, false), 0);
	assert_int_equal(socket_of("udp_send_skb", 2, FUNCTION_SKB, false), 0);
	assert_int_equal(socket_of("udp_send_skb", 1, FUNCTION_SKB, true), 0);
	assert_int_equal(socket_of("udp_send_skb", 1, FUNCTION_SKB_REF, false), 0);
	assert_int_equal(socket_of("ip_rcv", 1, FUNCTION_SKB, false), 0);
	/* with a filter that asks for more they are steps */
	assert_word(word_of("udp_send_skb", 1, FUNCTION_SKB, false), FUNCTION_STEP, 1, 0);
}

static enum function_detail detail_of(const char *name, int argument, bool assumed)
{
	static const uint32_t rules[RULES_OFFSETS] = { 1, 2, 3, 4 };
	const struct function function = {
		.name = name,
		.argument = argument,
		.assumed = assumed,
	};

	return plan_detail(rules, &function);
}

/* Nothing is read where it is not known that it is there. */
static void test_details(void **state)
{
	const struct function nft = { .name = "nft_do_chain", .argument = 1 };
	const struct function ipt = { .name = "ipt_do_table", .argument = 2 };
	uint32_t rules[RULES_OFFSETS] = { [RULES_CHAIN_NAME] = 1, [RULES_XT_NAME] = 4 };

	assert_int_equal(detail_of("ip_output", 3, false), FUNCTION_DETAIL_ROUTE);
	assert_int_equal(detail_of("ip_output", 2, false), FUNCTION_DETAIL_NONE);
	assert_int_equal(detail_of("ip6_output", 3, true), FUNCTION_DETAIL_NONE);
	assert_int_equal(detail_of("nft_do_chain", 1, false), FUNCTION_DETAIL_CHAIN);
	assert_int_equal(detail_of("ipt_do_table", 1, false), FUNCTION_DETAIL_TABLE);
	assert_int_equal(detail_of("ip6t_do_table", 2, false), FUNCTION_DETAIL_TABLE);
	assert_int_equal(detail_of("ip_rcv", 3, false), FUNCTION_DETAIL_NONE);
	assert_int_equal(plan_detail(rules, &nft), FUNCTION_DETAIL_NONE);
	assert_int_equal(plan_detail(rules, &ipt), FUNCTION_DETAIL_TABLE);
	rules[RULES_XT_NAME] = 0;
	assert_int_equal(plan_detail(rules, &ipt), FUNCTION_DETAIL_NONE);
}

/* A word has room for all of it. */
static void test_words(void **state)
{
	const uint16_t word = FUNCTION_WORD(FUNCTION_UDP, FUNCTION_ARGUMENT_MAX) |
			      FUNCTION_IP | FUNCTION_OUTPUT | FUNCTION_AGAIN;

	for (int detail = 0; detail <= FUNCTION_DETAIL_TABLE; detail++) {
		uint16_t told = word | FUNCTION_DETAIL_WORD(detail);

		assert_int_equal(FUNCTION_DETAIL(told), detail);
		assert_word(told & ~FUNCTION_DETAIL_WORD(detail), FUNCTION_UDP,
			    FUNCTION_ARGUMENT_MAX,
			    FUNCTION_IP | FUNCTION_OUTPUT | FUNCTION_AGAIN);
	}
}

/* An entry is found by its whole address: neighbours in the table are not it. */
static void test_table(void **state)
{
	const uint64_t address = 0xffffffff81234560;
	const uint64_t entry = function_entry(address, FUNCTION_WORD(FUNCTION_UDP, 5));

	assert_true(function_entry_is(entry, address));
	assert_int_equal((uint16_t)entry, FUNCTION_WORD(FUNCTION_UDP, 5));
	assert_false(function_entry_is(entry, address + 1));
	assert_false(function_entry_is(entry, address - 16));
	assert_false(function_entry_is(0, address));
	for (uint32_t try = 0; try < FUNCTION_TRIES; try++)
		assert_int_equal(function_slot(address, try),
				 (function_slot(address, 0) + try) % FUNCTION_TABLE_SIZE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions), cmocka_unit_test(test_registers),
		cmocka_unit_test(test_gates),	  cmocka_unit_test(test_frees),
		cmocka_unit_test(test_lineage),	  cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_details),	  cmocka_unit_test(test_words),
		cmocka_unit_test(test_table),	  cmocka_unit_test(test_frames),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
