// SPDX-License-Identifier: GPL-2.0-only
#include "scenes.h"

#include <stddef.h>

#define ETHERNET_IP                                                                      \
	"\x02\0\0\0\0\x02"                                                               \
	"\x02\0\0\0\0\x01"                                                               \
	"\x08\0"
#define IP(protocol)                                                                     \
	"\x45\0\0\x54\0\0\x40\0\x40" protocol "\0\0"                                     \
	"\x0a\x09\0\x01"                                                                 \
	"\x0a\x09\0\x02"
#define ECHO_REPLY "\0\0\0\0\0\x07\0\x01"
#define ECHO	   "\x08\0\0\0\0\x07\0\x01"
#define SYN	   "\x12\x67\0\x50\0\0\0\x0c\0\0\0\0\x50\x02\xff\xff\0\0\0\0"

#define BYTES(dev, data, layer)                                                          \
	(&(struct stream_bytes){ dev, data, sizeof(data) - 1, layer })

static const char echo_ip[] = IP("\x01") ECHO;
static const char echo_ethernet[] = ETHERNET_IP IP("\x01") ECHO;
static const char reply_ip[] = IP("\x01") ECHO_REPLY;
static const char syn_ip[] = IP("\x06") SYN;
static const char syn_nat[] = IP("\x06") "\x12\x67\0\x51" /* and another port */;
static const char syn_socket[] = "\x45\0\0\0\0\0\0\0\0\x06\0\0"
				 "\x0a\x09\0\x01"
				 "\x0a\x09\0\x02"
				 "\x12\x67\0\x50";

/* So many bytes of data from a sequence number on. */
#define SEGMENT(length, seq)                                                             \
	"\x45\0" length "\0\x07\x40\0\x40\x06\0\0"                                       \
	"\x0a\x09\0\x01\x0a\x09\0\x02"                                                   \
	"\x12\x67\0\x50\0\0" seq "\0\0\0\x09\x50\x10\xff\xff\0\0\0\0"
static const char segment_both[] = SEGMENT("\x07\xf8", "\0\x0d"); /* 2000 bytes */
static const char segment_first[] = SEGMENT("\x04\x10", "\0\x0d");
static const char segment_second[] = SEGMENT("\x04\x10", "\x03\xf5");
static const char segment_later[] = SEGMENT("\x04\x10", "\x20\x0d");

static void functions(struct stream *stream, const char *const *names)
{
	for (size_t i = 0; names[i]; i++)
		stream_function(stream, names[i], 0);
}

/* A snapshot only says that the device is another one. */
static void enter(struct stream *stream, uint32_t netns, uint32_t ifindex,
		  const char *dev, const char *function)
{
	stream_place(stream, netns, ifindex);
	stream_function_snapshot(stream, function, 0,
				 BYTES(dev, echo_ethernet, EVENT_LAYER_ETHERNET));
}

/*
 * An open kernel: the reply to a ping from red through a bridge on the host to
 * blue, where ping waits for it.
 */
static void play_bridge(struct stream *stream)
{
	stream_packet(stream, 4, 0xffff888000001000);
	stream_process(stream, 0, 1234, "ping");
	stream_place(stream, STREAM_RED, 0);
	stream->event.len = 84;
	stream_function_snapshot(stream, "__ip_local_out", EVENT_FIRST | EVENT_NODEV,
				 BYTES("", reply_ip, EVENT_LAYER_IP));
	stream_function(stream, "nf_hook_slow", EVENT_NODEV);
	stream_place(stream, STREAM_RED, 2);
	stream_function_snapshot(stream, "ip_output", 0,
				 BYTES("eth0", reply_ip, EVENT_LAYER_IP));
	functions(stream, (const char *const[]){ "nf_hook_slow", "ip_finish_output",
						 "neigh_resolve_output", NULL });
	stream->event.len = 98;
	functions(stream,
		  (const char *const[]){ "__dev_queue_xmit", "dev_hard_start_xmit",
					 "veth_xmit", NULL });
	enter(stream, STREAM_HOST, 5, "veth-red", "__netif_rx");
	stream_process(stream, 0, 16, "ksoftirqd/0");
	stream_wait(stream, 41500);
	functions(stream, (const char *const[]){ "__netif_receive_skb_core",
						 "br_handle_frame", "br_forward", NULL });
	enter(stream, STREAM_HOST, 6, "veth-blue", "__dev_queue_xmit");
	stream_function(stream, "dev_hard_start_xmit", 0);
	enter(stream, STREAM_BLUE, 2, "eth0", "__netif_rx");
	stream->event.len = 84;
	functions(stream,
		  (const char *const[]){ "ip_rcv", "nf_hook_slow", "icmp_rcv", "ping_rcv",
					 "sock_queue_rcv_skb_reason", NULL });
	stream_process(stream, 1, 1234, "ping");
	stream_place(stream, 0, 0);
	stream_tracepoint(stream, TRACEPOINT_skb_copy_datagram_iovec, 0);
	stream_consume(stream, "skb_free_datagram");
}

