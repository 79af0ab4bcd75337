// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "expressions.h"

static void expressions_add(struct test_expressions *expressions, const char *text)
{
	size_t size = (expressions->count + 1) * sizeof(*expressions->list);

	expressions->list = realloc(expressions->list, size);
	if (!expressions->list)
		abort();
	expressions->list[expressions->count] = strdup(text);
	if (!expressions->list[expressions->count++])
		abort();
}

void expressions_read(const char *path, struct test_expressions *expressions)
{
	AUTO_FILE FILE *file = fopen(path, "r");
	AUTO_FREE char *line = NULL;
	size_t size = 0;

	*expressions = (struct test_expressions){};
	if (!file) {
		perror(path);
		exit(1);
	}
	while (getline(&line, &size, file) >= 0) {
		line[strcspn(line, "\n")] = '\0';
		if (*line && *line != '#')
			expressions_add(expressions, line);
	}
}

void expressions_free(struct test_expressions *expressions)
{
	for (size_t i = 0; i < expressions->count; i++)
		free(expressions->list[i]);
	free(expressions->list);
	*expressions = (struct test_expressions){};
}
