// SPDX-License-Identifier: GPL-2.0-only
#include "render/classes.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/strings.h"
#include "render/place.h"
#include "render/words.h"

static const struct {
	const char *name;
	enum classes_by by;
} by_names[] = {
	{ "flow", CLASSES_BY_FLOW },
	{ "end", CLASSES_BY_END },
	{ "dev", CLASSES_BY_DEV },
};

static unsigned int by_named(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(by_names) / sizeof(by_names[0]); i++) {
		if (strlen(by_names[i].name) == length &&
		    !memcmp(by_names[i].name, name, length))
			return by_names[i].by;
	}
	return 0;
}

bool classes_by_read(const char *text, unsigned int *by)
{
	unsigned int found, all = 0;

	do {
		size_t length = strcspn(text, ",");

		found = by_named(text, length);
		all |= found;
		text += length;
	} while (found && *text++);
	if (found)
		*by = all;
	return found;
}

int classes_open(struct classes *classes, unsigned int by)
{
	*classes = (struct classes){
		.by = by,
		.added = CLASSES_MAX,
		.names = strings_new(),
	};
	return classes->names ? chains_init(&classes->chains, CLASSES_MAX) : -ENOMEM;
}

static void class_free(struct class *class)
{
	for (size_t i = 0; i < class->count; i++) {
		sketch_free(&class->steps[i].time);
		step_clear(&class->steps[i].step);
	}
	sketch_free(&class->time);
	free(class->steps);
	free(class->outcome);
}

void classes_close(struct classes *classes)
{
	for (size_t i = 0; i < classes->count; i++)
		class_free(&classes->list[i]);
	free(classes->list);
	free(classes->order);
	chains_free(&classes->chains);
	strings_free(classes->names);
	fold_free(&classes->fold);
	*classes = (struct classes){ 0 };
}

/* ---- which class it is */

static uint64_t hash_word(uint64_t hash, const char *text)
{
	return hash_add(hash, hash_text(text, strlen(text)));
}

static uint64_t hash_decision(uint64_t hash, const struct step *step)
{
	const struct result *result = &step->result;

	hash = hash_add(hash, changes_mask(step->changes));
	if (result->word)
		return hash_word(hash, result->word);
	return result->numeric ? hash_add(hash, (uint64_t)result->number) : hash;
}

/* Of the path that was folded last, whose end is called @outcome. */
static uint64_t classes_hash(const struct classes *classes, const struct path *path,
			     const char *outcome)
{
	const struct fold *fold = &classes->fold;
	uint64_t hash = fold->count;

	for (size_t i = 0; i < fold->count; i++) {
		const struct step *step = fold->steps[i].step;

		hash = hash_word(hash, step->func);
		if (classes->by & CLASSES_BY_DEV)
			hash = hash_word(hash_add(hash, step->netns), step->dev);
		if (classes->by & CLASSES_BY_DECISION)
			hash = hash_decision(hash, step);
	}
	if (classes->by & CLASSES_BY_END)
		hash = hash_word(hash, outcome);
	if (classes->by & CLASSES_BY_KIND)
		hash = hash_add(hash_word(hash, path->flow.proto),
				path->flow.icmp_type | (uint64_t)path->flow.arp_op << 8);
	if (classes->by & CLASSES_BY_FLOW)
		hash = hash_add(hash_add(hash_text((const char *)path->flow.src, 16),
					 hash_text((const char *)path->flow.dst, 16)),
				hash ^ path->flow.sport ^
					(uint64_t)path->flow.dport << 16);
	return hash;
}

static bool same_decision(const struct step *a, const struct step *b)
{
	return changes_mask(a->changes) == changes_mask(b->changes) &&
	       result_same(&a->result, &b->result);
}

static bool classes_same_step(const struct classes *classes, const struct step *a,
			      const struct step *b)
{
	return (a->func == b->func || !strcmp(a->func, b->func)) &&
	       (!(classes->by & CLASSES_BY_DEV) || !place_changed(a, b)) &&
	       (!(classes->by & CLASSES_BY_DECISION) || same_decision(a, b));
}

static bool classes_same_steps(const struct classes *classes, const struct class *class)
{
	const struct fold *fold = &classes->fold;

	if (fold->count != class->count)
		return false;
	for (size_t i = 0; i < fold->count; i++) {
		if (!classes_same_step(classes, fold->steps[i].step,
				       &class->steps[i].step))
			return false;
	}
	return true;
}

/* Is all that counts of the path that was folded last as it is in the class? */
static bool classes_same(const struct classes *classes, const struct class *class,
			 const struct path *path, const char *outcome)
{
	const unsigned int by = classes->by;

	return classes_same_steps(classes, class) &&
	       (!(by & CLASSES_BY_END) || !strcmp(class->outcome, outcome)) &&
	       (!(by & CLASSES_BY_KIND) || flow_same_kind(&class->flow, &path->flow)) &&
	       (!(by & CLASSES_BY_FLOW) || flow_same_tuple(&class->flow, &path->flow));
}

static struct class *classes_find(const struct classes *classes, const struct path *path,
				  const char *outcome, uint64_t hash)
{
	uint32_t i = chains_first(&classes->chains, hash);

	for (; i != CHAINS_END; i = chains_next(&classes->chains, i)) {
		struct class *class = &classes->list[i];

		if (class->hash == hash && classes_same(classes, class, path, outcome))
			return class;
	}
	return NULL;
}

/* ---- a new one */

