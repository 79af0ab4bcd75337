// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/symbols.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/strings.h"

/* The only data that is kept; there are as many variables as functions. */
static const char *const variable_names[] = {
	"page_offset_base",
	"vmemmap_base",
};

#define KSYM_NAME_LEN 512 /* linux/kallsyms.h, since 6.1 */

#define VARIABLES (sizeof(variable_names) / sizeof(variable_names[0]))

struct symbols {
	uint64_t variables[VARIABLES]; /* addresses */
	struct strings *strings;
	struct symbol *listed; /* as in the file */
	struct symbol *by_name;
	uint32_t *by_address; /* indices into listed */
	size_t count, room;
	bool hidden; /* no address but zero so far */
};

/* A line of /proc/kallsyms: "ffffffff81000000 T name\t[module]". */
struct line {
	uint64_t address;
	char type;
	const char *name;
	size_t name_length;
	const char *module; /* NULL: none */
	size_t module_length;
};

static const char *hex_parse(const char *text, uint64_t *value)
{
	uint64_t sum = 0;

	for (;; text++) {
		if (*text >= '0' && *text <= '9')
			sum = sum << 4 | (*text - '0');
		else if (*text >= 'a' && *text <= 'f')
			sum = sum << 4 | (*text - 'a' + 10);
		else
			break;
	}
	*value = sum;
	return text;
}

static bool line_parse(const char *text, struct line *line)
{
	text = hex_parse(text, &line->address);
	if (text[0] != ' ' || !text[1] || text[2] != ' ')
		return false;
	line->type = text[1];
	line->name = text + 3;
	line->name_length = strcspn(line->name, "\t\n");
	text = line->name + line->name_length;
	line->module = NULL;
	line->module_length = 0;
	if (text[0] == '\t' && text[1] == '[') {
		line->module = text + 2;
		line->module_length = strcspn(line->module, "]\n");
	}
	return line->name_length > 0;
}

static bool text_starts(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

/*
 * Not functions, though text: the room before a function that patching may
 * use (__pfx_ since 6.2, b341b20d648b; __cfi_ of clang's kCFI), and the
 * mapping symbols of arm64 and riscv ("$x", "$d").
 */
static bool name_is_noise(const char *name)
{
	return name[0] == '$' || text_starts(name, "__pfx_") ||
	       text_starts(name, "__cfi_");
}

/*
 * [bpf] are programs, which come and go; [__builtin__ftrace] and
 * [__builtin__kprobes] (since 5.9, fc0ea795f53c) trampolines of tracers.
 */
static bool module_is_made_up(const struct line *line)
{
	return line->module && (text_starts(line->module, "bpf]") ||
				text_starts(line->module, "__builtin__"));
}

static bool line_is_function(const struct line *line)
{
	return strchr("tTwW", line->type) && !name_is_noise(line->name) &&
	       !module_is_made_up(line);
}

static int symbols_grow(struct symbols *symbols)
{
	size_t room = symbols->room ? 2 * symbols->room : 65536;
	struct symbol *more = reallocarray(symbols->listed, room, sizeof(*more));

	if (!more)
		return -ENOMEM;
	symbols->listed = more;
	symbols->room = room;
	return 0;
}

/* Modules come one after the other, so the last one is most often the one. */
static const char *module_intern(struct symbols *symbols, const struct line *line)
{
	const char *last = symbols->count ? symbols->listed[symbols->count - 1].module
					  : NULL;
	char name[128];

	if (last && strlen(last) == line->module_length &&
	    !memcmp(last, line->module, line->module_length))
		return last;
	snprintf(name, sizeof(name), "%.*s", (int)line->module_length, line->module);
	return strings_intern(symbols->strings, name);
}

/* Names of modules come again and again, those of the kernel once. */
static const char *name_add(struct symbols *symbols, const struct line *line)
{
	char name[KSYM_NAME_LEN];

	if (!line->module || line->name_length >= sizeof(name))
		return strings_add(symbols->strings, line->name, line->name_length);
	memcpy(name, line->name, line->name_length);
	name[line->name_length] = '\0';
	return strings_intern(symbols->strings, name);
}

static int symbol_add(struct symbols *symbols, const struct line *line)
{
	struct symbol symbol = { .address = line->address };

	if (symbols->count == symbols->room && symbols_grow(symbols))
		return -ENOMEM;
	symbol.name = name_add(symbols, line);
	symbol.module = line->module ? module_intern(symbols, line) : NULL;
	if (!symbol.name || (line->module && !symbol.module))
		return -ENOMEM;
	symbols->listed[symbols->count++] = symbol;
	symbols->hidden &= !symbol.address;
	return 0;
}

static void variable_add(struct symbols *symbols, const struct line *line)
{
	for (size_t i = 0; i < VARIABLES; i++) {
		if (strlen(variable_names[i]) == line->name_length &&
		    !memcmp(variable_names[i], line->name, line->name_length))
			symbols->variables[i] = line->address;
	}
}

static int lines_read(struct symbols *symbols, FILE *file)
{
	AUTO_FREE char *text = NULL;
	size_t room = 0;
	struct line line;
	int err;

	while (getline(&text, &room, file) > 0) {
		if (!line_parse(text, &line))
			continue;
		if (strchr("dDrRbB", line.type) && !line.module)
			variable_add(symbols, &line);
		if (!line_is_function(&line))
			continue;
		err = symbol_add(symbols, &line);
		if (err)
			return err;
	}
	if (ferror(file))
		return -EIO;
	if (!symbols->count)
		return -ENODATA;
	return symbols->hidden ? -EPERM : 0;
}

static int name_compare(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	return a->address < b->address ? -1 : a->address > b->address;
}

/*
 * Of several symbols at one address the kernel takes the first that it lists
 * (kernel/kallsyms.c, get_symbol_pos), which its build has chosen well. So
 * does this table, and qsort(3) keeps no order by itself.
 */
static int place_compare(const void *left, const void *right, void *context)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	const struct symbol *listed = context;

	if (listed[a].address != listed[b].address)
		return listed[a].address < listed[b].address ? -1 : 1;
	return a < b ? -1 : a > b;
}

