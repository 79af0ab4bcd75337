// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a syntax error is, is found by asking libpcap about shorter texts. As
 * long as the first n tokens can be completed to an expression somehow, the
 * error is behind them. A handful of completions is enough: what may follow a
 * keyword, and what closes all brackets. A text that stopped being the
 * beginning of an expression never becomes one again, so that the first bad
 * token can be searched for by halving.
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "filter/classic.h"
#include "filter/error.h"
#include "filter/position.h"
#include "filter/token.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof(*(array)))

/* What may stand where an expression breaks off. */
static const char *const position_operands[] = {
	"",	"0",	      "1.2.3.4",      "00:00:00:00:00:00",
	"ip",	"port 1",     "host 1.2.3.4", "proto 1",
	"[0]",	"dst port 1", "mgt",	      "beacon",
	"pass",
};

/* A comparison, to make an expression of arithmetic; or none. */
static const char *const position_relations[] = { "", " = 0" };

struct position_token {
	size_t offset; /* in the text that the user wrote */
	size_t end;    /* in the rewritten text */
};

struct position_text {
	char *rewritten; /* the same tokens, without names to look up */
	struct position_token *tokens;
	size_t count;
};

static void position_text_clear(struct position_text *text)
{
	free(text->rewritten);
	free(text->tokens);
}

static bool position_compiles_after(const char *qualifier, const char *word)
{
	struct filter_error error;
	struct classic classic;
	char text[128];

	snprintf(text, sizeof(text), "%s %s", qualifier, word);
	if (classic_is_syntax_error(text))
		return true; /* a keyword */
	if (classic_compile(text, EVENT_LAYER_ETHERNET, &classic, &error))
		return false;
	classic_free(&classic);
	return true;
}

/*
 * Can this only be the name of a host or a network? Trying out a text that has
 * one in it would ask the name servers each time.
 */
static bool position_is_host_name(const struct token *token)
{
	bool letters = false;
	char word[64];

	if (!token_is_word(token) || token->len >= sizeof(word))
		return false;

	memcpy(word, token->text, token->len);
	word[token->len] = '\0';
	for (const char *c = word; *c; c++)
		letters |= isalpha((unsigned char)*c) != 0;

	return letters && !strchr(word, ':') && !position_compiles_after("port", word) &&
	       !position_compiles_after("ip proto", word) &&
	       !position_compiles_after("ether proto", word);
}

/* The most that one byte of the text becomes: a name of one letter. */
#define POSITION_STAND_IN "1.2.3.4 "

static char *position_rewrite_token(char *to, const struct token *token)
{
	if (position_is_host_name(token))
		return stpcpy(to, POSITION_STAND_IN);

	to = mempcpy(to, token->text, token->len);
	*to++ = ' ';
	return to;
}

static int position_text_read(const char *from, struct position_text *text)
{
	size_t len = strlen(from);
	struct token token;
	char *to;

	text->rewritten = malloc((len + 1) * strlen(POSITION_STAND_IN));
	text->tokens = calloc(len + 1, sizeof(*text->tokens));
	if (!text->rewritten || !text->tokens)
		return -1;

	to = text->rewritten;
	for (token = token_next(from); token.len;
	     token = token_next(token.text + token.len)) {
		struct position_token *entry = &text->tokens[text->count++];

		to = position_rewrite_token(to, &token);
		entry->offset = token.text - from;
		entry->end = to - text->rewritten;
	}
	*to = '\0';
	return 0;
}

/*
 * The brackets that are open at the end of @text, outermost first, as what
 * closes them. NULL: no memory.
 */
static char *position_open_brackets(const char *text)
{
	char *open = malloc(strlen(text) + 1);
	size_t depth = 0;

	if (!open)
		return NULL;

	for (; *text; text++) {
		if (*text == '(')
			open[depth++] = ')';
		else if (*text == '[')
			open[depth++] = ']';
		else if ((*text == ')' || *text == ']') && depth)
			depth--;
	}
	open[depth] = '\0';
	return open;
}

