// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/functions.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strings.h"
#include "kernel/prototypes.h"
#include "kernel/symbols.h"
#include "kernel/tracefs.h"

struct functions {
	struct strings *strings;
	struct function *list;
	size_t count, room;
};

/*
 * A line of available_filter_functions: "name" or "name [module]"; of
 * available_filter_functions_addrs (since 6.5, 83f74441bcb1): the same behind
 * the address of the patchable place in the function.
 */
struct line {
	uint64_t location; /* 0: not told */
	const char *name;
	const char *module; /* NULL: vmlinux */
};

/* Parts of @text become the strings of @line. */
static bool line_parse(char *text, struct line *line)
{
	char *first = strtok(text, " \t\n");
	char *second = first ? strtok(NULL, " \t\n") : NULL;
	char *third = second ? strtok(NULL, " \t\n") : NULL;
	char *end;

	if (!first)
		return false;
	line->location = 0;
	if (second && second[0] != '[') {
		line->location = strtoull(first, &end, 16);
		if (*end)
			return false;
		first = second;
		second = third;
	}
	line->name = first;
	line->module = NULL;
	if (second && second[0] == '[') {
		second[strcspn(second, "]")] = '\0';
		line->module = second + 1;
	}
	return true;
}

static bool module_equal(const char *a, const char *b)
{
	return !strcmp(a ?: "", b ?: "");
}

static int function_add(struct functions *functions, const struct prototype *prototype,
			uint64_t address)
{
	struct function *function;

	if (functions->count == functions->room) {
		size_t room = functions->room ? 2 * functions->room : 2048;
		struct function *more = reallocarray(functions->list, room,
						     sizeof(*more));

		if (!more)
			return -ENOMEM;
		functions->list = more;
		functions->room = room;
	}
	function = &functions->list[functions->count];
	function->name = strings_intern(functions->strings, prototype->name);
	function->module = NULL;
	if (prototype->module)
		function->module = strings_intern(functions->strings, prototype->module);
	if (!function->name || (prototype->module && !function->module))
		return -ENOMEM;
	function->address = address;
	function->argument = prototype->argument;
	function->packet = prototype->packet;
	functions->count++;
	return 0;
}

/*
 * The patchable place lies a few bytes behind the start of its function (ENDBR,
 * BTI, the prologue of s390 or powerpc), with no other symbol in between.
 */
static bool symbol_holds(const struct symbols *symbols, const struct symbol *symbol,
			 uint64_t location)
{
	const struct symbol *at;

	if (!location)
		return true;
	at = symbols_at(symbols, location);
	return at && at->address == symbol->address;
}

static int line_resolve(struct functions *functions, const struct symbols *symbols,
			const struct prototypes *prototypes, const struct line *line)
{
	const struct prototype *prototype = prototypes_find(prototypes, line->name,
							    line->module);
	const struct symbol *named;
	size_t count;
	int err = 0;

	if (!prototype)
		return 0;
	named = symbols_named(symbols, line->name, &count);
	for (size_t i = 0; i < count && !err; i++)
		if (module_equal(named[i].module, line->module) &&
		    symbol_holds(symbols, &named[i], line->location))
			err = function_add(functions, prototype, named[i].address);
	return err;
}

static int address_compare(const void *left, const void *right)
{
	const struct function *a = left, *b = right;

	return a->address < b->address ? -1 : a->address > b->address;
}

/*
 * By address, each once: a name that the list has twice brought all of its
 * addresses twice, when the list told no addresses.
 */
static void functions_sort(struct functions *functions)
{
	struct function *list = functions->list;
	size_t kept = 0;

	if (functions->count)
		qsort(list, functions->count, sizeof(*list), address_compare);
	for (size_t i = 0; i < functions->count; i++)
		if (!kept || list[kept - 1].address != list[i].address)
			list[kept++] = list[i];
	functions->count = kept;
}

static int lines_read(struct functions *functions, FILE *file,
		      const struct symbols *symbols, const struct prototypes *prototypes)
{
	AUTO_FREE char *text = NULL;
	size_t room = 0;
	struct line line;
	int err = 0;

	while (!err && getline(&text, &room, file) > 0)
		if (line_parse(text, &line))
			err = line_resolve(functions, symbols, prototypes, &line);
	return !err && ferror(file) ? -EIO : err;
}

int functions_read(FILE *file, const struct symbols *symbols,
		   const struct prototypes *prototypes, struct functions **out)
{
	struct functions *functions = calloc(1, sizeof(*functions));
	int err = -ENOMEM;

	if (!functions)
		return err;
	functions->strings = strings_new();
	if (functions->strings)
		err = lines_read(functions, file, symbols, prototypes);
	if (err) {
		functions_free(functions);
		return err;
	}
	functions_sort(functions);
	*out = functions;
	return 0;
}

/* The list of functions that can be probed; before 6.5 without addresses. */
static int available_open(void)
{
	int fd = tracefs_open("available_filter_functions_addrs");

	if (fd == -ENOENT)
		fd = tracefs_open("available_filter_functions");
	return fd == -ENOENT ? -EOPNOTSUPP : fd;
}

static void cleanup_prototypes(struct prototypes **prototypes)
{
	prototypes_free(*prototypes);
}

int functions_load(const struct symbols *symbols, struct functions **out)
{
	AUTO(cleanup_prototypes) struct prototypes *prototypes = NULL;
	AUTO_FILE FILE *file = NULL;
	int fd = available_open(), err;

	if (fd < 0)
		return fd == -EACCES ? -EPERM : fd;
	file = fdopen(fd, "r");
	if (!file) {
		close(fd);
		return -ENOMEM;
	}
	err = prototypes_load(&prototypes);
	return err ?: functions_read(file, symbols, prototypes, out);
}

void functions_free(struct functions *functions)
{
	if (!functions)
		return;
	strings_free(functions->strings);
	free(functions->list);
	free(functions);
}

const struct function *functions_all(const struct functions *functions, size_t *count)
{
	*count = functions->count;
	return functions->list;
}
