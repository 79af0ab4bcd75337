// SPDX-License-Identifier: GPL-2.0-only
#include "path/detail.h"

#include <arpa/inet.h>
#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "path/trail.h"

/* Of iptables (ip_tables.c, hooknames). */
static const char *const hook_names[] = {
	[EVENT_HOOK_NONE] = NULL,	[EVENT_HOOK_PREROUTING] = "PREROUTING",
	[EVENT_HOOK_INPUT] = "INPUT",	[EVENT_HOOK_FORWARD] = "FORWARD",
	[EVENT_HOOK_OUTPUT] = "OUTPUT", [EVENT_HOOK_POSTROUTING] = "POSTROUTING",
};
static_assert(sizeof(hook_names) / sizeof(hook_names[0]) == EVENT_HOOKS,
	      "a name for each hook");

static_assert(sizeof(struct event_chain) - sizeof(struct event) <= EVENT_SNAP_LEN &&
		      sizeof(struct event_route) - sizeof(struct event) <= EVENT_SNAP_LEN,
	      "a trail has room for it");

static int chain_read(const struct event_chain *event, struct detail *detail)
{
	const char *hook = hook_names[event->event.id];

	detail->kind = DETAIL_CHAIN;
	memcpy(detail->table, event->table, EVENT_NAME_LEN - 1);
	memcpy(detail->chain, event->chain, EVENT_NAME_LEN - 1);
	if (hook)
		snprintf(detail->chain, sizeof(detail->chain), "%s", hook);
	return detail->table[0] && detail->chain[0] ? 0 : -EINVAL;
}

static int route_read(const struct event_route *event, struct detail *detail)
{
	detail->kind = DETAIL_ROUTE;
	memcpy(detail->dev, event->dev, EVENT_DEV_LEN - 1);
	if (event->family && !inet_ntop(event->family, event->gateway, detail->gateway,
					sizeof(detail->gateway)))
		return -EINVAL;
	return 0;
}

size_t detail_size(enum event_kind kind)
{
	if (kind == EVENT_CHAIN)
		return sizeof(struct event_chain) - sizeof(struct event);
	if (kind == EVENT_ROUTE)
		return sizeof(struct event_route) - sizeof(struct event);
	return 0;
}

static int detail_fill(const struct trail_step *event, const uint8_t *data,
		       struct detail *detail)
{
	struct event_chain chain = { .event.id = event->id };
	struct event_route route = { 0 };

	if (event->kind == EVENT_CHAIN) {
		memcpy(&chain.event + 1, data, detail_size(EVENT_CHAIN));
		return chain_read(&chain, detail);
	}
	memcpy(&route.event + 1, data, detail_size(EVENT_ROUTE));
	return route_read(&route, detail);
}

int detail_read(const struct trail_step *event, const uint8_t *data, struct detail **out)
{
	struct detail *detail = calloc(1, sizeof(*detail));
	int err;

	if (!detail)
		return -ENOMEM;
	err = detail_fill(event, data, detail);
	if (err)
		free(detail);
	else
		*out = detail;
	return err;
}

void detail_text(const struct detail *detail, char text[DETAIL_TEXT])
{
	if (detail->kind == DETAIL_CHAIN)
		snprintf(text, DETAIL_TEXT, "%s.%s", detail->table, detail->chain);
	else
		snprintf(text, DETAIL_TEXT, "%s%s dev %s",
			 detail->gateway[0] ? "via " : "direct", detail->gateway,
			 detail->dev);
}
