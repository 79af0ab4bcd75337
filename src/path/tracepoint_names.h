/* SPDX-License-Identifier: GPL-2.0-only */
/* tracepoint_names.h - what the tracepoints are called; by enum tracepoint_id */
#ifndef BPFPATH_TRACEPOINT_NAMES_H
#define BPFPATH_TRACEPOINT_NAMES_H

#include "bpf/tracepoints.h"

extern const char *const tracepoint_names[TRACEPOINT_SIZE];

#endif
