// SPDX-License-Identifier: GPL-2.0-only
/* diff_json.c - where paths part, as one JSON object; see bpfpath-json(5) */
#include "diff/diff.h"

#include <errno.h>

#include "render/classes_json.h"
#include "render/writer.h"

/* ---- routes */

static void add_place(struct writer *writer, const struct step *step)
{
	if (step->netns) {
		writer_open(writer, "netns", '{');
		writer_number(writer, "inode", step->netns);
		if (step->netns_name)
			writer_text(writer, "name", step->netns_name);
		writer_close(writer, '}');
	}
	if (step->ifindex) {
		writer_open(writer, "dev", '{');
		writer_number(writer, "index", step->ifindex);
		if (step->dev[0])
			writer_text(writer, "name", step->dev);
		writer_close(writer, '}');
	}
}

static void add_changes(struct writer *writer, const struct changes *changes)
{
	if (!changes || !(changes->tunnel || changes->count))
		return;
	writer_open(writer, "changes", '[');
	if (changes->tunnel)
		writer_text(writer, NULL, "tunnel");
	for (size_t i = 0; i < changes->count; i++)
		writer_text(writer, NULL, change_name(changes->list[i].field));
	writer_close(writer, ']');
}

static void add_step(struct writer *writer, const struct step *step)
{
	writer_text(writer, "func", step->func);
	writer_text(writer, "stage", step->stage);
	add_place(writer, step);
	if (step->returned && step->result.numeric)
		writer_signed(writer, "ret", step->result.number);
	if (step->returned && step->result.word)
		writer_text(writer, "result", step->result.word);
	add_changes(writer, step->changes);
}

/* Without a comparison no row has its steps: they are here then. */
static void add_route_body(struct writer *writer, const struct route *route, bool steps)
{
	writer_number(writer, "paths", route->paths);
	writer_number(writer, "incomplete", route->class->incomplete);
	classes_json_example(writer, route->class);
	writer_open(writer, "end", '{');
	classes_json_end(writer, route->class);
	writer_close(writer, '}');
	if (!steps)
		return;
	writer_open(writer, "steps", '[');
	for (size_t i = 0; i < route->count; i++) {
		writer_open(writer, NULL, '{');
		add_step(writer, &route->steps[i].step);
		writer_close(writer, '}');
	}
	writer_close(writer, ']');
}

static void add_routes(struct writer *writer, const struct pair *pair)
{
	bool steps = !pair->left || !pair->right;

	if (pair->left) {
		writer_open(writer, "good", '{');
		add_route_body(writer, pair->left, steps);
		writer_close(writer, '}');
	}
	if (pair->right) {
		writer_open(writer, "bad", '{');
		add_route_body(writer, pair->right, steps);
		writer_close(writer, '}');
	}
}

/* ---- rows */

/* Behind the key and the bracket. */
static void add_aspects(struct writer *writer, unsigned int differs)
{
	for (enum compare_aspect i = 0; i < COMPARE_ASPECTS; i++) {
		if (differs & 1U << i)
			writer_text(writer, NULL, compare_aspect_name(i));
	}
	writer_close(writer, ']');
}

static void add_row(struct writer *writer, const struct pair *pair,
		    const struct compare_row *row)
{
	writer_open(writer, NULL, '{');
	if (row->at.left != ALIGN_NONE) {
		writer_open(writer, "good", '{');
		writer_number(writer, "step", row->at.left + 1);
		add_step(writer, &pair->left->steps[row->at.left].step);
		writer_close(writer, '}');
	}
	if (row->at.right != ALIGN_NONE) {
		writer_open(writer, "bad", '{');
		writer_number(writer, "step", row->at.right + 1);
		add_step(writer, &pair->right->steps[row->at.right].step);
		writer_close(writer, '}');
	}
	writer_open(writer, "differs", '[');
	add_aspects(writer, row->differs);
	if (row->excuse)
		writer_text(writer, "ignored", compare_excuse_name(row->excuse));
	writer_close(writer, '}');
}

static void add_comparison(struct writer *writer, const struct pair *pair)
{
	const struct comparison *comparison = &pair->comparison;

	if (!comparison->same)
		writer_number(writer, "part", comparison->part);
	writer_bool(writer, "cut", comparison->cut);
	writer_open(writer, "end", '[');
	add_aspects(writer, comparison->end);
	writer_open(writer, "rows", '[');
	for (size_t i = 0; i < comparison->count; i++)
		add_row(writer, pair, &comparison->rows[i]);
	writer_close(writer, ']');
}

/* ---- all of it */

static void add_pair(struct writer *writer, const struct pair *pair)
{
	writer_open(writer, NULL, '{');
	writer_text(writer, "kind", pair_kind_name(pair->kind));
	if (pair_is_ignored(pair))
		writer_text(writer, "ignored", compare_excuse_name(EXCUSE_MOMENT));
	add_routes(writer, pair);
	if (pair->left && pair->right)
		add_comparison(writer, pair);
	writer_close(writer, '}');
}

static void add_side_body(struct writer *writer, const struct diff_side *side)
{
	writer_text(writer, "operand", side->operand);
	writer_text(writer, "release", side->release);
	writer_text(writer, "backend", side->backend);
	writer_number(writer, "probed", probed_count(&side->probed));
	writer_number(writer, "paths", side->classes.paths);
	writer_number(writer, "left_out", side->classes.left_out);
	writer_number(writer, "classes", side->routes.count);
	writer_number(writer, "hidden", side->routes.hidden);
	writer_bool(writer, "cut", side->cut);
	writer_close(writer, '}');
}

int diff_json(FILE *out, const struct diff *diff)
{
	struct writer writer = { 0 };
	int error;

	writer_open(&writer, NULL, '{');
	writer_bool(&writer, "same", diff_same(diff));
	writer_open(&writer, "good", '{');
	add_side_body(&writer, &diff->sides[DIFF_GOOD]);
	writer_open(&writer, "bad", '{');
	add_side_body(&writer, &diff->sides[DIFF_BAD]);
	writer_open(&writer, "notes", '[');
	for (size_t i = 0; i < diff->note_count; i++)
		writer_text(&writer, NULL, diff->notes[i]);
	writer_close(&writer, ']');
	writer_open(&writer, "pairs", '[');
	for (size_t i = 0; i < diff->pairs.count; i++)
		add_pair(&writer, &diff->pairs.list[i]);
	writer_close(&writer, ']');
	writer_close(&writer, '}');
	error = writer_end(&writer, out);
	writer_free(&writer);
	return error == -ENOMEM ? error : 0;
}
