// SPDX-License-Identifier: GPL-2.0-only
#include "hook/points.h"

#include <assert.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "bpf/tracepoints.h"
#include "hook/backend.h"
#include "hook/plan.h"
#include "hook/probes.h"
#include "kernel/functions.h"
#include "kernel/kernel.h"
#include "kernel/symbols.h"
#include "path/stage.h"

struct points {
	struct point *list;
	size_t count, room;
	uint32_t function_backends, tracepoint_backends;
	const char *why_no_backend; /* NULL: there is one for functions */
};

static const char *const problems[] = {
	[FUNCTION_SHAPES] = "several functions of this name take different arguments",
	[FUNCTION_WIDE] = "its packet comes behind an argument of several registers",
	[FUNCTION_OUT] = "a packet is stored there later: there is none at its entry",
	[FUNCTION_INLINED] = "the compiler left no function of this name: it is inlined",
	[FUNCTION_REWRITTEN] =
		"there is only a copy by the compiler (.isra) that takes something else",
	[FUNCTION_NOTRACE] = "ftrace does not know it, so that it cannot be traced",
};

static_assert(sizeof(problems) / sizeof(problems[0]) == FUNCTION_PROBLEMS,
	      "words for each problem");

static int point_add(struct points *points, const struct point *point)
{
	if (points->count == points->room) {
		size_t room = points->room ? 2 * points->room : 2048;
		struct point *more = reallocarray(points->list, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		points->list = more;
		points->room = room;
	}
	points->list[points->count] = *point;
	points->list[points->count++].stage = stage_lookup(point->name).name;
	return 0;
}

static void backends_fill(struct points *points, const struct kernel *kernel)
{
	const char *why;

	for (size_t i = 0; backends[i]; i++) {
		if (backends[i]->usable(kernel, &why)) {
			points->tracepoint_backends |= 1U << i;
			if (backends[i]->functions)
				points->function_backends |= 1U << i;
		} else if (backends[i]->functions && !points->why_no_backend) {
			points->why_no_backend = why;
		}
	}
	if (points->function_backends)
		points->why_no_backend = NULL;
}

static uint32_t backends_reaching(const struct points *points,
				  const struct function *function)
{
	uint32_t reaching = points->function_backends;

	for (size_t i = 0; backends[i]; i++)
		if (backends[i]->reaches && !backends[i]->reaches(function))
			reaching &= ~(1U << i);
	return reaching;
}

/* A function without its place yet. */
static struct point point_function(const struct points_source *source, const char *name,
				   const char *module, const char *why)
{
	bool stages = probes_has(source->stages, name);

	return (struct point){
		.name = name,
		.module = module,
		.why = why,
		.kind = POINT_FUNCTION,
		.zoom = stages ? POINT_STAGES : POINT_ALL,
	};
}

static int function_add(struct points *points, const struct points_source *source,
			const struct function *function)
{
	struct point point = point_function(source, function->name, function->module,
					    points->why_no_backend);
	enum function_role role = FUNCTION_ROLE(plan_word(function));

	point.argument = function->argument;
	point.packet = function->packet;
	point.assumed = function->assumed;
	if (role == FUNCTION_GATE || plan_socket_role(function))
		point.role = POINT_GATE;
	if (role == FUNCTION_FREE)
		point.role = POINT_FREE;
	if (!point.why)
		point.backends = backends_reaching(points, function);
	if (!point.why && !point.backends)
		point.why = "its packet comes behind five arguments, out of reach";
	return probes_has(source->zoom, function->name) ? point_add(points, &point) : 0;
}

static int functions_add(struct points *points, const struct points_source *source)
{
	size_t count;
	const struct function *all = functions_all(source->functions, &count);
	int err = 0;

	for (size_t i = 0; !err && i < count; i++)
		err = function_add(points, source, &all[i]);
	return err;
}

static int missing_add(struct points *points, const struct points_source *source)
{
	size_t count;
	const struct function_missing *all = functions_missing(source->functions, &count);
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		struct point point = point_function(source, all[i].name, all[i].module,
						    problems[all[i].problem]);

		if (probes_has(source->zoom, all[i].name))
			err = point_add(points, &point);
	}
	return err;
}

