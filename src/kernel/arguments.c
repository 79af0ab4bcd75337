// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/arguments.h"

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* share/probes/arguments.conf, each line a string literal */
static const char conf[] =
#include "kernel/arguments.inc"
	;

/* A line: "function kind", the rest is for people. */
struct line {
	const char *name, *kind;
	size_t name_length, kind_length;
};

/* From the line at @at to the next one; NULL behind the last. */
static const char *line_next(const char *at, struct line *line)
{
	if (!*at)
		return NULL;
	line->name = at;
	line->name_length = *at == '#' ? 0 : strcspn(at, "\t\n");
	line->kind = at + line->name_length;
	line->kind += strspn(line->kind, "\t");
	line->kind_length = strcspn(line->kind, " \t\n");
	at = strchrnul(at, '\n');
	return *at ? at + 1 : at;
}

static bool word_is(const char *word, size_t length, const char *text)
{
	return strlen(text) == length && !memcmp(word, text, length);
}

static enum argument_kind line_kind(const struct line *line)
{
	static const char *const kinds[] = {
		[ARGUMENT_LIST] = "list",
		[ARGUMENT_OUT] = "out",
		[ARGUMENT_HOLDER] = "holder",
	};
	static_assert(sizeof(kinds) / sizeof(kinds[0]) == ARGUMENT_KINDS,
		      "a name for each kind");

	for (size_t kind = ARGUMENT_BY_TYPE + 1; kind < ARGUMENT_KINDS; kind++)
		if (word_is(line->kind, line->kind_length, kinds[kind]))
			return kind;
	return ARGUMENT_BY_TYPE;
}

enum argument_kind arguments_kind(const char *function)
{
	struct line line;

	for (const char *at = conf; (at = line_next(at, &line));)
		if (line.name_length && word_is(line.name, line.name_length, function))
			return line_kind(&line);
	return ARGUMENT_BY_TYPE;
}

unsigned int arguments_check(void)
{
	unsigned int number = 0;
	struct line line;

	for (const char *at = conf; (at = line_next(at, &line));) {
		number++;
		if (line.name_length && line_kind(&line) == ARGUMENT_BY_TYPE)
			return number;
	}
	return 0;
}