/* What the path owns has to outlive it here; @text may be NULL. */
static int classes_intern(struct classes *classes, const char **to, const char *text)
{
	*to = text ? strings_intern(classes->names, text) : NULL;
	return *to || !text ? 0 : -ENOMEM;
}

static int class_step_copy(struct classes *classes, struct class_step *to,
			   const struct step *from)
{
	struct step *step = &to->step;
	int error = 0;

	if (classes->by & CLASSES_BY_DECISION) {
		error = step_copy(step, from);
	} else {
		*step = *from;
		step->flow = NULL;
		step->changes = NULL;
	}
	if (error || classes_intern(classes, &step->func, from->func) ||
	    classes_intern(classes, &step->stage, from->stage) ||
	    classes_intern(classes, &step->result.word, from->result.word))
		return -ENOMEM;
	return classes_intern(classes, &step->netns_name, from->netns_name);
}

static int class_init(struct classes *classes, struct class *class,
		      const struct path *path, const char *outcome)
{
	const struct fold *fold = &classes->fold;

	*class = (struct class){
		.steps = calloc(fold->count + 1, sizeof(*class->steps)),
		.count = fold->count,
		.flow = path->flow,
		.example = path->id,
		.end = path->end,
		.outcome = strdup(outcome),
		.aside = true,
	};
	if (!class->steps) {
		class->count = 0;
		return -ENOMEM;
	}
	if (classes_intern(classes, &class->where, path->where) ||
	    classes_intern(classes, &class->reason, path->reason))
		return -ENOMEM;
	for (size_t i = 0; i < fold->count; i++) {
		if (class_step_copy(classes, &class->steps[i], fold->steps[i].step))
			return -ENOMEM;
	}
	return class->outcome ? 0 : -ENOMEM;
}

static int classes_reserve(struct classes *classes)
{
	size_t room = classes->room ? 2 * classes->room : 16;
	struct class *list;

	if (classes->count < classes->room)
		return 0;
	list = reallocarray(classes->list, room, sizeof(*list));
	if (!list)
		return -ENOMEM;
	classes->list = list;
	classes->room = room;
	return 0;
}

static int classes_new(struct classes *classes, const struct path *path,
		       const char *outcome, uint64_t hash, struct class **out)
{
	struct class *class;

	if (classes_reserve(classes))
		return -ENOMEM;
	class = &classes->list[classes->count];
	if (class_init(classes, class, path, outcome)) {
		class_free(class);
		return -ENOMEM;
	}
	class->hash = hash;
	chains_add(&classes->chains, (uint32_t)classes->count++, hash);
	classes->steps += class->count;
	*out = class;
	return 0;
}

/* ---- and what is known of it */

static int class_count(struct class *class, const struct fold *fold,
		       const struct path *path, const char *outcome)
{
	int error = 0;

	for (size_t i = 0; !error && i < fold->count; i++) {
		struct class_step *to = &class->steps[i];

		if (fold->steps[i].repeats > to->repeats)
			to->repeats = fold->steps[i].repeats;
		error = sketch_add(&to->time, fold->steps[i].time);
	}
	class->ends_differ |= strcmp(class->outcome, outcome) != 0;
	class->aside &= path->lineage.aside;
	class->incomplete += !path->complete;
	return error ? error : sketch_add(&class->time, path_duration(path));
}

static bool classes_have_room(const struct classes *classes)
{
	return classes->count < CLASSES_MAX &&
	       classes->steps + classes->fold.count <= CLASSES_STEPS_MAX;
}

int classes_add(struct classes *classes, const struct path *path)
{
	char outcome[WORDS_SIZE];
	struct class *class;
	uint64_t hash;

	classes->added = CLASSES_MAX;
	if (fold_path(&classes->fold, path))
		return -ENOMEM;
	words_outcome(outcome, sizeof(outcome), path);
	hash = classes_hash(classes, path, outcome);
	class = classes_find(classes, path, outcome, hash);
	classes->paths++;
	if (!class && !classes_have_room(classes)) {
		classes->left_out++;
		return 0;
	}
	if (!class && classes_new(classes, path, outcome, hash, &class))
		return -ENOMEM;
	classes->added = (size_t)(class - classes->list);
	return class_count(class, &classes->fold, path, outcome);
}

/* ---- the end */

/* Those that are as frequent as each other: what began first. */
static int class_compare(const void *a, const void *b)
{
	const struct class *const *left = a, *const *right = b;

	if ((*left)->time.count != (*right)->time.count)
		return (*left)->time.count > (*right)->time.count ? -1 : 1;
	return (*left)->example < (*right)->example
		       ? -1
		       : (*left)->example > (*right)->example;
}

static int class_compare_rare(const void *a, const void *b)
{
	const struct class *const *left = a, *const *right = b;

	if ((*left)->time.count != (*right)->time.count)
		return (*left)->time.count < (*right)->time.count ? -1 : 1;
	return class_compare(a, b);
}

int classes_finish(struct classes *classes, bool rare)
{
	const struct class **order = reallocarray(classes->order, classes->count + 1,
						  sizeof(*order));

	if (!order)
		return -ENOMEM;
	for (size_t i = 0; i < classes->count; i++)
		order[i] = &classes->list[i];
	qsort(order, classes->count, sizeof(*order),
	      rare ? class_compare_rare : class_compare);
	classes->order = order;
	return 0;
}

const struct class_step *class_costliest(const struct class *class)
{
	const struct class_step *most = NULL;

	for (size_t i = 0; i < class->count; i++) {
		if (class->steps[i].time.sum > (most ? most->time.sum : 0))
			most = &class->steps[i];
	}
	return most;
}
