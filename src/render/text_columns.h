/* SPDX-License-Identifier: GPL-2.0-only */
/* text_columns.h - the columns of a step in the text, which can be chosen */
#ifndef BPFPATH_TEXT_COLUMNS_H
#define BPFPATH_TEXT_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct path;
struct text;

#define COLUMNS_MAX 12

struct column;
struct phrases;
struct step;

struct columns {
	const struct column *list[COLUMNS_MAX];
	int width[COLUMNS_MAX]; /* of what is in it; 0: the path has none of it */
	size_t count;
	struct phrases *names; /* of functions, as they are shown; the text's */
};

/*
 * "time,function": names with commas between. False: one of them is none, is there
 * twice, or there is none at all; @columns may be NULL.
 */
bool columns_read(struct columns *columns, const char *names);

/* "time, delta, ...", for messages; static. */
const char *columns_names(void);

/* What the path needs, or what most steps need, whatever comes. */
void columns_fit(struct columns *columns, const struct path *path);
void columns_fix(struct columns *columns);

/* A line without its end: the names of the columns, the step @i of @path. */
void columns_heading(const struct text *text);
void columns_step(const struct text *text, const struct path *path, size_t i);

/* " filter.INPUT", " via 10.0.0.1 dev eth0", likewise; 0: nothing else is known. */
size_t columns_detail(char *to, size_t size, const struct step *step);

/* " = DROP", to be put behind the function; 0: it has not returned, or nothing to tell.
 */
size_t columns_result(char *to, size_t size, const struct step *step);

/* Where the functions begin in such a line. */
int columns_indent(const struct columns *columns);

#endif