static int symbols_index(struct symbols *symbols)
{
	size_t count = symbols->count;

	symbols->by_name = reallocarray(NULL, count, sizeof(*symbols->by_name));
	symbols->by_address = reallocarray(NULL, count, sizeof(*symbols->by_address));
	if (!symbols->by_name || !symbols->by_address)
		return -ENOMEM;
	memcpy(symbols->by_name, symbols->listed, count * sizeof(*symbols->by_name));
	qsort(symbols->by_name, count, sizeof(*symbols->by_name), name_compare);
	for (size_t i = 0; i < count; i++)
		symbols->by_address[i] = i;
	qsort_r(symbols->by_address, count, sizeof(*symbols->by_address), place_compare,
		symbols->listed);
	return 0;
}

int symbols_read(FILE *file, struct symbols **out)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));
	int err = -ENOMEM;

	if (!symbols)
		return err;
	symbols->hidden = true;
	symbols->strings = strings_new();
	if (symbols->strings)
		err = lines_read(symbols, file);
	if (!err)
		err = symbols_index(symbols);
	if (err) {
		symbols_free(symbols);
		return err;
	}
	*out = symbols;
	return 0;
}

int symbols_load(struct symbols **out)
{
	AUTO_FILE FILE *file = fopen("/proc/kallsyms", "re");

	return file ? symbols_read(file, out) : -errno;
}

static int modules_read(struct symbols *symbols, FILE *file)
{
	AUTO_FREE char *text = NULL;
	size_t room = 0;
	struct line line;
	int err = 0;

	while (!err && getline(&text, &room, file) > 0)
		if (line_parse(text, &line) && line.module && line_is_function(&line))
			err = symbol_add(symbols, &line);
	return !err && ferror(file) ? -EIO : err;
}

/* What is not of a module, in the order of the file. */
static int kernel_copy(const struct symbols *from, struct symbols *to)
{
	for (size_t i = 0; i < from->count; i++) {
		if (from->listed[i].module)
			continue;
		if (to->count == to->room && symbols_grow(to))
			return -ENOMEM;
		to->listed[to->count++] = from->listed[i];
	}
	return 0;
}

static void arrays_free(struct symbols *symbols)
{
	free(symbols->listed);
	free(symbols->by_name);
	free(symbols->by_address);
}

int symbols_update_read(struct symbols *symbols, FILE *file)
{
	struct symbols fresh = { .strings = symbols->strings };
	int err = kernel_copy(symbols, &fresh);

	memcpy(fresh.variables, symbols->variables, sizeof(fresh.variables));
	if (!err)
		err = modules_read(&fresh, file);
	if (!err)
		err = symbols_index(&fresh);
	if (err) {
		arrays_free(&fresh);
		return err;
	}
	arrays_free(symbols);
	*symbols = fresh;
	return 0;
}

int symbols_update(struct symbols *symbols)
{
	AUTO_FILE FILE *file = fopen("/proc/kallsyms", "re");

	return file ? symbols_update_read(symbols, file) : -errno;
}

void symbols_free(struct symbols *symbols)
{
	if (!symbols)
		return;
	strings_free(symbols->strings);
	arrays_free(symbols);
	free(symbols);
}

/* How many symbols, in the order of addresses, lie below @address. */
static size_t places_below(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->listed[symbols->by_address[middle]].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct symbol *symbols_at(const struct symbols *symbols, uint64_t address)
{
	size_t below = places_below(symbols, address);
	const struct symbol *symbol;

	if (below < symbols->count) {
		symbol = &symbols->listed[symbols->by_address[below]];
		if (symbol->address == address)
			return symbol;
	}
	if (!below)
		return NULL;
	symbol = &symbols->listed[symbols->by_address[below - 1]];
	/* It may be the last of several: the first of them is the one. */
	return &symbols->listed[symbols->by_address[places_below(symbols,
								 symbol->address)]];
}

const struct symbol *symbols_named(const struct symbols *symbols, const char *name,
				   size_t *count)
{
	size_t low = 0, high = symbols->count, end;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(symbols->by_name[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (end = low; end < symbols->count; end++)
		if (strcmp(symbols->by_name[end].name, name))
			break;
	*count = end - low;
	return *count ? &symbols->by_name[low] : NULL;
}

uint64_t symbols_variable(const struct symbols *symbols, const char *name)
{
	for (size_t i = 0; i < VARIABLES; i++) {
		if (!strcmp(variable_names[i], name))
			return symbols->variables[i];
	}
	return 0;
}
