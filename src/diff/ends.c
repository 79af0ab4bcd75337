// SPDX-License-Identifier: GPL-2.0-only
#include "diff/ends.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "diff/compare.h"
#include "diff/probed.h"
#include "render/classes.h"

static bool end_is_good(enum path_end end)
{
	return end == PATH_DELIVERED || end == PATH_CONSUMED || end == PATH_LOST;
}

/*
 * Who did not probe the function that delivered it says that it was consumed. One that
 * was lost from sight may have been, too.
 */
static bool end_is_hidden(const struct class *class, const struct class *other,
			  const struct probed *of_other)
{
	if (class->end == PATH_LOST)
		return end_is_good(other->end);
	return class->end == PATH_DELIVERED && other->end == PATH_CONSUMED &&
	       class->where && !probed_has_name(of_other, class->where);
}

/* It lay in a socket's queue when recording stopped: delivered, too, but not freed yet.
 */
static bool end_is_early(const struct class *class, const struct class *other)
{
	return class->end == PATH_OPEN && other->end == PATH_DELIVERED && class->count &&
	       class->steps[class->count - 1].step.role == STAGE_ROLE_DELIVER;
}

static bool kinds_agree(const struct compare_options *options, const struct class *left,
			const struct class *right)
{
	return left->end == right->end || end_is_hidden(left, right, options->right) ||
	       end_is_hidden(right, left, options->left) || end_is_early(left, right) ||
	       end_is_early(right, left);
}

/* A kernel that has no better one says NOT_SPECIFIED, or nothing. */
static bool reason_is_vague(const char *reason)
{
	return !reason || !strcmp(reason, "NOT_SPECIFIED");
}

static bool reasons_agree(const struct compare_options *options, const char *a,
			  const char *b)
{
	if (options->kernels && (reason_is_vague(a) || reason_is_vague(b)))
		return true;
	return a && b ? !strcmp(a, b) : a == b;
}

static bool name_same(const char *a, const char *b)
{
	size_t length = strcspn(a, ".");

	return length == strcspn(b, ".") && !memcmp(a, b, length);
}

/* Compilers put functions into others: of two kernels the stage is enough. */
static bool places_agree(const struct compare_options *options, const char *a,
			 const char *b)
{
	if (!a || !b || name_same(a, b))
		return true;
	return options->kernels && !strcmp(stage_lookup(a).name, stage_lookup(b).name);
}

unsigned int ends_compare(const struct compare_options *options, const struct class *left,
			  const struct class *right)
{
	unsigned int differs = 0;

	if (!kinds_agree(options, left, right))
		return 1U << COMPARE_END;
	if (left->end != PATH_DROPPED)
		return 0;
	if (!reasons_agree(options, left->reason, right->reason))
		differs |= 1U << COMPARE_REASON;
	if (!places_agree(options, left->where, right->where))
		differs |= 1U << COMPARE_WHERE;
	return differs;
}