/*
 * "prefix operand", then what closes the brackets in @open. What is in square
 * brackets is a number, so the comparison comes behind the outermost of them.
 */
static bool position_completes(const char *prefix, const char *operand, const char *open,
			       const char *relation)
{
	size_t depth = strlen(open);
	const char *square = strchr(open, ']');
	size_t outermost = square ? (size_t)(square - open) : depth;
	AUTO_FREE char *text = NULL;
	char *to;

	text = malloc(strlen(prefix) + strlen(operand) + depth + strlen(relation) + 1);
	if (!text)
		return true;

	to = stpcpy(stpcpy(text, prefix), operand);
	while (depth > outermost)
		*to++ = open[--depth];
	to = stpcpy(to, relation);
	while (depth)
		*to++ = open[--depth];
	*to = '\0';
	return !classic_is_syntax_error(text);
}

/* Can the first @count tokens of @text be the beginning of an expression? */
static bool position_is_viable(const struct position_text *text, size_t count)
{
	AUTO_FREE char *prefix = strndup(text->rewritten, text->tokens[count - 1].end);
	AUTO_FREE char *open = prefix ? position_open_brackets(prefix) : NULL;

	if (!open)
		return true;

	for (size_t i = 0; i < ARRAY_SIZE(position_operands); i++) {
		for (size_t k = 0; k < ARRAY_SIZE(position_relations); k++) {
			if (position_completes(prefix, position_operands[i], open,
					       position_relations[k]))
				return true;
		}
	}
	return false;
}

int position_of_syntax_error(const char *from)
{
	AUTO(position_text_clear) struct position_text text = {};
	size_t good = 0, bad;

	if (position_text_read(from, &text) || !classic_is_syntax_error(text.rewritten))
		return -1;

	/* The first @good tokens are viable, the first @bad are not. */
	bad = text.count + 1;
	while (bad - good > 1) {
		size_t middle = good + (bad - good) / 2;

		if (position_is_viable(&text, middle))
			good = middle;
		else
			bad = middle;
	}
	return good == text.count ? strlen(from) : text.tokens[good].offset;
}

/* Does a word end before @text? */
static bool position_is_word_end(const char *text)
{
	struct token next = token_next(text);

	return next.text != text || !token_is_word(&next);
}

/*
 * The first token of @text that @part begins at. libpcap has shortened some of
 * what it quotes: unless @whole, the last word may be longer than in @part.
 */
static int position_find(const char *text, const char *part, size_t len, bool whole)
{
	struct token token;

	for (token = token_next(text); token.len;
	     token = token_next(token.text + token.len)) {
		if (strncmp(token.text, part, len))
			continue;
		if (!whole || position_is_word_end(token.text + len))
			return token.text - text;
	}
	return -1;
}

/* What libpcap says before a word of the text, where it does not quote it. */
static const char *const position_phrases[] = {
	"illegal port number ",
	"bogus ethernet address ",
	"bogus IPv6 address ",
	"number ",
	"VLAN tag ",
	"MPLS label ",
};

/* The part of @message that is from the text; NULL when none is. */
static const char *position_quoted(const char *message, size_t *len)
{
	const char *quote = strchr(message, '"');

	if (quote) {
		*len = strcspn(quote + 1, "\"");
		return quote + 1;
	}
	for (size_t i = 0; i < ARRAY_SIZE(position_phrases); i++) {
		const char *phrase = position_phrases[i];

		if (strncmp(message, phrase, strlen(phrase)))
			continue;
		message += strlen(phrase);
		*len = strcspn(message, " ");
		return message;
	}
	return NULL;
}

int position_of_message(const char *text, const char *message)
{
	size_t len = 0;
	const char *part = position_quoted(message, &len);
	int position;

	if (!part || !len)
		return -1;

	position = position_find(text, part, len, true);
	return position >= 0 ? position : position_find(text, part, len, false);
}
