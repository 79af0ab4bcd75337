// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/losses.h"

#include <assert.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

#include "base/log.h"
#include "path/assembler.h"
#include "path/missed.h"
#include "render/escape.h"

/* Some thousand functions may be probed one by one; -v names them all. */
#define LOSSES_NAMES 16

/* Behind the number. */
static const char *const losses_words[] = {
	[ACCOUNT_PACKETS] = NULL,
	[ACCOUNT_STEPS] = NULL,
	[ACCOUNT_RING_FULL] = NULL, /* told with the steps that it is a part of */
	[ACCOUNT_REFUSED] = "packets not followed: the ring buffer was too full; a "
			    "larger --buffer may help",
	[ACCOUNT_TABLE_FULL] = "times a packet was not followed: the table of followed "
			       "packets was full; a larger --follow may help",
	[ACCOUNT_NESTED] = "times a packet was not tested: interrupts were nested too "
			   "deep",
	[ACCOUNT_RETURNS] = "times it was not seen what a function returned",
	[ACCOUNT_BLIND] = "steps at tracepoints while the kernel skipped all kprobes, in "
			  "the middle of other programs: their paths lack functions, and "
			  "say so",
};
static_assert(sizeof(losses_words) / sizeof(losses_words[0]) == ACCOUNT_SIZE,
	      "words for each counter");

void losses_say(const uint64_t account[ACCOUNT_SIZE])
{
	if (account[ACCOUNT_RING_FULL])
		log_warn("%" PRIu64 " of %" PRIu64 " steps lost: the ring buffer was "
			 "full; a larger --buffer may help",
			 account[ACCOUNT_RING_FULL], account[ACCOUNT_STEPS]);
	for (size_t i = 0; i < ACCOUNT_SIZE; i++) {
		if (losses_words[i] && account[i])
			log_warn("%" PRIu64 " %s", account[i], losses_words[i]);
	}
}

/* What is nobody's step is no loss. */
void losses_say_apart(const struct assembler_apart *apart)
{
	if (apart->foreign)
		log_info("%" PRIu64
			 " step%s left out: a packet had gone unseen, and what "
			 "had its memory next was another one, or a message",
			 apart->foreign, apart->foreign == 1 ? "" : "s");
	if (apart->late)
		log_warn("%" PRIu64 " step%s left out: they came when the paths of their "
			 "packets had ended and been shown",
			 apart->late, apart->late == 1 ? "" : "s");
}

static int missed_compare(const void *a, const void *b)
{
	const struct missed *left = a, *right = b;

	return (left->runs < right->runs) - (left->runs > right->runs);
}

static void losses_name(const struct missed *missed, bool many)
{
	const char *together = missed->kind == MISSED_FUNCTIONS
				       ? "; the kernel counts them together"
				       : "";
	const char *words = missed_kind_words(missed->kind);
	char name[256];

	escape_terminal(name, sizeof(name), missed->name);
	if (many)
		log_debug("  %" PRIu64 " at %s%s%s", missed->runs, words, name, together);
	else
		log_warn("  %" PRIu64 " at %s%s%s", missed->runs, words, name, together);
}

void losses_say_missed(const struct misses *misses)
{
	struct missed_list list;
	uint64_t runs;

	if (misses_between(misses, 0, UINT64_MAX, UINT_MAX, &list))
		return;
	runs = missed_runs(&list);
	if (list.count) {
		log_warn("%" PRIu64 " run%s of probes skipped by the kernel, in the "
			 "middle of other programs: packets of that time may be missing, "
			 "and paths that may lack steps say so",
			 runs, runs == 1 ? "" : "s");
		qsort(list.list, list.count, sizeof(*list.list), missed_compare);
	}
	for (size_t i = 0; i < list.count; i++)
		losses_name(&list.list[i], i >= LOSSES_NAMES);
	free(list.list);
}
