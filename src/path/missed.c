// SPDX-License-Identifier: GPL-2.0-only
#include "path/missed.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"

#define MISSED_OTHERS "others"

struct span {
	uint64_t from, to, runs;
};

struct misses_of {
	enum missed_kind kind;
	const char *name;
	struct span spans[MISSES_SPANS]; /* in the order of time */
	size_t count;
};

static const struct {
	const char *name, *words;
} kinds[] = {
	[MISSED_FUNCTION] = { "function", "function " },
	[MISSED_TRACEPOINT] = { "tracepoint", "tracepoint " },
	[MISSED_GATE] = { "gate", "gates by " },
	[MISSED_FUNCTIONS] = { "functions", "functions by " },
	[MISSED_FREE] = { "free", "tracepoint " },
};
static_assert(sizeof(kinds) / sizeof(kinds[0]) == MISSED_KINDS, "words for each kind");

const char *missed_kind_name(enum missed_kind kind)
{
	return kinds[kind].name;
}

const char *missed_kind_words(enum missed_kind kind)
{
	return kinds[kind].words;
}

uint64_t missed_runs(const struct missed_list *list)
{
	uint64_t runs = 0;

	for (size_t i = 0; i < list->count; i++)
		runs += list->list[i].runs;
	return runs;
}

/* ---- what was told of */

static struct misses_of *misses_find(const struct misses *misses, enum missed_kind kind,
				     const char *name)
{
	for (size_t i = 0; i < misses->count; i++) {
		struct misses_of *of = misses->list[i];

		if (of->kind == kind && !strcmp(of->name, name))
			return of;
	}
	return NULL;
}

static struct misses_of *misses_new(struct misses *misses, enum missed_kind kind,
				    const char *name)
{
	struct misses_of **list = reallocarray(misses->list, misses->count + 1,
					       sizeof(struct misses_of *));
	struct misses_of *of;

	if (!list)
		return NULL;
	misses->list = list;
	if (!misses->strings)
		misses->strings = strings_new();
	of = misses->strings ? calloc(1, sizeof(*of)) : NULL;
	if (!of)
		return NULL;
	of->kind = kind;
	of->name = strings_intern(misses->strings, name);
	if (!of->name) {
		free(of);
		return NULL;
	}
	return misses->list[misses->count++] = of;
}

static struct misses_of *misses_get(struct misses *misses, const struct missed *missed)
{
	enum missed_kind kind = missed->kind;
	const char *name = missed->name;
	struct misses_of *of = misses_find(misses, kind, name);

	if (!of && misses->count >= MISSES_NAMES) {
		kind = MISSED_FUNCTIONS;
		name = MISSED_OTHERS;
		of = misses_find(misses, kind, name);
	}
	return of ? of : misses_new(misses, kind, name);
}

/* The older half becomes one: what lies in between is in doubt, too, then. */
static void spans_merge(struct misses_of *of)
{
	const size_t half = MISSES_SPANS / 2;

	for (size_t i = 1; i < half; i++) {
		of->spans[0].runs += of->spans[i].runs;
		if (of->spans[i].to > of->spans[0].to)
			of->spans[0].to = of->spans[i].to;
	}
	memmove(of->spans + 1, of->spans + half, half * sizeof(of->spans[0]));
	of->count = half + 1;
}

int misses_add(struct misses *misses, const struct missed_span *span)
{
	struct misses_of *of = misses_get(misses, &span->missed);

	if (!of)
		return -ENOMEM;
	if (of->count == MISSES_SPANS)
		spans_merge(of);
	of->spans[of->count++] = (struct span){ span->from, span->to, span->missed.runs };
	if (span->to > misses->until)
		misses->until = span->to;
	return 0;
}

void misses_clear(struct misses *misses)
{
	for (size_t i = 0; i < misses->count; i++)
		free(misses->list[i]);
	free(misses->list);
	strings_free(misses->strings);
	*misses = (struct misses){ 0 };
}

/* ---- when it was */

static uint64_t runs_between(const struct misses_of *of, uint64_t from, uint64_t to)
{
	uint64_t runs = 0;

	for (size_t i = of->count; i-- > 0 && of->spans[i].to > from;) {
		if (of->spans[i].from < to)
			runs += of->spans[i].runs;
	}
	return runs;
}

int misses_between(const struct misses *misses, uint64_t from, uint64_t to,
		   unsigned int wanted, struct missed_list *out)
{
	struct missed_list found = { 0 };

	if (from >= misses->until) { /* mostly so */
		*out = found;
		return 0;
	}
	found.list = calloc(misses->count, sizeof(*found.list));
	if (!found.list)
		return -ENOMEM;
	for (size_t i = 0; i < misses->count; i++) {
		const struct misses_of *of = misses->list[i];
		uint64_t runs = runs_between(of, from, to);

		if (runs && wanted & 1u << of->kind)
			found.list[found.count++] = (struct missed){ of->kind, of->name,
								     runs };
	}
	if (!found.count) {
		free(found.list);
		found.list = NULL;
	}
	*out = found;
	return 0;
}
