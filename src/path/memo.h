/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memo.h - short texts remembered by a number: names of devices, and of
 * functions that have none
 */
#ifndef BPFPATH_MEMO_H
#define BPFPATH_MEMO_H

#include <stddef.h>

#include "base/table.h"

#define MEMO_TEXT 24	/* bytes of a text with its end; longer ones are cut */
#define MEMO_MAX  65536 /* texts; nothing more is remembered then */

/* All zero is empty. */
struct memo {
	struct table table;
	size_t count;
};

/* Forget everything. */
void memo_clear(struct memo *memo);

/* NULL when there is none. Valid until memo_clear(). */
const char *memo_get(const struct memo *memo, uint64_t key);

/* Remember a copy, in place of what was there. NULL when memory is at its end. */
const char *memo_set(struct memo *memo, uint64_t key, const char *text);

#endif
