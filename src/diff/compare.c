// SPDX-License-Identifier: GPL-2.0-only
#include "diff/compare.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diff/ends.h"
#include "diff/route.h"
#include "render/classes.h"

#define ORDER_REACH  16 /* rows that a step may have moved by */
#define CHANGE_REACH 3	/* pairs by which one side may see later what was altered */

static const char *const aspect_names[] = {
	[COMPARE_FUNCTION] = "function", [COMPARE_RESULT] = "result",
	[COMPARE_CHANGE] = "change",	 [COMPARE_DEVICE] = "device",
	[COMPARE_NETNS] = "netns",	 [COMPARE_END] = "end",
	[COMPARE_REASON] = "reason",	 [COMPARE_WHERE] = "where",
};
static_assert(sizeof(aspect_names) / sizeof(aspect_names[0]) == COMPARE_ASPECTS,
	      "a name per aspect");

static const char *const excuse_names[] = {
	[EXCUSE_NONE] = NULL, [EXCUSE_MOMENT] = "moment", [EXCUSE_ORDER] = "order",
	[EXCUSE_END] = "end", [EXCUSE_KERNEL] = "kernel",
};
static_assert(sizeof(excuse_names) / sizeof(excuse_names[0]) == EXCUSES,
	      "a name per excuse");

const char *compare_aspect_name(enum compare_aspect aspect)
{
	return aspect_names[aspect];
}

const char *compare_excuse_name(enum compare_excuse excuse)
{
	return excuse_names[excuse];
}

/* What is needed on the way through the rows. */
struct comparer {
	const struct compare_options *options;
	const struct route *left, *right;
	struct comparison *out;
};

static const struct route_step *left_of(const struct comparer *comparer,
					const struct compare_row *row)
{
	return row->at.left == ALIGN_NONE ? NULL : &comparer->left->steps[row->at.left];
}

static const struct route_step *right_of(const struct comparer *comparer,
					 const struct compare_row *row)
{
	return row->at.right == ALIGN_NONE ? NULL
					   : &comparer->right->steps[row->at.right];
}

/* ---- the alignment */

enum { SCORE_ALIKE = 1, SCORE_NAME = 8, SCORE_DEVICE = 2, SCORE_RESULT = 1 };

static bool step_named_alike(const struct route_step *a, const struct route_step *b)
{
	return a->name == b->name && a->step.kind == b->step.kind;
}

/* What has another name goes together only with what is of the same sort. */
static bool step_alike(const struct route_step *a, const struct route_step *b)
{
	return a->stage == b->stage && a->moment == b->moment && !a->frees && !b->frees;
}

static unsigned int step_score(const void *context, size_t left, size_t right)
{
	const struct comparer *comparer = context;
	const struct route_step *a = &comparer->left->steps[left];
	const struct route_step *b = &comparer->right->steps[right];
	unsigned int score = a->dev == b->dev ? SCORE_DEVICE : 0;

	if (step_named_alike(a, b))
		return SCORE_NAME + score +
		       (result_same(&a->step.result, &b->step.result) ? SCORE_RESULT : 0);
	return step_alike(a, b) ? SCORE_ALIKE + score : 0;
}

static int comparer_align(const struct comparer *comparer)
{
	const struct align_scale scale = {
		.score = step_score,
		.most = SCORE_NAME + SCORE_DEVICE + SCORE_RESULT,
		.context = comparer,
	};
	struct comparison *out = comparer->out;
	struct alignment alignment;
	int err = align(&scale, comparer->left->count, comparer->right->count,
			&alignment);

	if (err)
		return err;
	out->rows = calloc(alignment.count + 1, sizeof(*out->rows));
	for (size_t i = 0; out->rows && i < alignment.count; i++)
		out->rows[i].at = alignment.rows[i];
	out->count = out->rows ? alignment.count : 0;
	out->cut = alignment.cut;
	alignment_clear(&alignment);
	return out->rows ? 0 : -ENOMEM;
}

/* ---- functions */

/* The next pair from @row on, in this direction; NULL: none. */
static const struct compare_row *pair_near(const struct comparison *out, size_t row,
					   int direction)
{
	for (size_t i = row; i < out->count; i += (size_t)direction) {
		if (compare_is_pair(&out->rows[i]))
			return &out->rows[i];
	}
	return NULL;
}

