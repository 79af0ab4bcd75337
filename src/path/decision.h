/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * decision.h - what was decided about a packet between some of its steps: verdicts of
 * netfilter's hooks, and where routing sends it
 *
 * Data, not code: share/decisions.conf, built in, says which functions tell.
 */
#ifndef BPFPATH_DECISION_H
#define BPFPATH_DECISION_H

#include <stdbool.h>
#include <stddef.h>

struct detail;
struct path;

/*
 * A hook of netfilter is left out where the last of its chains said the same: that is
 * what there is to tell.
 */
struct decision {
	/* the chain of netfilter that decided, or the route that was chosen; else NULL */
	const struct detail *detail;
	const char *hook; /* "ip.PREROUTING", "hook" for an unknown one; NULL: routing */
	const char *verdict; /* of chain or hook: "ACCEPT", NULL where it was not seen; of
				routing: "local", "forward" */
	/* the reader's own */
	const char *pending; /* hook of the function that was entered last */
	size_t next;	     /* step */
};

/*
 * The next decision at steps of @path before @end, from the one before on, of which all
 * is 0 at the beginning. False: there is none any more.
 */
bool decision_next(const struct path *path, size_t end, struct decision *decision);

/*
 * Read the built-in data, which decision_next() does by itself: for the tests. 0, or
 * -EINVAL and in *@line (from 1) the first line that is wrong: not of the form, or a
 * name that was there before.
 */
int decision_load(unsigned int *line);

#endif
