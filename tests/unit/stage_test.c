// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <string.h>

#include "bpf/tracepoints.h"
#include "path/stage.h"
#include "test.h"

static const struct {
	const char *function, *stage;
	enum stage_role role;
} expected[] = {
	{ "veth_xmit", "driver", STAGE_ROLE_NONE },
	{ "veth_xdp_rcv_skb", "xdp", STAGE_ROLE_NONE }, /* not "veth_*" */
	{ "napi_gro_receive", "gro", STAGE_ROLE_RECEIVE },
	{ "dev_gro_receive", "gro", STAGE_ROLE_NONE },
	{ "__netif_receive_skb_core.constprop.0", "receive", STAGE_ROLE_RECEIVE },
	{ "tc ingress", "tc", STAGE_ROLE_RECEIVE },
	{ "tc egress", "tc", STAGE_ROLE_NONE },
	{ "br_handle_frame", "bridge", STAGE_ROLE_RECEIVE },
	{ "br_nf_pre_routing", "netfilter", STAGE_ROLE_NONE },
	{ "nf_hook_slow", "netfilter", STAGE_ROLE_NONE },
	{ "ipt_do_table", "netfilter", STAGE_ROLE_NONE },
	{ "ip_rcv", "ip", STAGE_ROLE_RECEIVE },
	{ "__ip_local_out", "ip", STAGE_ROLE_NONE },
	{ "ip_route_input_slow", "routing", STAGE_ROLE_NONE },
	{ "fib_validate_source", "routing", STAGE_ROLE_NONE },
	{ "ip_tunnel_rcv", "tunnel", STAGE_ROLE_NONE },
	{ "xfrm4_rcv", "ipsec", STAGE_ROLE_NONE },
	{ "icmp_rcv", "transport", STAGE_ROLE_NONE },
	{ "ping_rcv", "transport", STAGE_ROLE_DELIVER },
	{ "tcp_v4_rcv", "transport", STAGE_ROLE_NONE },
	{ "tcp_rcv_established", "transport", STAGE_ROLE_DELIVER },
	{ "__udp_enqueue_schedule_skb", "transport", STAGE_ROLE_DELIVER },
	{ "sock_queue_rcv_skb_reason", "socket", STAGE_ROLE_DELIVER },
	{ "packet_rcv", "socket", STAGE_ROLE_NONE }, /* a sniffer's clone */
	{ "neigh_resolve_output", "neighbour", STAGE_ROLE_NONE },
	{ "arp_rcv", "neighbour", STAGE_ROLE_NONE },
	{ "fq_codel_enqueue", "qdisc", STAGE_ROLE_NONE },
	{ "__dev_queue_xmit", "xmit", STAGE_ROLE_NONE },
	{ "dev_hard_start_xmit", "xmit", STAGE_ROLE_TRANSMIT },
	{ "kfree_skb_reason", "skb", STAGE_ROLE_FREE },
	{ "free", "skb", STAGE_ROLE_FREE },
	{ "freezer", "other", STAGE_ROLE_NONE },
	{ "a_function_of_tomorrow", "other", STAGE_ROLE_NONE },
	{ "", "other", STAGE_ROLE_NONE },
	{ "v", "other", STAGE_ROLE_NONE },
};

static void every_line_is_right(void **state)
{
	unsigned int line = 0;

	if (stage_load(&line))
		fail_msg("share/stages.conf:%u", line);
}

static void finds_the_most_specific(void **state)
{
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct stage stage = stage_lookup(expected[i].function);

		if (strcmp(stage.name, expected[i].stage) ||
		    stage.role != expected[i].role)
			fail_msg("%s: %s, role %d", expected[i].function, stage.name,
				 stage.role);
	}
}

static void knows_every_tracepoint(void **state)
{
	static const char *const names[] = {
#define X(name, argument, role) #name,
		TRACEPOINTS(X)
#undef X
			[TRACEPOINT_sk_data_ready] = "sk_data_ready",
	};

	for (size_t i = 0; i < TRACEPOINT_SIZE; i++) {
		if (!strcmp(stage_lookup(names[i]).name, "other"))
			fail_msg("%s has no stage", names[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_right),
		cmocka_unit_test(finds_the_most_specific),
		cmocka_unit_test(knows_every_tracepoint),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
