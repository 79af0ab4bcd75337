// SPDX-License-Identifier: GPL-2.0-only
#include "path/kinds.h"

#include <assert.h>

static_assert(KINDS == 12, "every kind has a name");
static_assert(ACCOUNT_SIZE == 8, "every counter has a name");

const char *const kind_names[KINDS] = {
	[EVENT_FUNCTION] = "function", [EVENT_TRACEPOINT] = "tracepoint",
	[EVENT_GATE] = "gate",	       [EVENT_FREE] = "free",
	[EVENT_COPY] = "copy",	       [EVENT_MERGE] = "merge",
	[EVENT_QUEUE] = "queue",       [EVENT_RETURN] = "return",
	[EVENT_REUSED] = "reused",     [EVENT_CHAIN] = "chain",
	[EVENT_ROUTE] = "route",       [EVENT_AGAIN] = "again",
};

const char *const kind_accounts[ACCOUNT_SIZE] = {
	[ACCOUNT_PACKETS] = "packets",	     [ACCOUNT_STEPS] = "steps",
	[ACCOUNT_RING_FULL] = "ring full",   [ACCOUNT_REFUSED] = "refused",
	[ACCOUNT_TABLE_FULL] = "table full", [ACCOUNT_NESTED] = "nested",
	[ACCOUNT_RETURNS] = "returns",	     [ACCOUNT_BLIND] = "blind",
};
