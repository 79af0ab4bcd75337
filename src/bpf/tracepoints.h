/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tracepoints.h - the raw tracepoints that carry an sk_buff
 *
 * X(name, argument, role): argument is the position of the struct sk_buff *,
 * from 0, in the tracepoint's prototype (TP_PROTO in include/trace/events/).
 * The user side checks it against the kernel's BTF and leaves a tracepoint out
 * that the running kernel lacks or has in another shape. The role is
 *	RECEIVE	a packet that is not followed yet is tested here, where the
 *		kernel allows reads; it is on its way to netif_receive_skb
 *	AGAIN	the same, unless it was tested at the gate before
 *	STEP	only packets that are followed are seen
 *	COPY	the same, in a process's own time
 *	FREE	the packet ends here
 *
 * netif_rx_entry is no gate: netif_rx follows at once, with nothing in between.
 *
 * net_dev_xmit is absent on purpose: it fires after the driver took the packet
 * (net/core/dev.c, xmit_one), when the sk_buff may already be freed and be
 * somebody else's. net_dev_start_xmit says the same in time.
 */
#ifndef BPFPATH_TRACEPOINTS_H
#define BPFPATH_TRACEPOINTS_H

#define TRACEPOINTS(X)                                                                   \
	X(napi_gro_frags_entry, 0, RECEIVE)                                              \
	X(napi_gro_receive_entry, 0, RECEIVE)                                            \
	X(netif_receive_skb_entry, 0, RECEIVE)                                           \
	X(netif_receive_skb_list_entry, 0, RECEIVE)                                      \
	X(netif_rx_entry, 0, STEP)                                                       \
	X(netif_rx, 0, RECEIVE)                                                          \
	X(netif_receive_skb, 0, AGAIN)                                                   \
	X(net_dev_queue, 0, AGAIN)                                                       \
	X(net_dev_start_xmit, 0, STEP)                                                   \
	X(qdisc_enqueue, 2, STEP)                                                        \
	X(qdisc_dequeue, 3, STEP)                                                        \
	X(skb_copy_datagram_iovec, 0, COPY)                                              \
	X(sock_rcvqueue_full, 1, STEP)                                                   \
	X(udp_fail_queue_rcv_skb, 2, STEP)                                               \
	X(tcp_probe, 1, STEP)                                                            \
	X(tcp_send_reset, 1, STEP)                                                       \
	X(tcp_bad_csum, 0, STEP)                                                         \
	X(icmp_send, 0, STEP)                                                            \
	X(consume_skb, 0, FREE)                                                          \
	X(kfree_skb, 0, FREE)

enum tracepoint_role {
	TRACEPOINT_ROLE_STEP,
	TRACEPOINT_ROLE_COPY,
	TRACEPOINT_ROLE_RECEIVE,
	TRACEPOINT_ROLE_AGAIN,
	TRACEPOINT_ROLE_FREE,
};

enum tracepoint_id {
#define X(name, argument, role) TRACEPOINT_##name,
	TRACEPOINTS(X)
#undef X
		TRACEPOINT_PACKETS,		       /* so many carry an sk_buff */
	TRACEPOINT_sk_data_ready = TRACEPOINT_PACKETS, /* a socket: delivery.bpf.h */
	TRACEPOINT_SIZE
};

/*
 * The cookie of a tracepoint that shares its program with others: which it is, and where
 * it has its packet.
 */
#define TRACEPOINT_COOKIE(id, argument)	   ((id) | (argument) << 8)
#define TRACEPOINT_COOKIE_ID(cookie)	   ((cookie)&0xff)
#define TRACEPOINT_COOKIE_ARGUMENT(cookie) ((cookie) >> 8)

#endif
