// SPDX-License-Identifier: GPL-2.0-only
#include "diff/route.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/strings.h"
#include "diff/moment.h"
#include "diff/probed.h"
#include "render/classes.h"

/* ---- what was altered, of several steps together */

static const struct change *change_of(const struct changes *changes,
				      enum change_field field)
{
	for (size_t i = 0; changes && i < changes->count; i++) {
		if (changes->list[i].field == field)
			return &changes->list[i];
	}
	return NULL;
}

/* Of one field: as it was before the earlier one, and behind the later one. */
static struct change change_join(const struct change *earlier, const struct change *later)
{
	struct change joined = later ? *later : *earlier;

	if (earlier)
		memcpy(joined.before, earlier->before, sizeof(joined.before));
	return joined;
}

/* Either may be NULL. NULL without memory. */
static struct changes *changes_join(const struct changes *earlier,
				    const struct changes *later)
{
	struct changes *joined =
		calloc(1, sizeof(*joined) + CHANGE_FIELDS * sizeof(struct change));

	if (!joined)
		return NULL;
	joined->tunnel = later && later->tunnel ? later->tunnel
			 : earlier		? earlier->tunnel
						: CHANGE_TUNNEL_NONE;
	for (enum change_field field = 0; field < CHANGE_FIELDS; field++) {
		const struct change *first = change_of(earlier, field);
		const struct change *last = change_of(later, field);

		if (first || last)
			joined->list[joined->count++] = change_join(first, last);
	}
	return joined;
}

/* What @from altered becomes part of *@to, which is owned. 0 or -ENOMEM. */
static int changes_carry(struct changes **to, const struct changes *from)
{
	struct changes *joined;

	if (!from)
		return 0;
	joined = changes_join(*to, from);
	if (!joined)
		return -ENOMEM;
	free(*to);
	*to = joined;
	return 0;
}

/* ---- one route */

static const char *name_shared(struct strings *names, const char *name)
{
	char base[256];

	snprintf(base, sizeof(base), "%.*s", (int)strcspn(name, "."), name);
	return strings_intern(names, base);
}

static int route_add(struct route *route, const struct step *step,
		     const struct flow *flow, struct changes **changes,
		     struct strings *names)
{
	struct route_step *to = &route->steps[route->count];

	*to = (struct route_step){
		.step = *step,
		.name = name_shared(names, step->func),
		.stage = strings_intern(names, step->stage),
		.dev = strings_intern(names, step->dev),
		.flow = flow,
		.frees = step->role == STAGE_ROLE_FREE,
	};
	if (!to->name || !to->stage || !to->dev)
		return -ENOMEM;
	to->moment = moment_is(to->name);
	to->step.flow = NULL;
	to->step.changes = *changes;
	*changes = NULL;
	route->count++;
	return 0;
}

/* The steps that can be seen on both sides; before the first one nothing was altered. */
static int route_choose(struct route *route, const struct probed *other,
			struct strings *names)
{
	const struct class *class = route->class;
	const struct flow *flow = &class->flow;
	struct changes *changes = NULL;
	int err = 0;

	for (size_t i = 0; !err && i < class->count; i++) {
		const struct step *step = &class->steps[i].step;
		bool seen = probed_has(other, step), begun = route->count;

		route->hidden += !seen;
		if (step->flow)
			flow = step->flow;
		if (begun)
			err = changes_carry(&changes, step->changes);
		if (!err && seen)
			err = route_add(route, step, flow, &changes, names);
	}
	free(changes);
	return err;
}

/* Loops of what is left; the later rounds go. */
static int route_fold(struct route *route)
{
	struct step *steps = calloc(route->count + 1, sizeof(*steps));
	const struct path path = { .steps = steps, .count = route->count };
	struct fold fold = { 0 };
	size_t kept = 0;
	int err = steps ? 0 : -ENOMEM;

	for (size_t i = 0; !err && i < route->count; i++)
		steps[i] = route->steps[i].step;
	if (!err)
		err = fold_path(&fold, &path);
	for (size_t i = 0; !err && i < route->count; i++) {
		if (kept < fold.count && fold.steps[kept].step == &steps[i])
			route->steps[kept++] = route->steps[i];
		else
			free(route->steps[i].step.changes);
	}
	if (!err)
		route->count = kept;
	fold_free(&fold);
	free(steps);
	return err;
}

static int route_make(struct route *route, const struct class *class,
		      const struct probed *other, struct strings *names)
{
	int err;

	*route = (struct route){
		.class = class,
		.paths = class->time.count,
		.steps = calloc(class->count + 1, sizeof(*route->steps)),
	};
	err = route->steps ? route_choose(route, other, names) : -ENOMEM;
	return !err && route->hidden ? route_fold(route) : err;
}

static void route_clear(struct route *route)
{
	for (size_t i = 0; i < route->count; i++)
		free(route->steps[i].step.changes);
	free(route->steps);
}

/* ---- all of them */

static bool step_same(const struct route_step *a, const struct route_step *b)
{
	return a->name == b->name && a->step.kind == b->step.kind &&
	       result_same(&a->step.result, &b->step.result) &&
	       changes_mask(a->step.changes) == changes_mask(b->step.changes);
}

/* Those of whole classes differ by something, or they would be one. */
static bool route_same(const struct route *a, const struct route *b)
{
	if (a->count != b->count || !(a->hidden || b->hidden) ||
	    a->class->aside != b->class->aside ||
	    !flow_same_kind(&a->class->flow, &b->class->flow) ||
	    strcmp(a->class->outcome, b->class->outcome) != 0)
		return false;
	for (size_t i = 0; i < a->count; i++) {
		if (!step_same(&a->steps[i], &b->steps[i]))
			return false;
	}
	return true;
}

static struct route *routes_find(const struct routes *routes, const struct route *route)
{
	for (size_t i = 0; i < routes->count; i++) {
		if (route_same(&routes->list[i], route))
			return &routes->list[i];
	}
	return NULL;
}

/* Copies are followed with function probes only: without them there are no such paths. */
static bool class_is_hidden(const struct class *class, const struct probed *other)
{
	return class->count && class->steps[0].step.kind == EVENT_COPY &&
	       !probed_has(other, &class->steps[0].step);
}

static int routes_add(struct routes *routes, const struct class *class,
		      const struct probed *other, struct strings *names)
{
	struct route *route = &routes->list[routes->count], *same;

	if (class_is_hidden(class, other)) {
		routes->copies += class->time.count;
		return 0;
	}
	if (route_make(route, class, other, names)) {
		route_clear(route);
		return -ENOMEM;
	}
	routes->hidden += route->hidden;
	routes->steps += class->count;
	same = routes_find(routes, route);
	if (same) {
		same->paths += route->paths;
		route_clear(route);
	} else {
		routes->count++;
	}
	return 0;
}

int routes_make(struct routes *routes, const struct classes *classes,
		const struct probed *other, struct strings *names)
{
	int err;

	*routes = (struct routes){
		.list = calloc(classes->count + 1, sizeof(*routes->list)),
	};
	err = routes->list ? 0 : -ENOMEM;
	for (size_t i = 0; !err && i < classes->count; i++)
		err = routes_add(routes, classes->order[i], other, names);
	return err;
}

void routes_clear(struct routes *routes)
{
	for (size_t i = 0; i < routes->count; i++)
		route_clear(&routes->list[i]);
	free(routes->list);
	*routes = (struct routes){ 0 };
}
