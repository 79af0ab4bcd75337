// SPDX-License-Identifier: GPL-2.0-only
#include "path/hop.h"

#include "bpf/tracepoints.h"
#include "path/path.h"

enum direction { DIRECTION_NONE, DIRECTION_IN, DIRECTION_OUT };

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

static enum direction step_direction(const struct step *step)
{
	if (step->kind == EVENT_TRACEPOINT)
		return tracepoint_directions[step->id];
	if (step->kind == EVENT_GATE)
		return step->id == EVENT_GATE_EGRESS ? DIRECTION_OUT : DIRECTION_IN;
	return DIRECTION_NONE;
}

static bool hop_is(const struct hop *hop, const struct step *step, bool out)
{
	return hop->step && hop->out == out && hop->step->netns == step->netns &&
	       hop->step->ifindex == step->ifindex;
}

bool hop_next(const struct path *path, struct hop *hop)
{
	if (!hop->flow)
		hop->flow = &path->flow;
	for (size_t i = hop->next; i < path->count; i++) {
		const struct step *step = &path->steps[i];
		enum direction direction = step_direction(step);

		if (step->flow)
			hop->flow = step->flow;
		if (direction == DIRECTION_NONE ||
		    hop_is(hop, step, direction == DIRECTION_OUT))
			continue;
		hop->step = step;
		hop->out = direction == DIRECTION_OUT;
		hop->next = i + 1;
		return true;
	}
	return false;
}
