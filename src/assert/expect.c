// SPDX-License-Identifier: GPL-2.0-only
#include "assert/expect.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/duration.h"
#include "base/log.h"
#include "path/path.h"

#define BLANKS " \t\r\n"

/* What is behind .at was not looked at yet; words are ended where they stand. */
struct parser {
	struct expect *expect;
	char *at;
	struct expect_error *error;
};

static PRINTF_LIKE(3, 4) int parser_fail(struct parser *parser, const char *at,
					 const char *format, ...)
{
	va_list arguments;

	parser->error->position = (size_t)(at - parser->expect->words);
	va_start(arguments, format);
	vsnprintf(parser->error->message, sizeof(parser->error->message), format,
		  arguments);
	va_end(arguments);
	return -EINVAL;
}

static char *parser_skip(struct parser *parser)
{
	parser->at += strspn(parser->at, BLANKS);
	return parser->at;
}

/* NULL: there is none any more. */
static char *parser_word(struct parser *parser)
{
	char *word = parser_skip(parser);

	if (!*word)
		return NULL;
	parser->at += strcspn(parser->at, BLANKS);
	if (*parser->at)
		*parser->at++ = '\0';
	return word;
}

/* "WORD=VALUE"; *@value is NULL without "=". */
static int parser_pair(struct parser *parser, char *word, const char **value)
{
	char *sign = strchr(word, '=');

	*value = NULL;
	if (!sign)
		return 0;
	if (sign == word)
		return parser_fail(parser, sign, "nothing stands before '='");
	if (!sign[1])
		return parser_fail(parser, sign + 1, "nothing stands behind '='");
	*sign = '\0';
	*value = sign + 1;
	return 0;
}

static int parse_names(struct parser *parser, size_t least, size_t most)
{
	struct expect *expect = parser->expect;
	char *word;
	int err = 0;

	while (!err && expect->name_count < most && (word = parser_word(parser))) {
		struct expect_name *name = &expect->names[expect->name_count++];

		name->pattern = word;
		err = parser_pair(parser, word, &name->result);
	}
	if (!err && expect->name_count < least)
		err = parser_fail(parser, parser->at,
				  "a function, tracepoint or stage is missing");
	return err;
}

static int parse_name(struct parser *parser)
{
	return parse_names(parser, 1, 1);
}

static int parse_order(struct parser *parser)
{
	return parse_names(parser, 2, EXPECT_NAMES);
}

static int parse_end(struct parser *parser, char *word)
{
	struct expect *expect = parser->expect;
	enum path_end end = PATH_OPEN;
	const char *reason;
	int err = parser_pair(parser, word, &reason);

	if (err)
		return err;
	while (end < PATH_ENDS && strcmp(path_end_name(end), word))
		end++;
	if (end == PATH_ENDS)
		return parser_fail(parser, word,
				   "'%.40s' is no end: use open, delivered, transmitted, "
				   "dropped, consumed, lost or merged",
				   word);
	if (reason && end != PATH_DROPPED)
		return parser_fail(parser, reason, "only dropped has a reason");
	if (reason && expect->reason)
		return parser_fail(parser, reason, "there is a reason already");
	expect->ends |= 1U << end;
	if (reason)
		expect->reason = reason;
	return 0;
}

static int parse_ends(struct parser *parser)
{
	char *word;
	int err = 0;

	while (!err && (word = parser_word(parser)))
		err = parse_end(parser, word);
	if (!err && !parser->expect->ends)
		err = parser_fail(parser, parser->at, "an end is missing");
	return err;
}

/* Names of devices have no '/', those of namespaces may have. */
static int parse_crosses(struct parser *parser)
{
	struct expect *expect = parser->expect;
	char *word = parser_word(parser), *slash;

	if (!word || !strcmp(word, "/"))
		return parser_fail(parser, word ?: parser->at,
				   "a device is missing: use DEV, NETNS/DEV or NETNS/");
	slash = strrchr(word, '/');
	expect->dev = slash ? slash + 1 : word;
	if (!*expect->dev)
		expect->dev = NULL;
	if (slash && slash != word) {
		*slash = '\0';
		expect->netns = word;
	}
	return 0;
}

static int parse_changes(struct parser *parser)
{
	char *word = parser_word(parser), names[160] = "";

	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		if (word && !strcmp(change_name(field), word)) {
			parser->expect->field = field;
			return 0;
		}
		snprintf(names + strlen(names), sizeof(names) - strlen(names), "%s%s",
			 field ? ", " : "", change_name(field));
	}
	return parser_fail(parser, word ?: parser->at,
			   "a field is missing: use one of %s", names);
}

/* ---- numbers */

static int parse_compare(struct parser *parser)
{
	static const struct {
		const char *sign;
		enum expect_compare compare;
	} signs[] = {
		{ "<=", EXPECT_LESS_EQUAL }, { ">=", EXPECT_GREATER_EQUAL },
		{ "==", EXPECT_EQUAL },	     { "!=", EXPECT_NOT_EQUAL },
		{ "<", EXPECT_LESS },	     { ">", EXPECT_GREATER },
	};
	static_assert(sizeof(signs) / sizeof(signs[0]) == EXPECT_COMPARES,
		      "a sign for each comparison");
	const char *at = parser_skip(parser);

	for (size_t i = 0; i < EXPECT_COMPARES; i++) {
		if (strncmp(at, signs[i].sign, strlen(signs[i].sign)))
			continue;
		parser->expect->compare = signs[i].compare;
		parser->at += strlen(signs[i].sign);
		return 0;
	}
	return parser_fail(parser, at,
			   "a comparison is missing: use <, <=, >, >=, == or !=");
}