/* The thesis' example: received on the parent of a macvlan, with another's MAC. */
static void play_drop(struct stream *stream)
{
	stream_packet(stream, 4, 0xffff888000001000);
	stream_process(stream, 1, 0, "swapper/1");
	stream->event.len = 84;
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "__netif_receive_skb_core", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	functions(stream,
		  (const char *const[]){ "macvlan_forward_source", "ip_rcv_core", NULL });
	stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
	/* Reasons by number, and kernels that give none. */
	for (uint32_t reason = 0; reason <= 9; reason += 9) {
		stream_packet(stream, 5 + reason, 0xffff888000002000);
		stream_function_snapshot(stream, "tcp_v4_rcv", EVENT_FIRST,
					 BYTES("eth0", syn_ip, EVENT_LAYER_IP));
		stream_drop(stream, "tcp_v4_rcv", reason);
	}
}

/* The same neighbour with the right address: the macvlan device takes the packet. */
static void play_macvlan(struct stream *stream)
{
	static const char right[] = "\x02\0\0\0\0\x10"
				    "\x02\0\0\0\0\x01"
				    "\x08\0" IP("\x01") ECHO;

	stream_packet(stream, 4, 0xffff888000001000);
	stream_process(stream, 0, 0, "swapper/0");
	stream->event.len = 84;
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "__netif_receive_skb_core.constprop.0",
				 EVENT_FIRST, BYTES("eth0", right, EVENT_LAYER_ETHERNET));
	stream_function(stream, "macvlan_forward_source", 0);
	stream_place(stream, STREAM_HOST, 3);
	stream_function_snapshot(stream, "ip_rcv_core", 0,
				 BYTES("macvlan0", right, EVENT_LAYER_ETHERNET));
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	stream_return(stream, "nf_hook_slow", 0x5000d80, 1);
	functions(stream,
		  (const char *const[]){ "ip_route_input_noref", "ip_local_deliver",
					 "raw_local_deliver", "icmp_rcv", NULL });
	stream_consume(stream, "icmp_rcv");
}

