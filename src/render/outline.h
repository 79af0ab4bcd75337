/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * outline.h - lines that belong to one another, drawn as a tree
 *
 *	packet
 *	├─ ip
 *	│  └─ ip_output
 *	└─ delivered
 */
#ifndef BPFPATH_OUTLINE_H
#define BPFPATH_OUTLINE_H

#include <stddef.h>
#include <stdio.h>

#define OUTLINE_DEPTH 96 /* deeper ones are drawn there */

struct outline {
	FILE *out; /* the text of the line goes here */
	char *text;
	size_t size;
	struct outline_line *lines;
	size_t count, room;
	int error;
};

/* 0 or -ENOMEM; outline_close() is for both. */
int outline_open(struct outline *outline);
void outline_close(struct outline *outline);

/* What is written from now on is a new line, part of the last one that is less deep. */
void outline_line(struct outline *outline, size_t depth);

/* Draw everything, and begin anew. 0 or a negative errno. */
int outline_draw(struct outline *outline, FILE *to);

#endif