/* Why a name of the zoom is none of the functions that take a packet. */
static const char *unknown_why(const struct points_source *source, const char *name)
{
	if (!source->functions)
		return source->why;
	if (!symbols_named(source->symbols, name, NULL))
		return "this kernel has no such function, or its module is not loaded";
	if (btf__find_by_name_kind(source->kernel->btf, name, BTF_KIND_FUNC) >= 0)
		return "it takes no packet";
	return "the kernel's BTF does not know its arguments, or it takes no packet";
}

/* What nobody asked for with success, after all that there is was asked for. */
static int unknown_add(struct points *points, const struct points_source *source)
{
	/* "all" names nothing by itself, but what the default names is in it. */
	bool all = probes_any(source->zoom) && !probes_count(source->zoom);
	const struct probes *names = all ? source->stages : source->zoom;
	size_t count = probes_count(names);
	int err = 0;

	for (size_t i = 0; !err && i < count; i++) {
		const char *name = probes_name(names, i);
		struct point point;

		if (probes_used(names, i))
			continue;
		point = point_function(source, name, NULL, unknown_why(source, name));
		err = point_add(points, &point);
	}
	return err;
}

static const char *tracepoint_why(const struct kernel *kernel, const char *name,
				  int argument)
{
	int found = kernel_tracepoint_skb(kernel, name, NULL);

	if (found == argument)
		return NULL;
	return found == -ENOENT ? "this kernel has no such tracepoint"
				: "it carries no packet, or at another position";
}

enum {
	ROLE_STEP = POINT_STEP,
	ROLE_COPY = POINT_STEP,
	ROLE_RECEIVE = POINT_GATE,
	ROLE_AGAIN = POINT_GATE,
	ROLE_FREE = POINT_FREE,
};

static const struct {
	const char *name;
	uint8_t argument, role;
} tracepoints[] = {
#define X(name, argument, role) { #name, argument, ROLE_##role },
	TRACEPOINTS(X)
#undef X
};

static int tracepoints_add(struct points *points, const struct points_source *source)
{
	int err = 0;

	for (size_t i = 0; !err && i < TRACEPOINT_PACKETS; i++) {
		const char *why = tracepoint_why(source->kernel, tracepoints[i].name,
						 tracepoints[i].argument);
		struct point point = {
			.name = tracepoints[i].name,
			.why = why,
			.kind = POINT_TRACEPOINT,
			.role = tracepoints[i].role,
			.argument = why ? 0 : tracepoints[i].argument + 1,
			.backends = why ? 0 : points->tracepoint_backends,
		};

		err = point_add(points, &point);
	}
	return err;
}

static int point_compare(const void *left, const void *right)
{
	const struct point *a = left, *b = right;
	int order = strcmp(a->name, b->name);

	if (order)
		return order;
	if (a->kind != b->kind)
		return a->kind - b->kind;
	return strcmp(a->module ?: "", b->module ?: "");
}

/* Functions of one name, static in several files, are one line for the user. */
static void points_sort(struct points *points)
{
	struct point *list = points->list;
	size_t kept = 0;

	if (points->count)
		qsort(list, points->count, sizeof(*list), point_compare);
	for (size_t i = 0; i < points->count; i++)
		if (!kept || point_compare(&list[kept - 1], &list[i]))
			list[kept++] = list[i];
	points->count = kept;
}

int points_make(const struct points_source *source, struct points **out)
{
	struct points *points = calloc(1, sizeof(*points));
	int err;

	if (!points)
		return -ENOMEM;
	backends_fill(points, source->kernel);
	err = tracepoints_add(points, source);
	if (!err && source->functions)
		err = functions_add(points, source);
	if (!err && source->functions)
		err = missing_add(points, source);
	if (!err)
		err = unknown_add(points, source);
	if (err) {
		points_free(points);
		return err;
	}
	points_sort(points);
	*out = points;
	return 0;
}

void points_free(struct points *points)
{
	if (!points)
		return;
	free(points->list);
	free(points);
}

const struct point *points_all(const struct points *points, size_t *count)
{
	*count = points->count;
	return points->list;
}
