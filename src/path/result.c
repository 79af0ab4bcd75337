// SPDX-License-Identifier: GPL-2.0-only
#include "path/result.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/conf.h"
#include "path/names.h"

/* share/returns.conf, each line a string literal; cut into words when it is read */
static const char conf[] =
#include "path/returns.inc"
	;

enum result_type {
	RESULT_INT,
	RESULT_BOOL,
	RESULT_POINTER,
	RESULT_REASON,
	RESULT_MINUS_REASON,
	RESULT_VERDICT,
	RESULT_TYPES
};

static const char *const type_names[] = {
	[RESULT_INT] = "int",
	[RESULT_BOOL] = "bool",
	[RESULT_POINTER] = "pointer",
	[RESULT_REASON] = "reason",
	[RESULT_MINUS_REASON] = "-reason",
	[RESULT_VERDICT] = "verdict",
};
static_assert(sizeof(type_names) / sizeof(type_names[0]) == RESULT_TYPES,
	      "a name per type");

#define WORDS	  10
#define MEANINGS  32
#define FUNCTIONS 128
#define MAX_ERRNO 4095 /* include/linux/err.h: the last addresses are errors */

/* include/uapi/linux/netfilter.h */
#define VERDICT_MASK   0xff
#define VERDICT_BITS   16
#define VERDICT_DROP   0
#define VERDICT_STOLEN 2

#define ERRNO_NAMED 256 /* more than have names */

struct word {
	int64_t value;
	const char *text;
};

struct meaning {
	const char *name, *negative; /* the word for "-", NULL: none */
	enum result_type type;
	struct word words[WORDS];
	size_t count;
};

struct function {
	const char *name;
	const struct meaning *meaning;
	bool decides;
};

static struct meaning meanings[MEANINGS];
static struct function functions[FUNCTIONS]; /* sorted by name, once loaded */
static size_t meaning_count, function_count;
static bool loaded;

static enum result_type type_named(const char *name)
{
	enum result_type type = 0;

	while (type < RESULT_TYPES && strcmp(type_names[type], name))
		type++;
	return type;
}

static const struct meaning *meaning_named(const char *name)
{
	for (size_t i = 0; i < meaning_count; i++) {
		if (!strcmp(meanings[i].name, name))
			return &meanings[i];
	}
	return NULL;
}

/* "value=WORD", "-=WORD" */
static int word_parse(struct meaning *meaning, char *text)
{
	char *value = strsep(&text, "="), *end;

	if (!text || !*text || !*value)
		return -EINVAL;
	if (!strcmp(value, "-")) {
		meaning->negative = text;
		return 0;
	}
	if (meaning->count == WORDS)
		return -EINVAL;
	meaning->words[meaning->count++] = (struct word){ strtoll(value, &end, 10),
							  text };
	return *end ? -EINVAL : 0;
}

static int meaning_parse(const char *name, char *line)
{
	char *type = conf_field(&line), *words = conf_field(&line), *word;
	struct meaning *meaning = &meanings[meaning_count];

	if (!type || meaning_count == MEANINGS || meaning_named(name))
		return -EINVAL;
	*meaning = (struct meaning){ .name = name, .type = type_named(type) };
	if (meaning->type == RESULT_TYPES)
		return -EINVAL;
	while ((word = strsep(&words, " "))) {
		if (word_parse(meaning, word))
			return -EINVAL;
	}
	meaning_count++;
	return 0;
}

static int function_parse(const char *name, char *line)
{
	const char *meaning = conf_field(&line), *when = conf_field(&line);
	struct function *function = &functions[function_count];

	if (!meaning || conf_field(&line) || function_count == FUNCTIONS)
		return -EINVAL;
	*function = (struct function){ name, meaning_named(meaning), !when };
	if (!function->meaning || (when && strcmp(when, "graph") != 0))
		return -EINVAL;
	function_count++;
	return 0;
}

static int line_parse(char *line)
{
	char *name = conf_field(&line);

	if (!name)
		return -EINVAL;
	return *name == '=' ? meaning_parse(name + 1, line) : function_parse(name, line);
}

static int function_compare(const void *a, const void *b)
{
	return strcmp(((const struct function *)a)->name,
		      ((const struct function *)b)->name);
}

static bool function_is_twice(void)
{
	for (size_t i = 1; i < function_count; i++) {
		if (!function_compare(&functions[i - 1], &functions[i]))
			return true;
	}
	return false;
}

int result_load(unsigned int *line)
{
	static char text[sizeof(conf)];

	meaning_count = function_count = 0;
	loaded = true;
	if (conf_read(memcpy(text, conf, sizeof(conf)), line_parse, line))
		return -EINVAL;
	qsort(functions, function_count, sizeof(*functions), function_compare);
	return function_is_twice() ? -EINVAL : 0;
}