/* Were both in the stage of a step that only one side has, just before or behind it? */
static bool stage_is_shared(const struct comparer *comparer, size_t row,
			    const struct route_step *step)
{
	for (int direction = -1; direction <= 1; direction += 2) {
		const struct compare_row *pair = pair_near(comparer->out, row, direction);

		if (pair && left_of(comparer, pair)->stage == step->stage &&
		    right_of(comparer, pair)->stage == step->stage)
			return true;
	}
	return false;
}

static enum compare_excuse excuse_missing(const struct comparer *comparer, size_t row,
					  const struct route_step *step)
{
	if (step->frees)
		return EXCUSE_END;
	if (step->moment)
		return EXCUSE_MOMENT;
	if (comparer->options->kernels && stage_is_shared(comparer, row, step))
		return EXCUSE_KERNEL;
	return EXCUSE_NONE;
}

static enum compare_excuse excuse_renamed(const struct comparer *comparer,
					  const struct route_step *step)
{
	if (step->moment)
		return EXCUSE_MOMENT;
	return comparer->options->kernels ? EXCUSE_KERNEL : EXCUSE_NONE;
}

static void compare_functions(const struct comparer *comparer)
{
	struct comparison *out = comparer->out;

	for (size_t i = 0; i < out->count; i++) {
		struct compare_row *row = &out->rows[i];
		const struct route_step *left = left_of(comparer, row);
		const struct route_step *right = right_of(comparer, row);

		if (left && right && step_named_alike(left, right)) {
			out->matched++;
			continue;
		}
		row->excuse = left && right ? excuse_renamed(comparer, left)
					    : excuse_missing(comparer, i, left ?: right);
		if (!row->excuse)
			row->differs |= 1U << COMPARE_FUNCTION;
	}
}

/* ---- order */

/* Did another processor take the step before, or behind? */
static bool step_interleaves(const struct route *route, size_t i)
{
	uint16_t cpu = route->steps[i].step.cpu;

	return (i && route->steps[i - 1].step.cpu != cpu) ||
	       (i + 1 < route->count && route->steps[i + 1].step.cpu != cpu);
}

static bool row_is_move(const struct comparer *comparer, const struct compare_row *left,
			const struct compare_row *right)
{
	return left->at.right == ALIGN_NONE && right->at.left == ALIGN_NONE &&
	       left->differs && right->differs &&
	       step_named_alike(left_of(comparer, left), right_of(comparer, right)) &&
	       (step_interleaves(comparer->left, left->at.left) ||
		step_interleaves(comparer->right, right->at.right));
}

static void rows_excuse_move(struct compare_row *a, struct compare_row *b)
{
	a->excuse = b->excuse = EXCUSE_ORDER;
	a->differs = b->differs = 0;
}

/* What is missing here on one side, and near by on the other. */
static void compare_order(const struct comparer *comparer)
{
	struct comparison *out = comparer->out;

	for (size_t i = 0; i < out->count; i++) {
		struct compare_row *row = &out->rows[i];

		for (size_t j = i + 1; j < out->count && j <= i + ORDER_REACH; j++) {
			struct compare_row *other = &out->rows[j];

			if (compare_is_pair(row) || compare_is_pair(other) ||
			    !(row_is_move(comparer, row, other) ||
			      row_is_move(comparer, other, row)))
				continue;
			rows_excuse_move(row, other);
			break;
		}
	}
}

/* ---- results and places */

/* An errno here and a drop reason there: kernels say in their own way that it failed. */
static bool result_fails_alike(const struct result *a, const struct result *b)
{
	return a->numeric && b->numeric && a->number && b->number &&
	       (a->number < 0) != (b->number < 0);
}

static bool results_agree(const struct comparer *comparer, const struct step *a,
			  const struct step *b)
{
	if (!a->returned || !b->returned || result_same(&a->result, &b->result))
		return true;
	return comparer->options->kernels &&
	       (result_fails_alike(&a->result, &b->result) ||
		(!a->result.word && !b->result.word));
}

