/* SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause */
/*
 * count_points.h - the raw tracepoints that a packet passes once at each device
 *
 * X(name, argument, direction), as in tracepoints.h. They are where 'bpfpath hops' has
 * a packet's first step on a device: of the ways in, which are the gates there, each
 * packet takes one. netif_receive_skb is left out, as all but GRO's come to it as well.
 */
#ifndef BPFPATH_COUNT_POINTS_H
#define BPFPATH_COUNT_POINTS_H

#define COUNT_CROSSINGS(X)                                                               \
	X(napi_gro_frags_entry, 0, IN)                                                   \
	X(napi_gro_receive_entry, 0, IN)                                                 \
	X(netif_receive_skb_entry, 0, IN)                                                \
	X(netif_receive_skb_list_entry, 0, IN)                                           \
	X(netif_rx, 0, IN)                                                               \
	X(net_dev_queue, 0, OUT)

#endif
