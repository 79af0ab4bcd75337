// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <string.h>

#include "filter/token.h"

/* What names, numbers and addresses of all kinds are made of. */
static bool token_is_word_byte(char byte)
{
	return isalnum((unsigned char)byte) || (byte && strchr("_.:$\\", byte));
}

/*
 * '-' is part of a name between two parts of it, and a sign elsewhere. ':' is
 * part of an address, which has more than one; in "tcp[0:2]" it is a sign.
 */
static size_t token_word_len(const char *text)
{
	const char *colon = NULL;
	size_t colons = 0, len = 0;

	while (token_is_word_byte(text[len]) ||
	       (len && text[len] == '-' && isalnum((unsigned char)text[len + 1]))) {
		if (text[len] == ':' && !colons++)
			colon = &text[len];
		len++;
	}
	return colons == 1 ? (size_t)(colon - text) : len;
}

static size_t token_sign_len(const char *text)
{
	static const char *const pairs[] = { "<=", ">=", "!=", "==",
					     "<<", ">>", "&&", "||" };

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
		if (!strncmp(text, pairs[i], 2))
			return 2;
	}
	return *text ? 1 : 0;
}

struct token token_next(const char *text)
{
	struct token token;

	token.text = text + strspn(text, " \t\r\n");
	token.len = token_word_len(token.text);
	if (!token.len)
		token.len = token_sign_len(token.text);
	return token;
}

bool token_is(const struct token *token, const char *word)
{
	return strlen(word) == token->len && !memcmp(token->text, word, token->len);
}

bool token_is_word(const struct token *token)
{
	return token->len && token_is_word_byte(*token->text);
}
