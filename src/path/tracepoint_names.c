// SPDX-License-Identifier: GPL-2.0-only
#include "path/tracepoint_names.h"

const char *const tracepoint_names[TRACEPOINT_SIZE] = {
#define X(name, argument, role) [TRACEPOINT_##name] = #name,
	TRACEPOINTS(X)
#undef X
		[TRACEPOINT_sk_data_ready] = "sk_data_ready",
};