/*
 * A copy for a constant argument returns what the function does; one with fewer
 * arguments (".isra.0") may return nothing.
 */
static size_t result_name_length(const char *name)
{
	static const char copy[] = ".constprop.";
	const char *suffix = strchrnul(name, '.');

	if (strncmp(suffix, copy, strlen(copy)) || strstr(suffix, ".isra."))
		return strlen(name);
	return (size_t)(suffix - name);
}

static const struct function *function_named(const char *name)
{
	char base[64];
	struct function key = { .name = base };
	unsigned int line;

	if (!loaded)
		result_load(&line); /* cannot fail: the tests have read it */
	snprintf(base, sizeof(base), "%.*s", (int)result_name_length(name), name);
	return bsearch(&key, functions, function_count, sizeof(*functions),
		       function_compare);
}

bool result_decides(const char *name)
{
	const struct function *function = function_named(name);

	return function && function->decides;
}

const struct meaning *result_meaning(const char *name)
{
	const struct function *function = function_named(name);

	return function ? function->meaning : NULL;
}

/* The register holds more than the value, whose type says how much of it. */
static void result_number(struct result *result, enum result_type type, uint64_t value)
{
	result->numeric = true;
	if (type == RESULT_BOOL)
		result->number = (uint8_t)value;
	else if (type != RESULT_POINTER)
		result->number = (int32_t)value;
	else if (!value || value >= (uint64_t)-MAX_ERRNO)
		result->number = (int64_t)value;
	else
		result->numeric = false;
}

static const char *number_word(const struct meaning *meaning, int64_t number)
{
	for (size_t i = 0; i < meaning->count; i++) {
		if (meaning->words[i].value == number)
			return meaning->words[i].text;
	}
	return number < 0 ? meaning->negative : NULL;
}

/* "-EINVAL" */
static const char *errno_word(int64_t number)
{
	static char words[ERRNO_NAMED][24];
	const char *name = number > -ERRNO_NAMED ? strerrorname_np((int)-number) : NULL;

	if (!name)
		return NULL;
	if (!words[-number][0])
		snprintf(words[-number], sizeof(words[0]), "-%s", name);
	return words[-number];
}

/*
 * What a number stands for. The upper half of a verdict is an errno, or the number of a
 * queue. Since 6.7 (e0d4593140b0, NF_DROP_REASON) who drops a packet frees it himself and
 * calls it stolen, with an errno.
 */
static int64_t number_meant(enum result_type type, int64_t number)
{
	if (type != RESULT_VERDICT)
		return number;
	return (number & VERDICT_MASK) == VERDICT_STOLEN && number >> VERDICT_BITS
		       ? VERDICT_DROP
		       : number & VERDICT_MASK;
}

/* The drop reason that the number is; 0: none. */
static uint32_t number_reason(enum result_type type, int64_t number)
{
	if (type == RESULT_MINUS_REASON)
		number = -number;
	else if (type != RESULT_REASON)
		return 0;
	return number > 0 ? (uint32_t)number : 0;
}

/* What needs no words of its own. */
static const char *type_word(enum result_type type, int64_t number, struct names *names)
{
	uint32_t reason = number_reason(type, number);

	if (type == RESULT_BOOL)
		return number ? "true" : "false";
	if (reason)
		return names->ops->drop_reason(names, reason);
	return number < 0 && type != RESULT_MINUS_REASON ? errno_word(number) : NULL;
}

bool result_reasons(const struct meaning *meaning)
{
	return meaning &&
	       (meaning->type == RESULT_REASON || meaning->type == RESULT_MINUS_REASON);
}

uint32_t result_reason(const struct meaning *meaning, uint64_t value)
{
	struct result result = { 0 };

	result_number(&result, meaning->type, value);
	return result.numeric ? number_reason(meaning->type, result.number) : 0;
}

void result_mean(const struct meaning *meaning, uint64_t value, struct names *names,
		 struct result *out)
{
	*out = (struct result){ 0 };
	result_number(out, meaning->type, value);
	if (!out->numeric)
		return;
	out->word = number_word(meaning, number_meant(meaning->type, out->number));
	if (!out->word)
		out->word = type_word(meaning->type, out->number, names);
}

bool result_read(const char *name, uint64_t value, struct names *names,
		 struct result *out)
{
	const struct meaning *meaning = result_meaning(name);

	if (meaning)
		result_mean(meaning, value, names, out);
	return meaning != NULL;
}

bool result_same(const struct result *a, const struct result *b)
{
	if (a->numeric != b->numeric || !a->word != !b->word)
		return false;
	return a->word ? !strcmp(a->word, b->word)
		       : !a->numeric || a->number == b->number;
}
