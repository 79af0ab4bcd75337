// SPDX-License-Identifier: GPL-2.0-only
#include "bpf/function.h"
#include "hook/plan.h"
#include "kernel/functions.h"
#include "test.h"

static enum plan_kind kind_of(const char *name, int argument, int packet, bool assumed,
			      uint64_t *cookie)
{
	const struct function function = {
		.name = name,
		.argument = argument,
		.packet = packet,
		.assumed = assumed,
	};

	*cookie = 99;
	return plan_kind_of(&function, cookie);
}

static void test_positions(void **state)
{
	uint64_t cookie;

	for (int i = 1; i <= PLAN_POSITIONS; i++) {
		assert_int_equal(kind_of("f", i, FUNCTION_SKB, false, &cookie),
				 PLAN_STEP_1 + i - 1);
		assert_int_equal(kind_of("f", i, FUNCTION_SKB_REF, true, &cookie),
				 PLAN_REF_1 + i - 1);
		assert_int_equal(kind_of("f", i, FUNCTION_SKB_LIST, false, &cookie),
				 PLAN_LIST_1 + i - 1);
		assert_int_equal(cookie, 0);
	}
	for (int packet = 0; packet < FUNCTION_PACKETS; packet++)
		assert_int_equal(kind_of("f", 6, packet, false, &cookie), PLAN_KINDS);
	assert_int_equal(kind_of("f", 255, FUNCTION_SKB, false, &cookie), PLAN_KINDS);
}

