/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * screen.h - the terminal: a grid is put on it, and keys come from it
 *
 * The one user of ncurses. From screen_open() to screen_close() the signals that end,
 * stop and resize belong to it; whatever ends the process meanwhile, but for SIGKILL,
 * leaves the terminal as it was. There can be one screen.
 */
#ifndef BPFPATH_SCREEN_H
#define BPFPATH_SCREEN_H

#include <stdint.h>

struct grid;
struct screen;

/* In place of keys. */
enum screen_key {
	SCREEN_NOTHING = 0,	/* there is none now */
	SCREEN_OVER = 0x120000, /* a signal, or the terminal is gone: end */
	SCREEN_CHANGED,		/* it has another size, or has to be drawn anew */
};

/*
 * Can this be a screen: are standard output and TERM a terminal that has one? 0, or
 * -EINVAL after one line to the user. Touches nothing.
 */
int screen_check(void);

/* 0, or a negative errno after one line to the user, and the terminal is as it was. */
int screen_open(struct screen **out);
void screen_close(struct screen *screen); /* NULL is fine */

/* Readable when screen_key() has something. The screen's own. */
int screen_fd(const struct screen *screen);

/* A character, an enum control_key, or an enum screen_key; does not wait. */
uint32_t screen_key(struct screen *screen);

void screen_size(const struct screen *screen, int *width, int *height);

/* What is to be seen from now on; only what has changed is sent. */
void screen_draw(struct screen *screen, const struct grid *grid);

#endif
