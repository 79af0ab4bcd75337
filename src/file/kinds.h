/* SPDX-License-Identifier: GPL-2.0-only */
/* kinds.h - events and tracepoints by their names, whose numbers change with versions */
#ifndef BPFPATH_KINDS_H
#define BPFPATH_KINDS_H

#include "bpf/event.h"
#include "bpf/tracepoints.h"

/* Kinds of events of a packet; the others are not recorded. */
#define KINDS EVENT_DEVICES

extern const char *const kind_names[KINDS];
extern const char *const kind_tracepoints[TRACEPOINT_SIZE];

#endif
