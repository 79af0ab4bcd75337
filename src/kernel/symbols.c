// SPDX-License-Identifier: GPL-2.0-only
#include "kernel/symbols.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/chains.h"
#include "base/cleanup.h"
#include "base/hash.h"
#include "base/hex.h"
#include "base/lines.h"
#include "base/strings.h"

/* The only data that is kept; there are as many variables as functions. */
static const char *const variable_names[] = {
	"page_offset_base", "vmemmap_base",   "__per_cpu_offset",
	"bpf_prog_active",  "current_kprobe",
};

#define KSYM_NAME_LEN 512 /* linux/kallsyms.h, since 6.1 */

#define VARIABLES (sizeof(variable_names) / sizeof(variable_names[0]))

#define RECENT 1024 /* a power of two */

/* What was last asked for. */
struct recent {
	uint64_t address;
	const struct symbol *symbol; /* NULL: nothing is known */
};

struct symbols {
	uint64_t variables[VARIABLES]; /* addresses */
	struct strings *strings;
	struct symbol *list; /* by address; at first as in the file */
	struct chains by_name;
	struct recent *recent;
	size_t count, room;
	bool hidden; /* no address but zero so far */
};

/* A line of /proc/kallsyms: "ffffffff81000000 T name\t[module]". */
struct line {
	const char *address; /* not looked at: most lines are of no use */
	char type;
	const char *name;
	size_t name_length;
	const char *module; /* NULL: none */
	size_t module_length;
};

static bool line_split(const char *text, size_t length, struct line *line)
{
	const char *end = text + length, *space = memchr(text, ' ', length), *tab;

	if (!space || end - space < 4 || space[2] != ' ')
		return false;
	line->address = text;
	line->type = space[1];
	line->name = space + 3;
	tab = memchr(line->name, '\t', (size_t)(end - line->name));
	line->name_length = (size_t)((tab ? tab : end) - line->name);
	line->module = NULL;
	line->module_length = 0;
	if (tab && tab[1] == '[') {
		line->module = tab + 2;
		line->module_length = strcspn(line->module, "]");
	}
	return line->name_length > 0;
}

static bool line_address(const struct line *line, uint64_t *address)
{
	return *hex_parse(line->address, address) == ' ';
}

/* @start is a constant, so that no function has to be called. */
static inline bool text_starts(const char *text, size_t length, const char *start)
{
	return length >= strlen(start) && !memcmp(text, start, strlen(start));
}

/*
 * Not functions, though text: the room before a function that patching may
 * use (__pfx_ since 6.2, b341b20d648b; __cfi_ of clang's kCFI), and the
 * mapping symbols of arm64 and riscv ("$x", "$d").
 */
static bool name_is_noise(const struct line *line)
{
	return line->name[0] == '$' ||
	       text_starts(line->name, line->name_length, "__pfx_") ||
	       text_starts(line->name, line->name_length, "__cfi_");
}

/*
 * [bpf] are programs, which come and go; [__builtin__ftrace] and
 * [__builtin__kprobes] (since 5.9, fc0ea795f53c) trampolines of tracers.
 */
static bool module_is_made_up(const struct line *line)
{
	return line->module &&
	       (text_starts(line->module, line->module_length, "__builtin__") ||
		(line->module_length == 3 && !memcmp(line->module, "bpf", 3)));
}

static bool line_is_function(const struct line *line)
{
	char type = line->type;

	return (type == 't' || type == 'T' || type == 'w' || type == 'W') &&
	       !name_is_noise(line) && !module_is_made_up(line);
}

static int symbols_grow(struct symbols *symbols)
{
	size_t room = symbols->room ? 2 * symbols->room : 65536;
	struct symbol *more = reallocarray(symbols->list, room, sizeof(*more));

	if (!more)
		return -ENOMEM;
	symbols->list = more;
	symbols->room = room;
	return 0;
}

