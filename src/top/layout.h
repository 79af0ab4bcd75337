/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * layout.h - where on the screen is what
 *
 *	bpfpath top: udp                                       7 paths/s, tracing 0:12
 *	40 packets  20 dropped  20 delivered
 *	 1 classes [2 drops] 3 stages  4 devices  5 losses  6 packets   1 row, by drops
 *	    drops      %      /s  reason     in              device  namespace
 *	>      20  100.0     3.5  NO_SOCKET  __udp4_lib_rcv  vb      blue
 *
 *	no socket is bound to this address and port: ...
 *	? help  q quit  Enter path  ...
 *
 * What matters less has no line where there are few of them, and no column where there
 * are few of these; any size will do.
 */
#ifndef BPFPATH_LAYOUT_H
#define BPFPATH_LAYOUT_H

#include <stddef.h>

struct control;
struct grid;

/* How many rows of a table, and lines of a text, a screen of @height lines has. */
int layout_rows(int height);
int layout_text_lines(int height);

/* As much of @height as so many rows need, with all that is around them. */
int layout_height(int height, size_t rows);

/* Draw all of it on a grid of the control's size that is empty. */
void layout_draw(const struct control *control, struct grid *grid);

#endif
