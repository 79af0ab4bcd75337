// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/functions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/hex.h"
#include "base/lines.h"
#include "base/strings.h"
#include "kernel/prototypes.h"
#include "kernel/symbols.h"
#include "kernel/tracefs.h"

struct functions {
	struct strings *strings;
	struct function *list;
	size_t count, room;
	struct function_missing *missing;
	size_t missing_count;
};

/* What functions are made of; the arrays have an entry for each prototype. */
struct sources {
	const struct symbols *symbols;
	const struct prototypes *prototypes;
	bool *found;	 /* can be probed */
	bool *rewritten; /* has a copy that is left out */
};

/*
 * A line of available_filter_functions: "name" or "name [module]"; of
 * available_filter_functions_addrs (since 6.5, 83f74441bcb1): the same behind
 * the address of the patchable place in the function.
 */
struct line {
	const char *location; /* up to a space; NULL: not told */
	const char *name;
	size_t length;
	const char *module; /* NULL: vmlinux */
};

/* Parts of @text become the strings of @line. */
static bool line_split(char *text, size_t length, struct line *line)
{
	char *end = text + length, *space;

	line->module = NULL;
	if (length && end[-1] == ']') {
		end[-1] = '\0';
		end = memrchr(text, '[', length);
		if (!end)
			return false;
		line->module = end + 1;
		while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		*end = '\0';
	}
	space = memchr(text, ' ', (size_t)(end - text));
	line->location = space ? text : NULL;
	line->name = space ? space + 1 : text;
	line->length = (size_t)(end - line->name);
	return line->length > 0;
}

/* Where the patchable place is, 0 when the line does not tell. */
static bool line_location(const struct line *line, uint64_t *location)
{
	*location = 0;
	return !line->location || *hex_parse(line->location, location) == ' ';
}

static bool module_equal(const char *a, const char *b)
{
	return !strcmp(a ?: "", b ?: "");
}

static int functions_grow(struct functions *functions)
{
	size_t room = functions->room ? 2 * functions->room : 2048;
	struct function *more = reallocarray(functions->list, room, sizeof(*more));

	if (!more)
		return -ENOMEM;
	functions->list = more;
	functions->room = room;
	return 0;
}

static bool symbol_is_alone(const struct symbols *symbols, const struct symbol *symbol)
{
	const struct symbol *first = symbols_named(symbols, symbol->name, NULL);

	return first == symbol && !symbols_named(symbols, symbol->name, first);
}

static int function_add(struct functions *functions, const struct symbols *symbols,
			const struct prototype *prototype, const struct symbol *symbol,
			bool assumed)
{
	struct function function = {
		.name = strings_intern(functions->strings, symbol->name),
		.address = symbol->address,
		.argument = prototype->argument,
		.packet = prototype->packet,
		.assumed = assumed,
		.alone = symbol_is_alone(symbols, symbol),
		.arity = prototype->arity,
		.type = prototype->type,
	};

	if (prototype->module)
		function.module = strings_intern(functions->strings, prototype->module);
	if (!function.name || (prototype->module && !function.module))
		return -ENOMEM;
	if (functions->count == functions->room && functions_grow(functions))
		return -ENOMEM;
	functions->list[functions->count++] = function;
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

/* What compilers put behind the name of a copy that they change (GCC, clang). */
static const char *const suffixes[] = { ".isra.", ".constprop.", ".part.", ".llvm." };

size_t function_base_length(const char *name)
{
	size_t length = strlen(name), at;

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		const char *suffix = strstr(name, suffixes[i]);

		at = suffix ? (size_t)(suffix - name) : length;
		if (at < length)
			length = at;
	}
	return length;
}

/*
 * The prototype of @line; *@assumed: that of the function it is a copy of. Most lines
 * have none, and no suffix, which begins with a dot.
 */
static const struct prototype *line_prototype(const struct prototypes *prototypes,
					      const struct line *line, bool *assumed)
{
	const struct prototype *found = prototypes_find(prototypes, line->name,
							line->length, line->module);
	size_t length;

	*assumed = false;
	if (found || !memchr(line->name, '.', line->length))
		return found;
	length = function_base_length(line->name);
	*assumed = length < line->length;
	return *assumed ? prototypes_find(prototypes, line->name, length, line->module)
			: NULL;
}

/* May a copy take a packet where the function takes the way to one? */
static bool copy_is_rewritten(const struct prototype *prototype, const char *name)
{
	return prototype->packet != FUNCTION_SKB && strstr(name, ".isra.");
}

