/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control.h - what the user has chosen to see, and what the keys do; knows no terminal
 */
#ifndef BPFPATH_CONTROL_H
#define BPFPATH_CONTROL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/path.h"
#include "top/control_key.h"
#include "top/pager.h"
#include "top/sheet.h"
#include "top/views.h"

struct model;

#define CONTROL_FILTER 64 /* bytes of what rows must have, with a NUL */

/* Where the user is in a view. */
struct control_place {
	size_t sort; /* column */
	bool reverse;
	uint64_t selected; /* id of the row; 0: the first one, whatever it is */
	size_t at;	   /* where that is, in the order of the sheet */
	size_t top;	   /* the first row that is shown */
};

/* What the head of the screen says, from the same moment as the sheets. */
struct control_sum {
	uint64_t paths, packets, lost;
	uint64_t ends[PATH_ENDS];
	double rate; /* paths a second */
	uint64_t seconds;
};

struct control_options {
	struct model *model;
	const char *what; /* filter or file, for people; escaped */
	bool live;	  /* packets are traced, not read from a file */
	bool rare;	  /* the rarest classes first */
};

struct control {
	struct control_options options;
	enum views_id view;
	struct control_place places[VIEWS];
	struct sheet sheets[VIEWS];
	struct control_sum sum;
	struct pager pager;	     /* a path or the help, over the view */
	char filter[CONTROL_FILTER]; /* rows must have it in them */
	char before[CONTROL_FILTER]; /* ... before the user began to type */
	char message[128];	     /* escaped; "": none */
	bool typing;		     /* the filter */
	bool frozen;		     /* what is shown stays as it is */
	bool ended;		     /* nothing more will come */
	bool quit;
	int width, height; /* of the screen */
};

void control_open(struct control *control, const struct control_options *options);
void control_close(struct control *control);

void control_resize(struct control *control, int width, int height);

/* Show what the model has now, unless it is frozen; it was begun so long ago. */
void control_refresh(struct control *control, uint64_t seconds);

/* Nothing more will come: show what there is. */
void control_end(struct control *control);

/* @key: a character of Unicode or an enum control_key; others do nothing. */
void control_key(struct control *control, uint32_t key);

/* Show a line until the next key. */
void control_say(struct control *control, const char *line);

/* It is over, and no terminal any more: show what there is, but no text and no prompt. */
void control_picture(struct control *control);

/* The row that is selected; NULL: there is none. */
const struct sheet_row *control_selected(const struct control *control);

#endif
