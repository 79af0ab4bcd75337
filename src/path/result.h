/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * result.h - what a function has returned, and what it means
 *
 * Data, not code: share/returns.conf, built in, says it; its head describes the
 * form.
 */
#ifndef BPFPATH_RESULT_H
#define BPFPATH_RESULT_H

#include <stdbool.h>
#include <stdint.h>

struct meaning;
struct names;

struct result {
	bool numeric; /* .number can be shown: not an address */
	int64_t number;
	const char *word; /* "DROP", "-EINVAL", NULL: none; lives as long as the names */
};

/*
 * Does the return value of the function called @name, by its whole name, decide
 * something that is seen in no other way?
 */
bool result_decides(const char *name);

/*
 * What it means that the function called @name returned @value, all 64 bits of the
 * register; false when that is not known.
 */
bool result_read(const char *name, uint64_t value, struct names *names,
		 struct result *out);

/* The same in two parts: what a function's values mean, NULL: nothing; and this value. */
const struct meaning *result_meaning(const char *name);
void result_mean(const struct meaning *meaning, uint64_t value, struct names *names,
		 struct result *out);

/* May a value be a drop reason? False of NULL. */
bool result_reasons(const struct meaning *meaning);

/* The drop reason whose name result_mean() may ask for; 0: none. */
uint32_t result_reason(const struct meaning *meaning, uint64_t value);

/* Are both the same, or both nothing that can be shown? */
bool result_same(const struct result *a, const struct result *b);

/*
 * Read the built-in data, which the others do by themselves: for the tests. 0, or
 * -EINVAL and in *@line (from 1) the first line that is wrong: not of the form, an
 * unknown type or meaning, or a name that was there before.
 */
int result_load(unsigned int *line);

#endif
