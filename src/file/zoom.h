/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * zoom.h - a recording as it would have been made with fewer functions probed
 *
 * What a step that is left out has told of the packet (its headers, its device, what
 * was lost before) is told by the next one that stays, as the kernel side does it.
 */
#ifndef BPFPATH_ZOOM_H
#define BPFPATH_ZOOM_H

#include <stdbool.h>

#include "path/names.h"

struct recording_piece;
struct zoom;

/* Does @function stay? It is asked once for each, or a few times. */
typedef bool zoom_wants(void *context, const char *function);

/* @names and @context must outlive it. NULL without memory. */
struct zoom *zoom_new(struct names *names, zoom_wants *wants, void *context);
void zoom_free(struct zoom *zoom);

/* False: it is left out. Otherwise @piece may lead into @zoom, until the next call. */
bool zoom_piece(struct zoom *zoom, struct recording_piece *piece);

#endif
