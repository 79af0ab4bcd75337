/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * again.h - an event that tells of a packet which TCP sends once more
 *
 * Who does it is told by the calls that led there, and why by who asked for it.
 */
#ifndef BPFPATH_AGAIN_H
#define BPFPATH_AGAIN_H

#include <stddef.h>

#include "path/relation.h"

struct naming;

/* @data is all of an EVENT_AGAIN, @size bytes at any address. */
struct making again_read(struct naming *naming, const void *data, size_t size);

/* "timeout", ...: what it means that the function @caller asked for it; NULL: not known.
 */
const char *again_reason(const char *caller);

#endif
