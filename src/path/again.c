// SPDX-License-Identifier: GPL-2.0-only
#include "path/again.h"

#include <string.h>

#include "bpf/event.h"
#include "path/naming.h"

/* net/ipv4/tcp_timer.c, tcp_output.c; as they are from 5.10 to 7.2. */
static const struct {
	const char *caller, *reason;
} reasons[] = {
	{ "tcp_retransmit_timer", "timeout" },
	{ "tcp_send_loss_probe", "tail loss probe" },
	{ "tcp_xmit_retransmit_queue", "loss recovery" },
};

const char *again_reason(const char *caller)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
		if (relation_is(caller, reasons[i].caller))
			return reasons[i].reason;
	}
	return NULL;
}

static bool function_resends(const char *function)
{
	return relation_is(function, "__tcp_retransmit_skb") ||
	       relation_is(function, "tcp_retransmit_skb");
}

/* The outermost of the functions that send once more has made it. */
struct making again_read(struct naming *naming, const void *data, size_t size)
{
	struct making making = { .relation = RELATION_RETRANSMISSION,
				 .function = "__tcp_retransmit_skb" };
	struct event_again again = { 0 };
	bool made = false;

	if (size >= sizeof(again))
		memcpy(&again, data, sizeof(again));
	for (size_t i = 0; i < EVENT_AGAIN_CALLERS && again.callers[i]; i++) {
		const char *function = naming_function(naming, again.callers[i]);

		if (function_resends(function)) {
			making.function = function;
			made = true;
		} else if (made) {
			making.caller = function;
			break;
		}
	}
	return making;
}
