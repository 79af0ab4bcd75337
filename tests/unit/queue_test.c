// SPDX-License-Identifier: GPL-2.0-only
#include "path/queue.h"

#include <stdio.h>
#include <string.h>

#include "path/assembler.h"
#include "stream.h"
#include "test.h"

static void every_line_is_right(void **state)
{
	unsigned int line = 0;

	if (queue_load(&line))
		fail_msg("share/queues.conf:%u", line);
}

static char seen[256];

/* What was waited for before each step, of all paths. */
static void note(const struct path *path, void *context)
{
	for (size_t i = 0; i < path->count; i++) {
		size_t used = strlen(seen);

		snprintf(seen + used, sizeof(seen) - used, "%s|",
			 queue_name(path_waited(path, i)));
	}
}

static void expect(const char *const *functions, const char *text)
{
	struct stream stream = { .assembler = assembler_new(stream_names(), note, NULL) };

	assert_non_null(stream.assembler);
	stream_packet(&stream, 1, 0xffff888000001000);
	for (size_t i = 0; functions[i]; i++)
		stream_function(&stream, functions[i], i ? 0 : EVENT_FIRST);
	seen[0] = '\0';
	assembler_finish(stream.assembler);
	assembler_free(stream.assembler);
	assert_string_equal(seen, text);
}
#define EXPECT(text, ...) expect((const char *const[]){ __VA_ARGS__, NULL }, text)

static void both_ends_are_needed(void **state)
{
	EXPECT("||", "enqueue_to_backlog", "ip_rcv");
	EXPECT("||", "ip_rcv", "__netif_receive_skb");
	EXPECT("|backlog|", "enqueue_to_backlog", "__netif_receive_skb");
	EXPECT("|||", "enqueue_to_backlog", "ip_rcv", "__netif_receive_skb");
	/* of different queues */
	EXPECT("||", "enqueue_to_backlog", "sch_direct_xmit");
	/* the first is none */
	EXPECT("|", "__netif_receive_skb");
}

static void compilers_suffixes_do_not_count(void **state)
{
	EXPECT("|backlog|", "enqueue_to_backlog.isra.0",
	       "__netif_receive_skb_core.constprop.0");
}

/* A function that is seen once has found the address, or not asked for it. */
static void neighbours_answer_later(void **state)
{
	EXPECT("||", "neigh_resolve_output", "__dev_queue_xmit");
	EXPECT("||||", "neigh_resolve_output", "__neigh_event_send", "__dev_queue_xmit",
	       "neigh_resolve_output");
	EXPECT("||neighbour|", "neigh_resolve_output", "__neigh_event_send",
	       "neigh_resolve_output");
	EXPECT("|neighbour|", "neigh_resolve_output", "neigh_connected_output");
}

static void sockets_take_in_many_ways(void **state)
{
	EXPECT("|socket|", "tcp_queue_rcv", "skb_copy_datagram_iovec");
	EXPECT("||socket|", "udp_queue_rcv_skb", "__udp_enqueue_schedule_skb",
	       "skb_copy_datagram_iovec");
	EXPECT("||", "ip_rcv", "skb_copy_datagram_iovec");
	/* what is freed was read, or has never been in the queue */
	EXPECT("|socket|", "__udp_enqueue_schedule_skb", "consume_skb");
	EXPECT("|socket|", "__udp_enqueue_schedule_skb", "free");
	EXPECT("||", "tcp_rcv_state_process", "consume_skb");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_line_is_right),
		cmocka_unit_test(both_ends_are_needed),
		cmocka_unit_test(compilers_suffixes_do_not_count),
		cmocka_unit_test(neighbours_answer_later),
		cmocka_unit_test(sockets_take_in_many_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
