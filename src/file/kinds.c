// SPDX-License-Identifier: GPL-2.0-only
#include "file/kinds.h"

#include <assert.h>

static_assert(KINDS == 5, "every kind has a name");

const char *const kind_names[KINDS] = {
	[EVENT_FUNCTION] = "function", [EVENT_TRACEPOINT] = "tracepoint",
	[EVENT_GATE] = "gate",	       [EVENT_FREE] = "free",
	[EVENT_REUSED] = "reused",
};

const char *const kind_tracepoints[TRACEPOINT_SIZE] = {
#define X(name, argument, role) [TRACEPOINT_##name] = #name,
	TRACEPOINTS(X)
#undef X
};