/* Modules come one after the other, so the last one is most often the one. */
static const char *module_intern(struct symbols *symbols, const struct line *line)
{
	const char *last = symbols->count ? symbols->list[symbols->count - 1].module
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

static int symbol_add(struct symbols *symbols, const struct line *line, uint64_t address)
{
	struct symbol symbol = { .address = address };

	if (symbols->count == symbols->room && symbols_grow(symbols))
		return -ENOMEM;
	symbol.name = name_add(symbols, line);
	symbol.module = line->module ? module_intern(symbols, line) : NULL;
	if (!symbol.name || (line->module && !symbol.module))
		return -ENOMEM;
	symbols->list[symbols->count++] = symbol;
	symbols->hidden &= !symbol.address;
	return 0;
}

/* Which variable the line tells of; NULL: none that is kept. */
static uint64_t *line_variable(struct symbols *symbols, const struct line *line)
{
	if (line->module || !strchr("dDrRbBaA", line->type))
		return NULL;
	for (size_t i = 0; i < VARIABLES; i++) {
		if (strlen(variable_names[i]) == line->name_length &&
		    !memcmp(variable_names[i], line->name, line->name_length))
			return &symbols->variables[i];
	}
	return NULL;
}

static int line_add(struct symbols *symbols, const struct line *line)
{
	bool function = line_is_function(line);
	uint64_t *variable = function ? NULL : line_variable(symbols, line), address;

	if ((!function && !variable) || !line_address(line, &address))
		return 0;
	if (function)
		return symbol_add(symbols, line, address);
	*variable = address;
	return 0;
}

/* Of all lines, or of those of modules. */
static int file_read(struct symbols *symbols, FILE *file, bool modules)
{
	struct lines lines = { .file = file };
	const char *text;
	size_t length;
	struct line line;
	int err = 0, end;

	while (!err && (text = lines_next(&lines, &length)))
		if (line_split(text, length, &line) && (line.module || !modules))
			err = line_add(symbols, &line);
	end = lines_end(&lines);
	return err ? err : end;
}

/* Numbers of symbols, in the order of addresses, and else of the file. */
static int place_compare(const void *left, const void *right, void *context)
{
	uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
	const struct symbol *list = context;

	if (list[a].address != list[b].address)
		return list[a].address < list[b].address ? -1 : 1;
	return a < b ? -1 : a > b;
}

/* A copy of the @count symbols in @list, in order. NULL without memory. */
static struct symbol *symbols_ordered(const struct symbol *list, size_t count)
{
	struct symbol *ordered = reallocarray(NULL, count, sizeof(*ordered));
	AUTO_FREE uint32_t *places = reallocarray(NULL, count, sizeof(*places));

	if (!ordered || !places) {
		free(ordered);
		return NULL;
	}
	for (size_t i = 0; i < count; i++)
		places[i] = i;
	qsort_r(places, count, sizeof(*places), place_compare, (void *)list);
	for (size_t i = 0; i < count; i++)
		ordered[i] = list[places[i]];
	return ordered;
}

/* How many symbols are in order from the first on. */
static size_t symbols_in_order(const struct symbols *symbols)
{
	const struct symbol *list = symbols->list;

	for (size_t i = 1; i < symbols->count; i++)
		if (list[i - 1].address > list[i].address)
			return i;
	return symbols->count;
}

/*
 * The kernel lists itself in order, and then its modules in any: only these are
 * sorted, and put where they belong, from the end. Of several symbols at one address
 * the kernel takes the first that it lists (kernel/kallsyms.c, get_symbol_pos), which
 * its build has chosen well. So does this table: what is equal stays in its order,
 * which qsort(3) by itself does not promise.
 */
static int symbols_sort(struct symbols *symbols)
{
	size_t front = symbols_in_order(symbols), to = symbols->count;
	size_t rest = symbols->count - front;
	struct symbol *list = symbols->list;

	if (!rest)
		return 0;
	AUTO_FREE struct symbol *ordered = symbols_ordered(list + front, rest);

	if (!ordered)
		return -ENOMEM;
	while (rest) {
		if (front && list[front - 1].address > ordered[rest - 1].address)
			list[--to] = list[--front];
		else
			list[--to] = ordered[--rest];
	}
	return 0;
}

static uint64_t name_hash(const char *name)
{
	return hash_text(name, strlen(name));
}

static int symbols_index(struct symbols *symbols)
{
	int err = symbols_sort(symbols);

	if (!err)
		err = chains_init(&symbols->by_name, symbols->count);
	if (err)
		return err;
	for (size_t i = symbols->count; i-- > 0;)
		chains_add(&symbols->by_name, i, name_hash(symbols->list[i].name));
	symbols->recent = calloc(RECENT, sizeof(*symbols->recent));
	return symbols->recent ? 0 : -ENOMEM;
}

static int symbols_check(const struct symbols *symbols)
{
	if (!symbols->count)
		return -ENODATA;
	return symbols->hidden ? -EPERM : 0;
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
		err = file_read(symbols, file, false);
	if (!err)
		err = symbols_check(symbols);
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

/* What is not of a module. */
static int kernel_copy(const struct symbols *from, struct symbols *to)
{
	for (size_t i = 0; i < from->count; i++) {
		if (from->list[i].module)
			continue;
		if (to->count == to->room && symbols_grow(to))
			return -ENOMEM;
		to->list[to->count++] = from->list[i];
	}
	return 0;
}

static void arrays_free(struct symbols *symbols)
{
	free(symbols->list);
	free(symbols->recent);
	chains_free(&symbols->by_name);
}

int symbols_update_read(struct symbols *symbols, FILE *file)
{
	struct symbols fresh = { .strings = symbols->strings };
	int err = kernel_copy(symbols, &fresh);

	memcpy(fresh.variables, symbols->variables, sizeof(fresh.variables));
	if (!err)
		err = file_read(&fresh, file, true);
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

/* How many symbols lie below @address. */
static size_t symbols_below(const struct symbols *symbols, uint64_t address)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (symbols->list[middle].address < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static const struct symbol *symbols_find(const struct symbols *symbols, uint64_t address)
{
	const struct symbol *list = symbols->list;
	size_t below = symbols_below(symbols, address);

	if (below < symbols->count && list[below].address == address)
		return &list[below];
	if (!below)
		return NULL;
	/* It may be the last of several: the first of them is the one. */
	return &list[symbols_below(symbols, list[below - 1].address)];
}

const struct symbol *symbols_at(const struct symbols *symbols, uint64_t address)
{
	struct recent *recent =
		&symbols->recent[(address >> 4 ^ address >> 14) & (RECENT - 1)];

	if (!recent->symbol || recent->address != address) {
		recent->symbol = symbols_find(symbols, address);
		recent->address = address;
	}
	return recent->symbol;
}

const struct symbol *symbols_named(const struct symbols *symbols, const char *name,
				   const struct symbol *after)
{
	uint32_t i = after ? chains_next(&symbols->by_name, after - symbols->list)
			   : chains_first(&symbols->by_name, name_hash(name));

	for (; i != CHAINS_END; i = chains_next(&symbols->by_name, i))
		if (!strcmp(symbols->list[i].name, name))
			return &symbols->list[i];
	return NULL;
}

uint64_t symbols_variable(const struct symbols *symbols, const char *name)
{
	for (size_t i = 0; i < VARIABLES; i++) {
		if (!strcmp(variable_names[i], name))
			return symbols->variables[i];
	}
	return 0;
}