static int compare_pairs(const struct comparer *comparer)
{
	struct comparison *out = comparer->out;

	for (size_t i = 0; i < out->count; i++) {
		struct compare_row *row = &out->rows[i];
		const struct route_step *left = left_of(comparer, row);
		const struct route_step *right = right_of(comparer, row);
		bool netns, device;

		if (!left || !right)
			continue;
		if (step_named_alike(left, right) &&
		    !results_agree(comparer, &left->step, &right->step))
			row->differs |= 1U << COMPARE_RESULT;
		if (roles_compare(&out->roles, &left->step, &right->step, &netns,
				  &device))
			return -ENOMEM;
		row->differs |= (unsigned int)netns << COMPARE_NETNS |
				(unsigned int)device << COMPARE_DEVICE;
	}
	return 0;
}

/* ---- what was altered */

/* Of one side, since both agreed last. */
struct altered {
	unsigned int mask;
	const char *mark, *vlan; /* these values count, too; NULL: not altered */
};

static void altered_add(struct altered *altered, const struct route_step *step)
{
	const struct changes *changes = step ? step->step.changes : NULL;

	altered->mask |= changes_mask(changes);
	for (size_t i = 0; changes && i < changes->count; i++) {
		if (changes->list[i].field == CHANGE_MARK)
			altered->mark = changes->list[i].after;
		if (changes->list[i].field == CHANGE_VLAN)
			altered->vlan = changes->list[i].after;
	}
}

static bool text_same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

/* How a checksum is kept is each kernel's own affair. */
static bool altered_same(const struct comparer *comparer, const struct altered *a,
			 const struct altered *b)
{
	unsigned int ignored = comparer->options->kernels ? 1U << CHANGE_CHECKSUM : 0;

	return !((a->mask ^ b->mask) & ~ignored) && text_same(a->mark, b->mark) &&
	       text_same(a->vlan, b->vlan);
}

/* Another step may be the first to see it: that one is waited for a little. */
static void compare_changes(const struct comparer *comparer)
{
	struct comparison *out = comparer->out;
	struct altered left = { 0 }, right = { 0 };
	struct compare_row *since = NULL;
	size_t waited = 0;

	for (size_t i = 0; i < out->count; i++) {
		struct compare_row *row = &out->rows[i];

		altered_add(&left, left_of(comparer, row));
		altered_add(&right, right_of(comparer, row));
		if (!compare_is_pair(row))
			continue;
		if (!altered_same(comparer, &left, &right)) {
			since = since ?: row;
			if (waited++ < CHANGE_REACH)
				continue;
			since->differs |= 1U << COMPARE_CHANGE;
		}
		left = right = (struct altered){ 0 };
		since = NULL;
		waited = 0;
	}
	if (since)
		since->differs |= 1U << COMPARE_CHANGE;
}

/* ---- all of it */

/* Where only the ends differ: the last step that is not about freeing. */
static size_t comparison_last(const struct comparison *out)
{
	size_t i = out->count;

	while (i && out->rows[i - 1].excuse == EXCUSE_END)
		i--;
	return i;
}

static void comparison_judge(struct comparison *out)
{
	size_t i = 0;

	while (i < out->count && !out->rows[i].differs)
		i++;
	out->same = i == out->count && !out->end;
	out->part = i == out->count && out->end ? comparison_last(out) : i;
}

static bool addresses_same(const struct flow *a, const struct flow *b)
{
	return a->family && a->family == b->family && !memcmp(a->src, b->src, 16) &&
	       !memcmp(a->dst, b->dst, 16);
}

int compare(const struct compare_options *options, const struct route *left,
	    const struct route *right, struct comparison *out)
{
	const struct comparer comparer = { options, left, right, out };
	int err;

	*out = (struct comparison){
		.roles.left = left,
		.roles.right = right,
		.roles.strict = !options->roles &&
				addresses_same(&left->class->flow, &right->class->flow),
	};
	err = comparer_align(&comparer);
	if (err)
		return err;
	compare_functions(&comparer);
	compare_order(&comparer);
	err = compare_pairs(&comparer);
	if (err)
		return err;
	compare_changes(&comparer);
	out->end = ends_compare(options, left->class, right->class);
	comparison_judge(out);
	return 0;
}

void comparison_clear(struct comparison *comparison)
{
	free(comparison->rows);
	roles_clear(&comparison->roles);
	*comparison = (struct comparison){ 0 };
}
