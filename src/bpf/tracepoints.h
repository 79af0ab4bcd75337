/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * tracepoints.h - the raw tracepoints that carry an sk_buff
 *
 * X(name, argument): argument is the position of the struct sk_buff *, from 0,
 * in the tracepoint's prototype (TP_PROTO in include/trace/events/). The user
 * side checks it against the kernel's BTF and leaves a tracepoint out that the
 * running kernel lacks or has in another shape.
 *
 * net_dev_xmit is absent on purpose: it fires after the driver took the packet
 * (net/core/dev.c, xmit_one), when the sk_buff may already be freed and be
 * somebody else's. net_dev_start_xmit says the same in time.
 */
#ifndef BPFPATH_TRACEPOINTS_H
#define BPFPATH_TRACEPOINTS_H

#define TRACEPOINTS(X)                   \
	X(napi_gro_frags_entry, 0)       \
	X(napi_gro_receive_entry, 0)     \
	X(netif_receive_skb_entry, 0)    \
	X(netif_receive_skb_list_entry, 0) \
	X(netif_rx_entry, 0)             \
	X(netif_rx, 0)                   \
	X(netif_receive_skb, 0)          \
	X(net_dev_queue, 0)              \
	X(net_dev_start_xmit, 0)         \
	X(qdisc_enqueue, 2)              \
	X(qdisc_dequeue, 3)              \
	X(skb_copy_datagram_iovec, 0)    \
	X(sock_rcvqueue_full, 1)         \
	X(udp_fail_queue_rcv_skb, 2)     \
	X(tcp_probe, 1)                  \
	X(tcp_send_reset, 1)             \
	X(tcp_bad_csum, 0)               \
	X(icmp_send, 0)                  \
	X(consume_skb, 0)                \
	X(kfree_skb, 0)

enum tracepoint_id {
#define X(name, argument) TRACEPOINT_##name,
	TRACEPOINTS(X)
#undef X
	TRACEPOINT_SIZE
};

#endif
