// SPDX-License-Identifier: GPL-2.0-only
/*
 * tree.c - a packet with all that came of it, as a tree
 *
 *	#1 icmp echo request 10.9.0.1 -> 10.9.0.2 id 7 seq 1 len 98
 *	├─ [host] eth0
 *	│  └─ bridge 1.000 us: br_handle_frame br_flood
 *	│     └─ #2 clone of #1, made by skb_clone for maybe_deliver
 *	│        ...
 *	└─ dropped in ip_rcv_core: OTHERHOST, after 4 steps, 5.000 us
 *
 * Below a place are the calls, within one another, where functions were seen to
 * return; otherwise the stages with their functions.
 */
#include "render/render.h"

#include <inttypes.h>
#include <stdlib.h>

#include "render/escape.h"
#include "render/family.h"
#include "render/formats.h"
#include "render/outline.h"
#include "render/text.h"
#include "render/text_changes.h"

#define NAME_SIZE 320 /* of a name as it is shown */

struct tree {
	struct render render;
	struct text text; /* .render.out: of the outline */
	struct outline outline;
	struct families families;
	const struct family *family; /* that is drawn */
};

static void draw_path(struct tree *tree, const struct path *path, size_t depth);

static void print_ns(FILE *out, uint64_t ns)
{
	fprintf(out, " %" PRIu64 ".%03u us", ns / 1000, (unsigned int)(ns % 1000));
}

/* "ip_output = 0" */
static void print_function(FILE *out, const struct step *step)
{
	char name[NAME_SIZE];

	escape_terminal(name, sizeof(name), step->func);
	fprintf(out, "%s", name);
	if (!step->returned)
		return;
	if (step->result.word)
		fprintf(out, " = %s", step->result.word);
	else if (step->result.numeric)
		fprintf(out, " = %" PRId64, step->result.number);
}

/* Did the branch begin before the step that follows @i? */
static bool branch_is_due(const struct path *path, size_t i, size_t branch)
{
	const struct relatives *branches = &path->lineage.branches;

	return branch < branches->count &&
	       (i + 1 >= path->count ||
		branches->list[branch].time < path->steps[i + 1].time);
}

/* Those that began before the step that follows @i, from @branch on; the first left. */
static size_t draw_branches(struct tree *tree, const struct path *path, size_t i,
			    size_t branch, size_t depth)
{
	for (; branch_is_due(path, i, branch); branch++) {
		uint64_t id = path->lineage.branches.list[branch].id;
		const struct path *child = family_find(tree->family, id);

		if (child) {
			draw_path(tree, child, depth);
		} else {
			outline_line(&tree->outline, depth);
			fprintf(tree->outline.out, "#%" PRIu64, id);
		}
	}
	return branch;
}

static void draw_changes(struct tree *tree, const struct step *step, size_t depth)
{
	if (!step->changes)
		return;
	outline_line(&tree->outline, depth);
	text_changes(tree->outline.out, step, TEXT_CHANGES_LINE);
}

/* A call, below the one that it is in. */
static size_t draw_call(struct tree *tree, const struct path *path, size_t i,
			size_t depth)
{
	const struct step *step = &path->steps[i];

	draw_changes(tree, step, depth + step->depth);
	outline_line(&tree->outline, depth + step->depth);
	print_function(tree->outline.out, step);
	if (step->returned)
		print_ns(tree->outline.out, step->returned - step->time);
	return i + 1;
}

/* When the packet left the stage of the steps before @end: waiting is none of its time.
 */
static uint64_t stage_end(const struct path *path, size_t end)
{
	return path->steps[path_waited(path, end) ? end - 1 : end].time;
}

/* The steps from @i on that are of the same stage, at the same place; the next one. */
static size_t draw_stage(struct tree *tree, const struct path *path, size_t i,
			 size_t branch, size_t depth)
{
	const struct step *first = &path->steps[i];
	FILE *out = tree->outline.out;
	size_t end = i + 1;

	while (end < path->count && path->steps[end].stage == first->stage &&
	       !path->steps[end].changes && !path_waited(path, end) &&
	       !branch_is_due(path, end - 1, branch) &&
	       !place_changed(&path->steps[end], first))
		end++;
	draw_changes(tree, first, depth);
	outline_line(&tree->outline, depth);
	fprintf(out, "%s", first->stage);
	if (end < path->count)
		print_ns(out, stage_end(path, end) - first->time);
	for (size_t at = i; at < end; at++) {
		fprintf(out, at == i ? ": " : ", ");
		print_function(out, &path->steps[at]);
	}
	return end;
}