/* A gate reads a packet where it expects one: never on an assumption. */
static void test_gates(void **state)
{
	uint64_t cookie;

	assert_int_equal(kind_of("__ip_local_out", 3, FUNCTION_SKB, false, &cookie),
			 PLAN_GATE);
	assert_int_equal(cookie, FUNCTION_COOKIE_IP | FUNCTION_COOKIE_AGAIN | 3);
	assert_int_equal(kind_of("__dev_queue_xmit", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_GATE);
	assert_int_equal(cookie, 1);
	assert_int_equal(kind_of("__dev_queue_xmit", 1, FUNCTION_SKB, true, &cookie),
			 PLAN_STEP_1);
	assert_int_equal(kind_of("__dev_queue_xmit.isra.0", 1, FUNCTION_SKB, true,
				 &cookie),
			 PLAN_STEP_1);
	assert_int_equal(kind_of("__ip_local_out", 3, FUNCTION_SKB_REF, false, &cookie),
			 PLAN_REF_3);
	assert_int_equal(kind_of("__ip_local_out", 4, FUNCTION_SKB, false, &cookie),
			 PLAN_STEP_4);
	assert_int_equal(cookie, 0);
}

static void test_frees(void **state)
{
	uint64_t cookie;

	assert_int_equal(kind_of("napi_skb_cache_put", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_FREE);
	assert_int_equal(kind_of("napi_skb_cache_put.part.0", 1, FUNCTION_SKB, true,
				 &cookie),
			 PLAN_FREE);
	assert_int_equal(kind_of("napi_skb_cache_put_all", 1, FUNCTION_SKB, false,
				 &cookie),
			 PLAN_STEP_1);
	assert_int_equal(kind_of("napi_skb_cache", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_STEP_1);
	assert_int_equal(kind_of("napi_skb_cache_put", 2, FUNCTION_SKB, false, &cookie),
			 PLAN_STEP_2);
}

/* Both arguments are believed: never of a compiler's copy, nor in other places. */
static void test_lineage(void **state)
{
	uint64_t cookie;

	assert_int_equal(kind_of("__copy_skb_header", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_COPY);
	assert_int_equal(cookie, 0);
	assert_int_equal(kind_of("__copy_skb_header", 1, FUNCTION_SKB, true, &cookie),
			 PLAN_STEP_1);
	assert_int_equal(kind_of("__copy_skb_header", 2, FUNCTION_SKB, false, &cookie),
			 PLAN_STEP_2);
	assert_int_equal(kind_of("__copy_skb_header.isra.0", 1, FUNCTION_SKB, true,
				 &cookie),
			 PLAN_STEP_1);
	assert_int_equal(kind_of("skb_split", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_SPLIT);
	assert_int_equal(kind_of("skb_morph", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_MORPH);
	assert_int_equal(kind_of("skb_try_coalesce", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_MERGE);
	assert_int_equal(kind_of("inet_frag_queue_insert", 2, FUNCTION_SKB, false,
				 &cookie),
			 PLAN_QUEUE);
	assert_int_equal(kind_of("inet_frag_queue_insert", 1, FUNCTION_SKB, false,
				 &cookie),
			 PLAN_STEP_1);
}

/* Every function but those that free a packet, or take many, is seen to return. */
static void test_calls(void **state)
{
	for (enum plan_kind kind = 0; kind < PLAN_KINDS; kind++) {
		bool list = kind >= PLAN_LIST_1 && kind < PLAN_LIST_1 + PLAN_POSITIONS;

		assert_int_equal(plan_kind_is_call(plan_kind_call(kind)),
				 kind >= PLAN_STEP_1 && !list && kind < PLAN_TCP);
	}
	assert_int_equal(plan_kind_call(PLAN_STEP_5), PLAN_CALL_5);
	assert_int_equal(plan_kind_call(PLAN_REF_1), PLAN_CALL_REF_1);
	assert_int_equal(plan_kind_call(PLAN_LIST_2), PLAN_LIST_2);
	assert_int_equal(plan_kind_call(PLAN_GATE), PLAN_CALL_GATE);
	assert_int_equal(plan_kind_call(PLAN_CALL_2), PLAN_CALL_2);
	assert_false(plan_kind_is_call(PLAN_GATE));
}

/* What is left when functions are given up: where packets begin, and where they end. */
static void test_anchors(void **state)
{
	for (enum plan_kind kind = 0; kind < PLAN_KINDS; kind++)
		assert_int_equal(plan_is_anchor(kind), kind == PLAN_FREE ||
							       kind == PLAN_GATE ||
							       kind == PLAN_CALL_GATE);
}

static enum plan_kind socket_of(const char *name, int argument, int packet, bool assumed)
{
	const struct function function = {
		.name = name,
		.argument = argument,
		.packet = packet,
		.assumed = assumed,
	};

	return plan_socket_kind(&function);
}

/* What else is read there is where it is in the function that is known. */
static void test_sockets(void **state)
{
	uint64_t cookie;

	assert_int_equal(socket_of("__ip_queue_xmit", 2, FUNCTION_SKB, false), PLAN_TCP);
	assert_int_equal(socket_of("inet6_csk_xmit", 2, FUNCTION_SKB, false), PLAN_TCP);
	assert_int_equal(socket_of("udp_send_skb", 1, FUNCTION_SKB, false), PLAN_UDP);
	assert_int_equal(socket_of("udp_v6_send_skb", 1, FUNCTION_SKB, false), PLAN_UDP);
	assert_int_equal(socket_of("__ip_queue_xmit", 1, FUNCTION_SKB, false),
			 PLAN_KINDS);
	assert_int_equal(socket_of("udp_send_skb", 2, FUNCTION_SKB, false), PLAN_KINDS);
	assert_int_equal(socket_of("udp_send_skb", 1, FUNCTION_SKB, true), PLAN_KINDS);
	assert_int_equal(socket_of("udp_send_skb", 1, FUNCTION_SKB_REF, false),
			 PLAN_KINDS);
	assert_int_equal(socket_of("ip_rcv", 1, FUNCTION_SKB, false), PLAN_KINDS);
	/* with a filter that asks for more they are steps */
	assert_int_equal(kind_of("udp_send_skb", 1, FUNCTION_SKB, false, &cookie),
			 PLAN_STEP_1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_positions), cmocka_unit_test(test_gates),
		cmocka_unit_test(test_anchors),	  cmocka_unit_test(test_frees),
		cmocka_unit_test(test_calls),	  cmocka_unit_test(test_sockets),
		cmocka_unit_test(test_lineage),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
