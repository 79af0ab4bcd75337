/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * text.h - what the forms of the text have in common: a block per packet, a line per
 * packet (--short), a line per step as it comes (--live)
 */
#ifndef BPFPATH_TEXT_H
#define BPFPATH_TEXT_H

#include <stdint.h>
#include <stdio.h>

#include "path/path.h"
#include "render/phrases.h"
#include "render/place.h"
#include "render/render.h"
#include "render/text_columns.h"

enum text_style {
	TEXT_PLAIN,
	TEXT_BOLD,
	TEXT_DIM,
	TEXT_GOOD,
	TEXT_BAD,
	TEXT_DOUBT,
	TEXT_STYLES
};

struct text {
	struct render render;
	bool colour;
	struct columns columns;
	struct phrases names;
};

/* The other forms, for their ops. */
int text_short(struct render *render, const struct path *path);
int text_live_step(struct render *render, const struct path *path, size_t i);
int text_live_end(struct render *render, const struct path *path);

/* All between these two is shown in that style. */
void text_begin(const struct text *text, enum text_style style);
void text_end(const struct text *text, enum text_style style);

/* "ping/1234"; the idle task of a CPU has no number worth showing. */
void text_process(FILE *out, const struct step *step);

/* "blue", "netns 4026531840" */
void text_netns(FILE *out, const struct step *step);

/* "eth0", "device 2", "no device" */
void text_device(FILE *out, const struct step *step);

/* "[blue] eth0", "[unknown place]" */
void text_place(FILE *out, const struct step *step);

/* "#1 icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 84, conversation 1" */
void text_packet(const struct text *text, const struct path *path);

/* What else the packet is, behind @before: "retransmission 1 of #3 after 203.112 ms,
 * by sequence number"; else nothing. */
void text_origin(FILE *out, const char *before, const struct path *path);

/* "waited 2.031 ms in the backlog" before step @i, where path_waited() says so. */
void text_waited(FILE *out, const char *before, const struct path *path, size_t i);

/* "1 step", "2 steps" */
void text_count(FILE *out, uint64_t count, const char *one, const char *many);

/* "dropped in ip_rcv_core: OTHERHOST, after 4 steps, 3.000 us" */
void text_outcome(const struct text *text, const struct path *path);

/* "may have a hole: ...", of a path that is not complete. */
void text_doubts(const struct text *text, const struct path *path);

#endif