/* A confined kernel: gates know places, raw tracepoints know nothing else. */
static void play_confined(struct stream *stream)
{
	stream_packet(stream, 1, 0xffff888000001000);
	stream_process(stream, 0, 1234, "ping");
	stream->event.len = 98;
	stream_place(stream, STREAM_RED, 2);
	stream_gate_snapshot(stream, EVENT_GATE_EGRESS, EVENT_FIRST,
			     BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream->event.len = 0;
	stream_place(stream, 0, 0);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_tracepoint(stream, TRACEPOINT_net_dev_start_xmit, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_place(stream, STREAM_NAMELESS, 2);
	stream->event.len = 98;
	stream_gate_snapshot(stream, EVENT_GATE_INGRESS, 0,
			     BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream->event.len = 0;
	stream_place(stream, 0, 0);
	stream_consume(stream, "icmp_rcv");
}

/* Names that want to command the terminal, or a browser, and bytes that are no UTF-8. */
static void play_escape(struct stream *stream)
{
	stream_packet(stream, 1, 0xffff888000001000);
	stream_process(stream, 0, 66, "\033]0;pwned\007\\");
	stream_place(stream, STREAM_HOST, 2);
	stream->event.len = 84;
	stream_function_snapshot(stream, "ip_output", EVENT_FIRST,
				 BYTES("\033[2J\xff", echo_ip, EVENT_LAYER_IP));
	stream_process(stream, 0, 67,
		       "caf\xc3\xa9 \xc2\x9b"
		       "31m\xe9\x7f");
	stream_function(stream, "evil\033[1m", 0);
	stream_process(stream, 0, 69, "</script><i>&\"'");
	stream_function(stream, "<img src=x onerror=alert(1)>;--> 1\\n\"", 0);
	stream_process(stream, 0, 68, "sixteen bytes!!!");
	stream_free(stream, "kfree_skb_partial");
}

/* What has not ended; what vanished; what was received before it vanished. */
static void play_unended(struct stream *stream)
{
	stream_process(stream, 3, 9, "server");
	stream_place(stream, STREAM_HOST, 7);
	stream->event.len = 60;
	stream_packet(stream, 1, 0xffff888000001000);
	stream_function_snapshot(stream, "tcp_v4_rcv", EVENT_FIRST,
				 BYTES("", syn_ip, EVENT_LAYER_IP));
	stream_packet(stream, 2, 0xffff888000002000);
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 3, 0xffff888000003000);
	stream_function(stream, "tcp_queue_rcv", EVENT_FIRST);
	stream_packet(stream, 4, 0xffff888000002000);
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_packet(stream, 5, 0xffff888000003000);
	stream_function(stream, "ip_rcv", 0);
	stream_packet(stream, 6, 0xffff888000004000);
	stream_function(stream, "ip_rcv", EVENT_FIRST);
	stream_function(stream, "__udp_enqueue_schedule_skb", 0);
}

/* Sent by a driver; events were lost meanwhile; a function without a name. */
static void play_transmit(struct stream *stream)
{
	stream_process(stream, 0, 1234, "ping");
	stream_place(stream, STREAM_HOST, 2);
	stream->event.len = 84;
	stream_packet(stream, 1, 0xffff888000001000);
	stream_function_snapshot(stream, "ip_output", EVENT_FIRST,
				 BYTES("eth0", echo_ip, EVENT_LAYER_IP));
	stream->event.mark = 0x100;
	stream_function(stream, "dev_hard_start_xmit", 0);
	stream->event.lost = 3;
	stream_function(stream, "start_xmit", 0);
	stream->event.lost = 0;
	stream_wait(stream, 1234567);
	stream_process(stream, 1, 0, "swapper/1");
	stream_consume(stream, "napi_consume_skb");
}

/* Return values of every type; one that was not seen. */
static void play_returns(struct stream *stream)
{
	stream_packet(stream, 1, 0xffff888000001000);
	stream_process(stream, 1, 0, "swapper/1");
	stream->event.len = 84;
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "ip_rcv", EVENT_FIRST,
				 BYTES("eth0", echo_ip, EVENT_LAYER_IP));
	stream_call(stream, "ip_rcv_core", 0x5000e00);
	stream_return(stream, "ip_rcv_core", 0x5000e00, 0xffff888000001000);
	stream_call(stream, "ip_route_input_noref", 0x5000d00);
	stream_call(stream, "fib_validate_source", 0x5000c00);
	stream_return(stream, "fib_validate_source", 0x5000c00, (uint64_t)-18);
	stream_return(stream, "ip_route_input_noref", 0x5000d00, 0x1ffffffee);
	stream_call(stream, "ip_route_input_slow", 0x5000d00);
	stream_return(stream, "ip_route_input_slow", 0x5000d00, STREAM_OTHERHOST);
	stream_call(stream, "tcp_add_backlog", 0x5000d00);
	stream_return(stream, "tcp_add_backlog", 0x5000d00, 0xff00);
	stream_call(stream, "tcf_classify", 0x5000d00);
	stream_return(stream, "tcf_classify", 0x5000d00, 77);
	stream_call(stream, "ip_finish_output2", 0x5000d00);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	stream_return(stream, "nf_hook_slow", 0x5000d80, 0xffffffff);
}

/* A ping's request in red: the softirq that a call ends with is not inside of it. */
static void play_graph(struct stream *stream)
{
	stream_packet(stream, 1, 0xffff888000001000);
	stream_process(stream, 0, 1234, "ping");
	stream->event.len = 84;
	stream_place(stream, STREAM_RED, 2);
	stream->event.frame = 0x5003e01;
	stream->event.checksum = EVENT_CHECKSUM_NONE;
	stream_function_snapshot(stream, "__dev_queue_xmit", EVENT_FIRST | EVENT_CALL,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_call(stream, "dev_hard_start_xmit", 0x5003d01);
	stream->event.frame = 0x5003c01;
	stream_tracepoint(stream, TRACEPOINT_net_dev_start_xmit, 0);
	stream_call(stream, "veth_xmit", 0x5003c81);
	stream_return(stream, "veth_xmit", 0x5003c81, 0);
	stream_return(stream, "dev_hard_start_xmit", 0x5003d01, 0);
	stream_place(stream, STREAM_BLUE, 2);
	stream->event.mark = 7;
	stream_call(stream, "__netif_receive_skb_core", 0x7003f00);
	stream_return(stream, "__netif_receive_skb_core", 0x7003f00, 0);
	stream_call(stream, "ip_rcv", 0x7003f00);
	stream_call(stream, "ip_local_deliver", 0x7003f00);
	stream_call(stream, "icmp_rcv", 0x7003e00);
	stream->event.frame = 0x7003d00;
	stream_consume(stream, "icmp_rcv");
	stream_return(stream, "icmp_rcv", 0x7003e00, 0);
	stream_return(stream, "ip_local_deliver", 0x7003f00, 0);
	stream_return(stream, "ip_rcv", 0x7003f00, 0);
	stream_return(stream, "__dev_queue_xmit", 0x5003e01, 0);
}

static void socket_begin(struct stream *stream, uint64_t packet)
{
	stream_packet(stream, packet, 0xffff888000001000 * packet);
	stream_place(stream, STREAM_RED, 0);
	stream->event.len = 20;
	stream_function_snapshot(stream, "__ip_queue_xmit", EVENT_FIRST | EVENT_NODEV,
				 BYTES("", syn_socket, EVENT_LAYER_SOCKET));
}

static void socket_header(struct stream *stream, const struct stream_bytes *bytes)
{
	stream_place(stream, STREAM_RED, 2);
	stream->event.len = 40;
	stream_function_snapshot(stream, "ip_output", 0, bytes);
}

/*
 * Before there is an IP header only addresses and ports are known. The first header
 * tells the rest, if it still is the sender's; a later one does not.
 */
static void play_socket(struct stream *stream)
{
	stream_process(stream, 0, 1234, "curl");
	socket_begin(stream, 1);
	socket_header(stream, BYTES("eth0", syn_ip, EVENT_LAYER_IP));
	stream_consume(stream, "tcp_v4_rcv");

	socket_begin(stream, 2);
	socket_header(stream, BYTES("eth0", syn_nat, EVENT_LAYER_IP));
	socket_header(stream, BYTES("eth1", syn_ip, EVENT_LAYER_IP));
	stream_consume(stream, "tcp_v4_rcv");

	socket_begin(stream, 3);
	stream_drop(stream, "__ip_queue_xmit", STREAM_NO_SOCKET);

	/* What the first one lacked an answer to, twice again. */
	for (uint64_t packet = 4; packet <= 5; packet++) {
		socket_begin(stream, packet);
		socket_header(stream, BYTES("eth0", syn_ip, EVENT_LAYER_IP));
		stream_consume(stream, "tcp_v4_rcv");
	}
}

/* A segment of TCP begins, in which it has been sent before if there are @callers. */
static void segment_begin(struct stream *stream, uint64_t packet,
			  const struct stream_bytes *bytes, const char *const *callers)
{
	socket_begin(stream, packet);
	if (callers)
		stream_again(stream, callers);
	socket_header(stream, bytes);
}

#define RESENT(...)                                                                      \
	((const char *const[]){ "__ip_queue_xmit", "__tcp_transmit_skb",                 \
				"__tcp_retransmit_skb", __VA_ARGS__, NULL })

/*
 * Two segments in one packet are lost, the second of them again, in pieces. What began
 * before anybody looked has no first. Of one that is still in a queue it is told that it
 * was sent once more.
 */
static void play_retransmission(struct stream *stream)
{
	const char *const *probe = RESENT("tcp_send_loss_probe",
					  "tcp_write_timer_handler");
	const char *const *timeout = RESENT("tcp_retransmit_skb", "tcp_retransmit_timer");

	stream_process(stream, 0, 0, "swapper/0");
	segment_begin(stream, 1, BYTES("eth0", segment_both, EVENT_LAYER_IP), NULL);
	stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	stream_wait(stream, 20000000);
	segment_begin(stream, 2, BYTES("eth0", segment_second, EVENT_LAYER_IP), probe);
	stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	stream_wait(stream, 200000000);
	segment_begin(stream, 3, BYTES("eth0", segment_first, EVENT_LAYER_IP), timeout);
	stream_consume(stream, "tcp_v4_rcv");
	segment_begin(stream, 4, BYTES("eth0", segment_later, EVENT_LAYER_IP), timeout);
	stream_consume(stream, "tcp_v4_rcv");

	segment_begin(stream, 5, BYTES("eth0", syn_ip, EVENT_LAYER_IP), NULL);
	stream_tracepoint(stream, TRACEPOINT_qdisc_enqueue, 0);
	stream_wait(stream, 1000000000);
	segment_begin(stream, 6, BYTES("eth0", syn_ip, EVENT_LAYER_IP), timeout);
	stream_consume(stream, "tcp_v4_rcv");
	stream_packet(stream, 5, 0xffff888000005000);
	stream_tracepoint(stream, TRACEPOINT_qdisc_dequeue, 0);
	stream_consume(stream, "tcp_v4_rcv");
}

/* In one queue after the other; what is passed by, or has an end only, tells nothing. */
static void play_queues(struct stream *stream)
{
	stream_process(stream, 0, 1234, "ping");
	stream_place(stream, STREAM_RED, 2);
	stream_packet(stream, 1, 0xffff888000001000);
	stream_function_snapshot(stream, "neigh_resolve_output", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_function(stream, "__neigh_event_send", 0);
	stream_wait(stream, 1200000000);
	stream_function(stream, "neigh_connected_output", 0);
	stream_function(stream, "__dev_queue_xmit", 0);
	stream_function(stream, "fq_codel_enqueue", 0);
	stream_tracepoint(stream, TRACEPOINT_qdisc_enqueue, 0);
	stream_wait(stream, 40000);
	stream_tracepoint(stream, TRACEPOINT_qdisc_dequeue, 0);
	stream_function(stream, "sch_direct_xmit", 0);
	enter(stream, STREAM_BLUE, 3, "eth1", "veth_xmit");
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_function(stream, "enqueue_to_backlog.isra.0", 0);
	stream_wait(stream, 2500);
	stream_function(stream, "__netif_receive_skb", 0);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_function(stream, "sock_queue_rcv_skb", 0);
	stream_wait(stream, 3000000);
	stream_tracepoint(stream, TRACEPOINT_skb_copy_datagram_iovec, 0);
	stream_consume(stream, "skb_free_datagram");
}

/* Through a router that masquerades and marks: what was altered stands in between. */
static void play_nat(struct stream *stream)
{
	static const char before[] = "\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0"
				     "\x45\0\0\x20\0\0\x40\0\x40\x11\0\0"
				     "\x0a\0\0\x01\xc0\0\x02\x09\x13\x88\0\x35\0\x0c\0\0";
	static const char after[] =
		"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0"
		"\x45\0\0\x20\0\0\x40\0\x3f\x11\0\0"
		"\xcb\0\x71\x07\xc0\0\x02\x09\xf1\x45\0\x35\0\x0c\0\0";
	static const char sent[] = "\x02\0\0\0\0\x04\x02\0\0\0\0\x03\x81\0\0\x64\x08\0"
				   "\x45\0\0\x20\0\0\x40\0\x3f\x11\0\0"
				   "\xcb\0\x71\x07\xc0\0\x02\x09\xf1\x45\0\x35\0\x0c\0\0";

	stream_packet(stream, 1, 0xffff888000001000);
	stream_process(stream, 1, 0, "swapper/1");
	stream_place(stream, STREAM_HOST, 2);
	stream->event.checksum = EVENT_CHECKSUM_NONE;
	stream_function_snapshot(stream, "ip_rcv", EVENT_FIRST,
				 BYTES("lan0", before, EVENT_LAYER_ETHERNET));
	stream_function(stream, "ip_forward", 0);
	stream->event.mark = 7;
	stream_function(stream, "nf_hook_slow", 0);
	stream->event.checksum = EVENT_CHECKSUM_UNKNOWN;
	stream->event.mark = 0;
	stream_function(stream, "not_read", 0);
	stream->event.checksum = EVENT_CHECKSUM_UNNECESSARY;
	stream->event.mark = 7;
	stream_function_snapshot(stream, "ip_finish_output2", 0,
				 BYTES("wan0", after, EVENT_LAYER_ETHERNET));
	stream_function_snapshot(stream, "dev_hard_start_xmit", 0,
				 BYTES("wan0", sent, EVENT_LAYER_ETHERNET));
	stream_consume(stream, "napi_consume_skb");
}

/* From device to device: one line for each, though each has several steps. */
static void play_hops(struct stream *stream)
{
	stream_packet(stream, 1, 0xffff888000001000);
	stream_place(stream, STREAM_HOST, 2);
	stream->event.len = 98;
	stream_function_snapshot(stream, "dev_queue_xmit", EVENT_FIRST,
				 BYTES("docker0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_tracepoint(stream, TRACEPOINT_net_dev_start_xmit, 0);
	enter(stream, STREAM_HOST, 5, "\033[2Jveth", "br_forward");
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	enter(stream, STREAM_NAMELESS, 2, "eth0", "veth_xmit");
	stream_tracepoint(stream, TRACEPOINT_netif_rx, 0);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
	/* no device with a name, and no echo */
	stream_packet(stream, 2, 0xffff888000002000);
	stream_place(stream, STREAM_BLUE, 9);
	stream_function_snapshot(stream, "ip_output", EVENT_FIRST,
				 BYTES("", syn_ip, EVENT_LAYER_IP));
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_consume(stream, "napi_consume_skb");
}

/* A hook that says @verdict, or is not seen to return. */
static void hook(struct stream *stream, uint64_t verdict)
{
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	if (verdict)
		stream_return(stream, "nf_hook_slow", 0x5000d80, verdict);
}

/*
 * A device with macvlan on top of it. A packet is forwarded, and leaves by a
 * bridge, whose hook is not the one that ip_output has not called, and which makes a copy
 * for another port; the second one is delivered to the upper device, which only its end
 * tells; the third is dropped at a hook on its way out, whose device it never crosses.
 */
static void play_decisions(struct stream *stream)
{
	stream->event.len = 98;
	stream_packet(stream, 1, 0xffff888000001000);
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "__netif_receive_skb", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	enter(stream, STREAM_HOST, 3, "macvlan0", "ip_rcv");
	stream_function(stream, "ip_rcv_core", 0);
	hook(stream, 1);
	stream_function(stream, "ip_forward", 0);
	hook(stream, 0);
	enter(stream, STREAM_HOST, 5, "br0", "ip_output");
	stream_function(stream, "ip_finish_output", 0);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	enter(stream, STREAM_HOST, 6, "port", "__br_forward");
	hook(stream, 1);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_packet(stream, 4, 0xffff888000004000);
	stream_copy(stream, 1,
		    (const char *const[]){ "__copy_skb_header", "skb_clone",
					   "maybe_deliver", "br_flood", NULL });
	enter(stream, STREAM_HOST, 7, "other", "__br_forward");
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_consume(stream, "veth_xmit");
	stream_packet(stream, 1, 0xffff888000001000);
	stream_consume(stream, "veth_xmit");

	stream_packet(stream, 2, 0xffff888000002000);
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "__netif_receive_skb", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_place(stream, STREAM_HOST, 3);
	stream_consume(stream, "icmp_rcv");

	stream_packet(stream, 3, 0xffff888000003000);
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "__netif_receive_skb", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	functions(stream, (const char *const[]){ "ip_rcv", "ip_forward", NULL });
	stream_place(stream, STREAM_HOST, 5);
	stream_function(stream, "ip_output", 0);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	stream_drop(stream, "nf_hook_slow", STREAM_NO_SOCKET);
	stream_return(stream, "nf_hook_slow", 0x5000d80, 0xffffffff);
}

/* A chain within a hook, both with a verdict. */
static void chain(struct stream *stream, const char *table, const char *name,
		  enum event_hook hook, uint64_t verdict)
{
	const char *function = name ? "nft_do_chain" : "ipt_do_table";

	stream_call(stream, function, 0x5000c80);
	stream_chain(stream, function, table, name, hook);
	stream_return(stream, function, 0x5000c80, verdict);
}

/*
 * Rules that are asked, and routes. A hook is told of where its last chain does not say
 * the same, as one that is not seen to return. What belongs to a step that was lost, or
 * has its own already, is left out.
 */
static void play_rules(struct stream *stream)
{
	stream->event.len = 98;
	stream_packet(stream, 1, 0xffff888000001000);
	stream_process(stream, 0, 16, "ksoftirqd/0");
	stream_place(stream, STREAM_HOST, 2);
	stream_function_snapshot(stream, "__netif_receive_skb", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_function(stream, "ip_rcv", 0);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	chain(stream, "raw", NULL, EVENT_HOOK_PREROUTING, 1);
	chain(stream, "t", "before", EVENT_HOOK_NONE, 1);
	stream_return(stream, "nf_hook_slow", 0x5000d80, 1);
	stream_function(stream, "ip_forward", 0);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	chain(stream, "filter", NULL, EVENT_HOOK_FORWARD, 1);
	stream_function(stream, "ip_output", 0);
	stream_route(stream, "ip_output", "eth1", "10.9.1.1");
	enter(stream, STREAM_HOST, 5, "eth1", "ip_finish_output");
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_consume(stream, "veth_xmit");

	stream_packet(stream, 2, 0xffff888000002000);
	stream_process(stream, 0, 1234, "ping");
	stream_place(stream, STREAM_RED, 0);
	stream_function_snapshot(stream, "__ip6_local_out", EVENT_FIRST | EVENT_NODEV,
				 BYTES("", echo_ip, EVENT_LAYER_IP));
	stream_function(stream, "ip6_output", EVENT_NODEV);
	stream_route(stream, "ip6_output", "eth\033[2J", "fe80::1");
	stream_place(stream, STREAM_RED, 2);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_consume(stream, "veth_xmit");

	stream_packet(stream, 3, 0xffff888000003000);
	stream_place(stream, STREAM_BLUE, 2);
	stream_function_snapshot(stream, "ip_output", EVENT_FIRST,
				 BYTES("eth0", echo_ip, EVENT_LAYER_IP));
	stream_route(stream, "ip_output", "eth0", NULL);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_place(stream, STREAM_HOST, 6);
	stream_tracepoint(stream, TRACEPOINT_netif_receive_skb, 0);
	stream_function(stream, "ip_local_deliver", 0);
	stream_call(stream, "nf_hook_slow", 0x5000d80);
	chain(stream, "a table", "\033[2Jchain", EVENT_HOOK_NONE, 1);
	stream->event.lost = 1;
	stream_chain(stream, "nft_do_chain", "not", "this", EVENT_HOOK_NONE);
	stream->event.lost = 0;
	stream_chain(stream, "nft_do_chain", "nor", "that", EVENT_HOOK_NONE);
	chain(stream, "t", "input", EVENT_HOOK_NONE, 0x10002);
	stream_drop(stream, "nft_do_chain", STREAM_NO_SOCKET);
	stream_return(stream, "nf_hook_slow", 0x5000d80, 1);
}

/* A packet comes to a bridge, which floods it. */
static void bridge_floods(struct stream *stream)
{
	stream_process(stream, 0, 1234, "ping");
	stream_place(stream, STREAM_HOST, 2);
	stream->event.len = 98;
	stream_packet(stream, 1, 0xffff888000001000);
	stream_function_snapshot(stream, "br_handle_frame", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_function(stream, "br_flood", 0);
}

/*
 * A bridge floods a packet to two ports while somebody listens; the copy of the
 * listener is merged into the one of before, which was not seen to begin.
 */
static void play_lineage(struct stream *stream)
{
	bridge_floods(stream);
	stream_packet(stream, 2, 0xffff888000002000);
	stream_copy(stream, 1,
		    (const char *const[]){ "__copy_skb_header", "skb_clone",
					   "maybe_deliver", "br_flood", NULL });
	stream_packet(stream, 3, 0xffff888000003000);
	stream_copy(stream, 1,
		    (const char *const[]){ "__copy_skb_header", "skb_copy", NULL });
	stream_packet(stream, 1, 0xffff888000001000);
	enter(stream, STREAM_HOST, 6, "veth-blue", "__br_forward");
	stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
	stream_packet(stream, 2, 0xffff888000002000);
	stream_function(stream, "skb_release_head_state", 0);
	stream_packet(stream, 3, 0xffff888000003000);
	stream_link(stream, EVENT_MERGE, "skb_gro_receive", 2);
	stream_free(stream, "napi_skb_cache_put");
	stream_packet(stream, 2, 0xffff888000002000);
	stream_consume(stream, "icmp_rcv");
	stream_packet(stream, 4, 0xffff888000004000);
	stream_copy(stream, 9,
		    (const char *const[]){ "__copy_skb_header", "skb_clone",
					   "__tcp_transmit_skb", "tcp_write_xmit",
					   NULL });
	stream_link(stream, EVENT_MERGE, "skb_gro_receive_list", 9);
	stream_consume(stream, "napi_consume_skb");
}

static void clone(struct stream *stream, uint64_t packet, uint64_t parent,
		  const char *caller)
{
	stream_packet(stream, packet, 0xffff888000000000 + packet * 0x1000);
	stream_copy(stream, parent,
		    (const char *const[]){ "__copy_skb_header", "skb_clone", caller,
					   NULL });
}

/* To three ports of a bridge, where five sockets in all listen: 1, 3 and 5 packets. */
static void play_flood(struct stream *stream)
{
	static const uint64_t listens[] = { 2, 2, 3, 3, 4 };

	bridge_floods(stream);
	for (uint64_t port = 2; port <= 4; port++)
		clone(stream, port, 1, "maybe_deliver");
	for (uint64_t port = 2; port <= 4; port++) {
		stream_packet(stream, port, 0xffff888000000000 + port * 0x1000);
		enter(stream, STREAM_HOST, 4 + (uint32_t)port, "port", "__br_forward");
		for (uint64_t i = 0; i < 5; i++) {
			if (listens[i] != port)
				continue;
			clone(stream, 5 + i, port, "dev_queue_xmit_nit");
			stream_consume(stream, "packet_rcv");
		}
		stream_packet(stream, port, 0xffff888000000000 + port * 0x1000);
		stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
	}
	stream_packet(stream, 1, 0xffff888000001000);
	stream_place(stream, STREAM_HOST, 2);
	stream_consume(stream, "br_flood");
}

/* A confined kernel: what a bridge made for another port is known by its content. */
static void play_content(struct stream *stream)
{
	stream_process(stream, 0, 1234, "ping");
	stream->event.len = 98;
	stream_place(stream, STREAM_HOST, 2);
	stream_packet(stream, 1, 0xffff888000001000);
	stream_gate_snapshot(stream, EVENT_GATE_INGRESS, EVENT_FIRST,
			     BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_place(stream, STREAM_HOST, 6);
	stream_packet(stream, 2, 0xffff888000002000);
	stream_gate_snapshot(stream, EVENT_GATE_EGRESS, EVENT_FIRST,
			     BYTES("veth-blue", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_place(stream, 0, 0);
	stream_tracepoint(stream, TRACEPOINT_net_dev_queue, 0);
	stream_drop(stream, "ip_rcv_core", STREAM_OTHERHOST);
	stream_packet(stream, 1, 0xffff888000001000);
	stream_consume(stream, "br_flood");
}

/* An echo request that is received, and how long it stays before icmp_rcv. */
static void receive(struct stream *stream, uint64_t packet, const char *const *between,
		    uint64_t ns)
{
	stream_packet(stream, packet, 0xffff888000001000 + packet * 0x100);
	stream_function_snapshot(stream, "__netif_receive_skb_core", EVENT_FIRST,
				 BYTES("eth0", echo_ethernet, EVENT_LAYER_ETHERNET));
	stream_function(stream, "ip_rcv", 0);
	functions(stream, between);
	stream_wait(stream, ns);
	stream_function(stream, "icmp_rcv", 0);
}

/* Five ways, of which three take the same steps, one of them in a loop. */
static void play_classes(struct stream *stream)
{
	stream_process(stream, 0, 16, "ksoftirqd/0");
	stream_place(stream, STREAM_HOST, 2);
	receive(stream, 1, (const char *const[]){ "nf_hook_slow", NULL }, 5000000);
	stream_consume(stream, "icmp_rcv");
	receive(stream, 2, (const char *const[]){ "ip_error", NULL }, 0);
	stream_drop(stream, "icmp_rcv", STREAM_OTHERHOST);
	receive(stream, 3,
		(const char *const[]){ "nf_hook_slow", "nf_hook_slow", "nf_hook_slow",
				       NULL },
		2000);
	stream_consume(stream, "icmp_rcv");
	stream_place(stream, STREAM_BLUE, 3);
	receive(stream, 4, (const char *const[]){ "nf_hook_slow", NULL }, 1000);
	stream_consume(stream, "icmp_rcv");
	receive(stream, 5, (const char *const[]){ "ip_error", NULL }, 0);
	stream_drop(stream, "icmp_rcv", STREAM_NO_SOCKET);
}

const struct scene scenes[] = {
	{ .name = "bridge", .play = play_bridge },
	{ .name = "drop", .play = play_drop },
	{ .name = "macvlan", .play = play_macvlan },
	{ .name = "confined", .play = play_confined },
	{ .name = "escape", .play = play_escape },
	{ .name = "unended", .play = play_unended },
	{ .name = "transmit", .play = play_transmit },
	{ .name = "nat", .play = play_nat },
	{ .name = "hops", .play = play_hops },
	{ .name = "decisions", .play = play_decisions },
	{ .name = "rules", .play = play_rules },
	{ .name = "lineage", .play = play_lineage },
	{ .name = "flood", .play = play_flood },
	{ .name = "content", .play = play_content },
	{ .name = "queues", .play = play_queues },
	{ .name = "socket", .play = play_socket },
	{ .name = "retransmission", .play = play_retransmission },
	{ .name = "returns", .play = play_returns },
	{ .name = "graph", .play = play_graph, .nested = true },
	{ .name = "classes", .play = play_classes },
	{ .name = NULL },
};
