// SPDX-License-Identifier: GPL-2.0-only
#include "path/direction.h"

#include "bpf/tracepoints.h"
#include "path/path.h"

/* Those of receiving fire before the ingress gate (net/core/dev.c, net/core/gro.c). */
static const unsigned char tracepoint_directions[TRACEPOINT_SIZE] = {
	[TRACEPOINT_napi_gro_frags_entry] = DIRECTION_IN,
	[TRACEPOINT_napi_gro_receive_entry] = DIRECTION_IN,
	[TRACEPOINT_netif_receive_skb_entry] = DIRECTION_IN,
	[TRACEPOINT_netif_receive_skb_list_entry] = DIRECTION_IN,
	[TRACEPOINT_netif_rx_entry] = DIRECTION_IN,
	[TRACEPOINT_netif_rx] = DIRECTION_IN,
	[TRACEPOINT_netif_receive_skb] = DIRECTION_IN,
	[TRACEPOINT_net_dev_queue] = DIRECTION_OUT,
	[TRACEPOINT_net_dev_start_xmit] = DIRECTION_OUT,
};

enum direction direction_of(const struct step *step)
{
	if (step->kind == EVENT_TRACEPOINT)
		return tracepoint_directions[step->id];
	if (step->kind == EVENT_GATE)
		return step->id == EVENT_GATE_EGRESS ? DIRECTION_OUT : DIRECTION_IN;
	return DIRECTION_NONE;
}
