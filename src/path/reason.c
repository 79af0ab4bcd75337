// SPDX-License-Identifier: GPL-2.0-only
#include "path/reason.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

/* share/reasons.conf, each line a string literal */
static const char conf[] =
#include "path/reasons.inc"
	;

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"
#define NAME  UPPER DIGIT "abcdefghijklmnopqrstuvwxyz_"

/* Either of reason and function may be "", not both. */
struct entry {
	const char *reason, *function, *text;
};

/* Read line by line: a drop is rare. */
static struct entry entries[512];
static size_t count;
static bool loaded;

static bool name_is(const char *name, const char *accept)
{
	return !name[strspn(name, accept)];
}

/* @function may end in a compiler's suffix. */
static const struct entry *entry_find(const char *reason, const char *function)
{
	size_t length = strcspn(function, ".");

	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = &entries[i];

		if (!strcmp(entry->reason, reason) &&
		    !strncmp(entry->function, function, length) &&
		    !entry->function[length])
			return entry;
	}
	return NULL;
}

static bool text_is_right(const char *text)
{
	size_t length = strlen(text);

	return length && length <= REASON_TEXT_MAX && text[length - 1] != '.' &&
	       !strpbrk(text, "\t\r");
}

/* Cuts @line, which ends in '\0', at '@' and tab. */
static int line_parse(char *line)
{
	char *text = strchr(line, '\t'), *function;

	if (!*line || *line == '#')
		return 0;
	if (!text || count == sizeof(entries) / sizeof(entries[0]))
		return -EINVAL;
	*text++ = '\0';
	function = strchr(line, '@');
	if (function)
		*function++ = '\0';
	if (function ? !*function : !*line)
		return -EINVAL;
	if (!function)
		function = strchr(line, '\0');
	if (!name_is(line, UPPER DIGIT "_") || !name_is(function, NAME) ||
	    !text_is_right(text) || entry_find(line, function))
		return -EINVAL;
	entries[count++] = (struct entry){ line, function, text };
	return 0;
}

int reason_load(char *text, unsigned int *line)
{
	static char builtin[sizeof(conf)];
	unsigned int number = 0;

	count = 0;
	loaded = true;
	if (!text)
		text = memcpy(builtin, conf, sizeof(conf));
	while (text) {
		char *at = strsep(&text, "\n");

		number++;
		if (line_parse(at)) {
			*line = number;
			return -EINVAL;
		}
	}
	return 0;
}

const char *reason_explain(const char *reason, const char *function)
{
	bool none = !reason || !strcmp(reason, "NOT_SPECIFIED");
	const struct entry *entry = NULL;
	unsigned int line;

	if (!loaded)
		reason_load(NULL, &line); /* cannot fail: the tests have read it */
	if (reason && *function)
		entry = entry_find(reason, function);
	if (!entry && none && *function)
		entry = entry_find("", function);
	if (!entry && reason)
		entry = entry_find(reason, "");
	return entry ? entry->text : NULL;
}