static int parse_time(struct parser *parser)
{
	char *text = parser_skip(parser), *end;
	double number = strtod(text, &end), ns;

	if (end == text || !isdigit((unsigned char)*text) || number > 1e9)
		return parser_fail(parser, text, "a time is missing: use one like 1.5ms");
	parser->at = end;
	text = parser_word(parser);
	ns = text ? duration_unit(text) : 0;
	if (ns == 0)
		return parser_fail(parser, end, "a unit is missing: use ns, us, ms or s");
	parser->expect->limit = (uint64_t)(number * ns);
	return 0;
}

static int parse_percentile(struct parser *parser)
{
	int err = parse_compare(parser);

	return err ? err : parse_time(parser);
}

static int parse_count(struct parser *parser)
{
	int err = parse_compare(parser);
	char *text, *end;

	if (err)
		return err;
	text = parser_skip(parser);
	errno = 0;
	parser->expect->limit = strtoull(text, &end, 10);
	if (!isdigit((unsigned char)*text) || errno || (*end && !strchr(BLANKS, *end)))
		return parser_fail(parser, text, "a number of packets is missing");
	parser->at = end;
	return 0;
}

/* ---- the whole */

static const struct {
	const char *word;
	int (*parse)(struct parser *parser);
} kinds[] = {
	[EXPECT_REACHES] = { "reaches", parse_name },
	[EXPECT_NEVER] = { "never", parse_name },
	[EXPECT_ORDER] = { "order", parse_order },
	[EXPECT_END] = { "end", parse_ends },
	[EXPECT_CROSSES] = { "crosses", parse_crosses },
	[EXPECT_CHANGES] = { "changes", parse_changes },
	[EXPECT_PERCENTILE] = { "p", parse_percentile },
	[EXPECT_COUNT] = { "count", parse_count },
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == EXPECT_KINDS, "an entry per kind");

/* "p99", "p99.9" */
static bool word_is_percentile(const char *word, size_t length, double *percentile)
{
	char *end;

	if (length < 2 || *word != 'p' || !isdigit((unsigned char)word[1]))
		return false;
	*percentile = strtod(word + 1, &end);
	return end == word + length && *percentile > 0 && *percentile <= 100;
}

static enum expect_kind word_kind(struct parser *parser, size_t length)
{
	enum expect_kind kind = 0;

	if (word_is_percentile(parser->at, length, &parser->expect->percentile))
		return EXPECT_PERCENTILE;
	while (kind < EXPECT_KINDS &&
	       (kind == EXPECT_PERCENTILE || strlen(kinds[kind].word) != length ||
		memcmp(kinds[kind].word, parser->at, length)))
		kind++;
	return kind;
}

static void parse_any(struct parser *parser)
{
	if (strncmp(parser_skip(parser), "any:", 4))
		return;
	parser->expect->any = true;
	parser->at += 4;
	parser_skip(parser);
}

static int parse(struct parser *parser)
{
	struct expect *expect = parser->expect;
	size_t length;
	int err;

	parse_any(parser);
	length = strcspn(parser->at, BLANKS "<>=!");
	expect->kind = word_kind(parser, length);
	if (expect->kind == EXPECT_KINDS)
		return parser_fail(parser, parser->at,
				   "what is expected is missing: begin with reaches, "
				   "never, order, end, crosses, changes, pN or count");
	if (expect->any && expect_is_total(expect))
		return parser_fail(parser, parser->at,
				   "it is of all packets together, leave out 'any:'");
	parser->at += length;
	err = kinds[expect->kind].parse(parser);
	if (!err && *parser_skip(parser))
		err = parser_fail(parser, parser->at, "nothing more was expected here");
	return err;
}

int expect_parse(const char *text, struct expect *expect, struct expect_error *error)
{
	struct parser parser = { .expect = expect, .error = error };
	int err;

	*expect = (struct expect){ .text = text, .words = strdup(text) };
	if (!expect->words)
		return -ENOMEM;
	parser.at = expect->words;
	err = parse(&parser);
	if (err)
		expect_free(expect);
	return err;
}

void expect_free(struct expect *expect)
{
	free(expect->words);
	*expect = (struct expect){ 0 };
}

bool expect_is_total(const struct expect *expect)
{
	return expect->kind == EXPECT_PERCENTILE || expect->kind == EXPECT_COUNT;
}

bool expect_compare(const struct expect *expect, uint64_t value)
{
	switch (expect->compare) {
	case EXPECT_LESS:
		return value < expect->limit;
	case EXPECT_LESS_EQUAL:
		return value <= expect->limit;
	case EXPECT_GREATER:
		return value > expect->limit;
	case EXPECT_GREATER_EQUAL:
		return value >= expect->limit;
	case EXPECT_EQUAL:
		return value == expect->limit;
	default:
		return value != expect->limit;
	}
}