static void draw_waited(struct tree *tree, const struct path *path, size_t i,
			size_t depth)
{
	if (!path_waited(path, i))
		return;
	outline_line(&tree->outline, depth);
	text_waited(tree->outline.out, "", path, i);
}

static void draw_steps(struct tree *tree, const struct path *path, size_t depth)
{
	size_t branch = 0, next;

	for (size_t i = 0; i < path->count; i = next) {
		const struct step *step = &path->steps[i];

		draw_waited(tree, path, i, depth + 1);
		if (i == 0 || place_changed(step, step - 1)) {
			outline_line(&tree->outline, depth);
			text_begin(&tree->text, TEXT_BOLD);
			text_place(tree->outline.out, step);
			text_end(&tree->text, TEXT_BOLD);
		}
		next = path->nested ? draw_call(tree, path, i, depth + 1)
				    : draw_stage(tree, path, i, branch, depth + 1);
		branch = draw_branches(tree, path, next - 1, branch,
				       depth + 2 + (path->nested ? step->depth : 0));
	}
}

static void draw_members(struct tree *tree, const struct relatives *members, size_t depth)
{
	if (!members->count)
		return;
	outline_line(&tree->outline, depth);
	fprintf(tree->outline.out, "merged into this one:");
	for (size_t i = 0; i < members->count; i++)
		fprintf(tree->outline.out, " #%" PRIu64, members->list[i].id);
}

static void draw_end(struct tree *tree, const struct path *path, size_t depth)
{
	const char *explanation = path_explanation(path);

	draw_members(tree, &path->lineage.members, depth);
	outline_line(&tree->outline, depth);
	text_outcome(&tree->text, path);
	if (explanation)
		fprintf(tree->outline.out, ": %s", explanation);
	if (path->complete)
		return;
	fprintf(tree->outline.out, "; ");
	text_doubts(&tree->text, path);
}

static void draw_path(struct tree *tree, const struct path *path, size_t depth)
{
	outline_line(&tree->outline, depth);
	/* A branch of a branch of a branch ... would take the stack. */
	if (depth > OUTLINE_DEPTH) {
		fprintf(tree->outline.out, "#%" PRIu64 " ...", path->id);
		return;
	}
	text_packet(&tree->text, path);
	text_origin(tree->outline.out, ", ", path);
	draw_steps(tree, path, depth + 1);
	draw_end(tree, path, depth + 1);
}

/* Those first that are branches of nothing that is here. */
static int tree_draw(struct tree *tree, const struct family *family)
{
	tree->family = family;
	for (size_t i = 0; i < family->kept.count; i++) {
		const struct path *path = &family->kept.paths[i];

		if (!family_find(family, path->lineage.parent))
			draw_path(tree, path, 0);
	}
	return outline_draw(&tree->outline, tree->render.out);
}

static int tree_flush(struct tree *tree, bool end)
{
	struct family *family;
	int error = 0;

	while (!error && (family = families_take(&tree->families, end))) {
		error = tree_draw(tree, family);
		fputc('\n', tree->render.out);
		family_free(family);
	}
	return error;
}

static int tree_path(struct render *render, const struct path *path)
{
	struct tree *tree = (struct tree *)render;
	int error = families_add(&tree->families, path);

	return error ? error : tree_flush(tree, false);
}

static int tree_finish(struct render *render)
{
	return tree_flush((struct tree *)render, true);
}

static void tree_free(struct render *render)
{
	struct tree *tree = (struct tree *)render;

	families_clear(&tree->families);
	outline_close(&tree->outline);
	free(tree);
}

static struct render *tree_new(FILE *out, const struct render_options *options)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	if (!tree)
		return NULL;
	families_init(&tree->families);
	if (outline_open(&tree->outline)) {
		free(tree);
		return NULL;
	}
	tree->render = (struct render){ .ops = &render_tree_ops, .out = out };
	tree->text.render.out = tree->outline.out;
	tree->text.colour = options->colour;
	return &tree->render;
}

const struct render_ops render_tree_ops = {
	.name = "tree",
	.help = "calls or stages as a tree, with the copies of a packet as branches",
	.path = tree_path,
	.finish = tree_finish,
	.free = tree_free,
	.new = tree_new,
};
