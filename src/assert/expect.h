/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expect.h - what somebody expects of packets, from a text
 *
 *	[any:] reaches NAME[=RESULT]		[any:] crosses [NETNS/]DEV
 *	[any:] never NAME[=RESULT]		[any:] changes FIELD
 *	[any:] order NAME[=RESULT]...		pN < TIME, count >= N
 *	[any:] end KIND[=REASON]...
 */
#ifndef BPFPATH_EXPECT_H
#define BPFPATH_EXPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "path/change.h"

enum expect_kind {
	EXPECT_REACHES,
	EXPECT_NEVER,
	EXPECT_ORDER,
	EXPECT_END,
	EXPECT_CROSSES,
	EXPECT_CHANGES,
	EXPECT_PERCENTILE, /* of all packets together, as is the next one */
	EXPECT_COUNT,
	EXPECT_KINDS
};

enum expect_compare {
	EXPECT_LESS,
	EXPECT_LESS_EQUAL,
	EXPECT_GREATER,
	EXPECT_GREATER_EQUAL,
	EXPECT_EQUAL,
	EXPECT_NOT_EQUAL,
	EXPECT_COMPARES
};

#define EXPECT_NAMES 32

/* Of functions, tracepoints and stages, a pattern of glob(7), as all texts here. */
struct expect_name {
	const char *pattern;
	const char *result; /* NULL: whatever was returned */
};

struct expect {
	const char *text; /* all of it, as it was given to expect_parse() */
	char *words;	  /* owned; the other texts are in it */
	enum expect_kind kind;
	bool any; /* one packet is enough */
	struct expect_name names[EXPECT_NAMES];
	size_t name_count;
	unsigned int ends;  /* a bit for each enum path_end that is good */
	const char *reason; /* of a drop; NULL: any */
	const char *netns;  /* name or inode; NULL: any */
	const char *dev;    /* NULL: any */
	enum change_field field;
	double percentile;
	enum expect_compare compare;
	uint64_t limit; /* ns, or packets */
};

struct expect_error {
	size_t position; /* in the text, from 0 */
	char message[256];
};

/* 0; -EINVAL and @error; or -ENOMEM. @text must outlive @expect. */
int expect_parse(const char *text, struct expect *expect, struct expect_error *error);
void expect_free(struct expect *expect);

/* Is it one that looks at all packets together? */
bool expect_is_total(const struct expect *expect);

/* Is @value what .compare and .limit ask for? */
bool expect_compare(const struct expect *expect, uint64_t value);

#endif
