// SPDX-License-Identifier: GPL-2.0-only
#include "diff/moment.h"

#include <string.h>

/* share/moments.conf, each line a string literal */
static const char conf[] =
#include "diff/moments.inc"
	;

static bool line_matches(const char *line, const char *function)
{
	size_t length = strcspn(line, "\t\n");

	if (!length || *line == '#')
		return false;
	if (line[length - 1] == '*')
		return !strncmp(line, function, length - 1);
	return !strncmp(line, function, length) && !function[length];
}

bool moment_is(const char *function)
{
	for (const char *line = conf; *line; line = strchrnul(line, '\n') + 1) {
		if (line_matches(line, function))
			return true;
	}
	return false;
}
