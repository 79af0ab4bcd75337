/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * token.h - the words and signs of a filter expression
 *
 * Not a second parser: just enough to know where one word ends and the next
 * begins, which libpcap does not tell.
 */
#ifndef BPFPATH_TOKEN_H
#define BPFPATH_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

struct token {
	const char *text; /* in the expression: not terminated */
	size_t len;	  /* 0: the end of the expression */
};

/* The first token at or after @text. The next one begins at text + len. */
struct token token_next(const char *text);

bool token_is(const struct token *token, const char *word);
bool token_is_word(const struct token *token);

#endif
