/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * infer.h - where a step was that could not know it
 *
 * On a confined kernel a raw tracepoint knows the packet's address and nothing
 * else; the gates (tcx programs) know namespace and device. The order of both
 * in the kernel's code tells the rest:
 *
 *	netif_rx, netif_receive_skb, napi_gro_* fire before the ingress gate of
 *	the device that received the packet: they take its place from the next
 *	one. Is the next gate one of egress, or is there none, they stay without.
 *
 *	Everything else (net_dev_queue, qdisc, driver, sockets, freeing) comes
 *	after a gate of its device: it takes the place of the step before.
 */
#ifndef BPFPATH_INFER_H
#define BPFPATH_INFER_H

#include "path/path.h"

/*
 * A gate that could not ask who ran takes it from the step next to it on the
 * same CPU.
 *
 * @path has all its steps, in order.
 */
void infer_places(struct path *path);

/*
 * How many of the steps are surely of this packet, once a gate has found another
 * one at its address: not the receive-side steps since its own last gate, unless
 * they were gates themselves, as they are where memory may be read.
 */
size_t infer_owned(const struct path *path);

#endif
