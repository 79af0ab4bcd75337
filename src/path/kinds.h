/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kinds.h - what kinds of events and counters are called, in JSON and in recordings,
 * which other versions read; tracepoint_names.h too
 */
#ifndef BPFPATH_KINDS_H
#define BPFPATH_KINDS_H

#include "bpf/event.h"

/* Kinds of events of a packet; the others are neither recorded nor shown. */
#define KINDS EVENT_DEVICES

extern const char *const kind_names[KINDS];
extern const char *const kind_accounts[ACCOUNT_SIZE];

#endif