static int line_resolve(struct functions *functions, const struct sources *sources,
			const struct line *line)
{
	const struct prototype *prototype, *all;
	const struct symbol *named = NULL;
	uint64_t location;
	size_t count;
	bool assumed;
	int err = 0;

	prototype = line_prototype(sources->prototypes, line, &assumed);
	if (!prototype || prototype->problem || !line_location(line, &location))
		return 0;
	all = prototypes_all(sources->prototypes, &count);
	if (assumed && copy_is_rewritten(prototype, line->name)) {
		sources->rewritten[prototype - all] = true;
		return 0;
	}
	while (!err && (named = symbols_named(sources->symbols, line->name, named))) {
		if (!module_equal(named->module, line->module) ||
		    !symbol_holds(sources->symbols, named, location))
			continue;
		sources->found[prototype - all] = true;
		err = function_add(functions, sources->symbols, prototype, named,
				   assumed);
	}
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
		      const struct sources *sources)
{
	struct lines lines = { .file = file };
	char *text;
	size_t length;
	struct line line;
	int err = 0, end;

	while (!err && (text = lines_next(&lines, &length)))
		if (line_split(text, length, &line))
			err = line_resolve(functions, sources, &line);
	end = lines_end(&lines);
	return err ? err : end;
}

static bool symbol_exists(const struct symbols *symbols,
			  const struct prototype *prototype)
{
	const struct symbol *named = NULL;

	while ((named = symbols_named(symbols, prototype->name, named)))
		if (module_equal(named->module, prototype->module))
			return true;
	return false;
}

static enum function_problem prototype_problem(const struct sources *sources,
					       const struct prototype *prototype,
					       size_t index)
{
	static const enum function_problem problems[] = {
		[PROTOTYPE_SHAPES] = FUNCTION_SHAPES,
		[PROTOTYPE_WIDE] = FUNCTION_WIDE,
		[PROTOTYPE_OUT] = FUNCTION_OUT,
	};

	if (prototype->problem)
		return problems[prototype->problem];
	if (symbol_exists(sources->symbols, prototype))
		return FUNCTION_NOTRACE;
	return sources->rewritten[index] ? FUNCTION_REWRITTEN : FUNCTION_INLINED;
}

static int missing_fill(struct functions *functions, const struct sources *sources)
{
	size_t count;
	const struct prototype *all = prototypes_all(sources->prototypes, &count);

	functions->missing = calloc(count + 1, sizeof(*functions->missing));
	if (!functions->missing)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		struct function_missing *missing =
			&functions->missing[functions->missing_count];

		if (sources->found[i])
			continue;
		missing->name = strings_intern(functions->strings, all[i].name);
		if (all[i].module)
			missing->module = strings_intern(functions->strings,
							 all[i].module);
		if (!missing->name || (all[i].module && !missing->module))
			return -ENOMEM;
		missing->problem = prototype_problem(sources, &all[i], i);
		functions->missing_count++;
	}
	return 0;
}

static int functions_fill(struct functions *functions, FILE *file,
			  const struct symbols *symbols,
			  const struct prototypes *prototypes)
{
	size_t count;

	prototypes_all(prototypes, &count);
	AUTO_FREE bool *found = calloc(count + 1, sizeof(*found));
	AUTO_FREE bool *rewritten = calloc(count + 1, sizeof(*rewritten));
	const struct sources sources = { symbols, prototypes, found, rewritten };
	int err;

	if (!found || !rewritten)
		return -ENOMEM;
	err = lines_read(functions, file, &sources);
	if (err)
		return err;
	functions_sort(functions);
	return missing_fill(functions, &sources);
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
		err = functions_fill(functions, file, symbols, prototypes);
	if (err) {
		functions_free(functions);
		return err;
	}
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

int functions_load(struct btf *vmlinux, const struct symbols *symbols,
		   struct functions **out)
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
	err = prototypes_load(vmlinux, &prototypes);
	return err ?: functions_read(file, symbols, prototypes, out);
}

void functions_free(struct functions *functions)
{
	if (!functions)
		return;
	strings_free(functions->strings);
	free(functions->list);
	free(functions->missing);
	free(functions);
}

const struct function *functions_all(const struct functions *functions, size_t *count)
{
	*count = functions->count;
	return functions->list;
}

const struct function_missing *functions_missing(const struct functions *functions,
						 size_t *count)
{
	*count = functions->missing_count;
	return functions->missing;
}
