// SPDX-License-Identifier: GPL-2.0-only
/*
 * perfetto.c - trace events as ui.perfetto.dev and chrome://tracing read them
 *
 * A process for each namespace, a thread for each device, and in it a slice for each
 * stay of a packet with a slice for each stage inside. A flow leads from stay to stay. A
 * thread cannot have slices that overlap otherwise than one within the other: a device
 * has as many lanes as it has packets at once. Viewers sort: an event is written as soon
 * as its path is there.
 *
 * "Trace Event Format", Google, 2016
 */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/formats.h"
#include "render/place.h"
#include "render/visit.h"
#include "render/writer.h"

/*
 * ns: a flow does not find a slice of no length, and speedscope not its end. The last
 * step of a path would mostly be one.
 */
#define SHORTEST 1

/* One of the threads of a device. */
struct lane {
	struct step place;   /* any step there; its strings may be gone */
	uint64_t from, to;   /* between the two there are stays */
	unsigned int number; /* of this device, from 1 */
	size_t tid;
};

struct perfetto {
	struct render render;
	struct writer writer;
	struct lane *lanes;
	size_t lanes_count;
	bool begun; /* there is an event */
	int error;  /* the first one of writing */
};

/* A packet at a place. */
struct stay {
	const struct path *path;
	struct visit visit;
	uint64_t from, to;
	const struct lane *lane;
};

static void add_time(struct writer *writer, const char *key, uint64_t ns)
{
	char fraction[8];

	snprintf(fraction, sizeof(fraction), ".%03u", (unsigned int)(ns % 1000));
	writer_key(writer, key, strlen(key));
	writer_put_number(writer, ns / 1000);
	writer_raw(writer, fraction, 4);
}

/* ---- events */

/* What all of them have. @phase: which kind of event it is. */
static void event_open(struct perfetto *perfetto, const char *phase, const char *name,
		       const struct lane *lane)
{
	struct writer *writer = &perfetto->writer;

	if (perfetto->begun)
		fputc(',', perfetto->render.out);
	perfetto->begun = true;
	writer_open(writer, NULL, '{');
	writer_text(writer, "ph", phase);
	writer_text(writer, "name", name);
	writer_number(writer, "pid", lane->place.netns);
	writer_number(writer, "tid", lane->tid);
}

static void event_close(struct perfetto *perfetto)
{
	int error;

	writer_close(&perfetto->writer, '}');
	error = writer_end(&perfetto->writer, perfetto->render.out);
	if (!perfetto->error)
		perfetto->error = error;
}

static void add_name(struct perfetto *perfetto, const char *event, const char *name,
		     const struct lane *lane)
{
	struct writer *writer = &perfetto->writer;

	event_open(perfetto, "M", event, lane);
	writer_open(writer, "args", '{');
	writer_text(writer, "name", name);
	writer_close(writer, '}');
	event_close(perfetto);
}

/* Where it stands among the others; without it they would be sorted by their names. */
static void add_order(struct perfetto *perfetto, const char *event,
		      const struct lane *lane)
{
	struct writer *writer = &perfetto->writer;

	event_open(perfetto, "M", event, lane);
	writer_open(writer, "args", '{');
	writer_number(writer, "sort_index", lane->tid);
	writer_close(writer, '}');
	event_close(perfetto);
}

static bool first_of_namespace(const struct perfetto *perfetto, const struct lane *lane)
{
	const struct lane *other = perfetto->lanes;

	while (other->place.netns != lane->place.netns)
		other++;
	return other == lane;
}

/* @lane: one of perfetto->lanes. @step: one there, with its names. */
static void add_lane(struct perfetto *perfetto, const struct lane *lane,
		     const struct step *step)
{
	char name[PLACE_NAME], numbered[PLACE_NAME + 24];

	if (first_of_namespace(perfetto, lane)) {
		add_name(perfetto, "process_name", place_netns(name, step), lane);
		add_order(perfetto, "process_sort_index", lane);
	}
	place_device(name, step);
	snprintf(numbered, sizeof(numbered), "%s (%u)", name, lane->number);
	add_name(perfetto, "thread_name", lane->number > 1 ? numbered : name, lane);
	add_order(perfetto, "thread_sort_index", lane);
}

/* ---- who is where */

/* Room doubles from one on. NULL: there is no memory. */
static struct lane *lane_new(struct perfetto *perfetto)
{
	size_t count = perfetto->lanes_count;
	struct lane *lanes = perfetto->lanes;

	if (!(count & (count - 1))) {
		lanes = reallocarray(lanes, count ? 2 * count : 1, sizeof(*lanes));
		if (!lanes)
			return NULL;
		perfetto->lanes = lanes;
	}
	perfetto->lanes_count++;
	return &lanes[count];
}

/*
 * The first lane of the place that is free then, which may be a new one; NULL: there is
 * no memory. Paths come nearly in the order in which they began (path/order.h): what is
 * before or behind everything in a lane finds room there, and gaps are not looked for.
 */
static struct lane *lane_find(struct perfetto *perfetto, const struct stay *stay)
{
	const struct step *step = &stay->path->steps[stay->visit.first];
	unsigned int number = 1;
	struct lane *lane;

	for (size_t i = 0; i < perfetto->lanes_count; i++) {
		lane = &perfetto->lanes[i];
		if (place_changed(&lane->place, step))
			continue;
		if (lane->to < stay->from || stay->to < lane->from)
			return lane;
		number++;
	}
	lane = lane_new(perfetto);
	if (!lane)
		return NULL;
	*lane = (struct lane){
		.place = *step,
		.from = stay->from,
		.number = number,
		.tid = perfetto->lanes_count,
	};
	add_lane(perfetto, lane, step);
	return lane;
}

/* 0 or -ENOMEM. */
static int stay_begin(struct perfetto *perfetto, struct stay *stay)
{
	struct lane *lane;

	stay->from = visit_begin(stay->path, &stay->visit);
	stay->to = visit_end(stay->path, &stay->visit);
	if (stay->to == stay->from || stay->visit.end == stay->path->count)
		stay->to += SHORTEST;
	lane = lane_find(perfetto, stay);
	if (!lane)
		return -ENOMEM;
	if (stay->from < lane->from)
		lane->from = stay->from;
	if (stay->to > lane->to)
		lane->to = stay->to;
	stay->lane = lane;
	return 0;
}

/* ---- what it does there */

/*
 * A slice is its beginning and its end, each with its time. With a duration instead,
 * whoever adds it to the beginning as floating point numbers finds slices that end a
 * little behind the one that they are in.
 */
static void slice_begin(struct perfetto *perfetto, const struct lane *lane,
			const char *name, uint64_t from)
{
	event_open(perfetto, "B", name, lane);
	writer_text(&perfetto->writer, "cat", "packet");
	add_time(&perfetto->writer, "ts", from);
	writer_open(&perfetto->writer, "args", '{');
}

static void slice_begun(struct perfetto *perfetto)
{
	writer_close(&perfetto->writer, '}');
	event_close(perfetto);
}

static void slice_end(struct perfetto *perfetto, const struct lane *lane,
		      const char *name, uint64_t to)
{
	event_open(perfetto, "E", name, lane);
	add_time(&perfetto->writer, "ts", to);
	event_close(perfetto);
}

static void add_stay(struct perfetto *perfetto, const struct stay *stay, const char *name)
{
	const struct lineage *lineage = &stay->path->lineage;
	struct writer *writer = &perfetto->writer;

	slice_begin(perfetto, stay->lane, name, stay->from);
	writer_number(writer, "packet", stay->path->id);
	if (lineage->parent)
		writer_number(writer, "parent", lineage->parent);
	if (relation_name(lineage->relation))
		writer_text(writer, "relation", relation_name(lineage->relation));
	writer_text(writer, "end", path_end_name(stay->path->end));
	if (stay->path->reason)
		writer_text(writer, "reason", stay->path->reason);
	slice_begun(perfetto);
}

static void add_stages(struct perfetto *perfetto, const struct stay *stay)
{
	struct writer *writer = &perfetto->writer;
	const struct path *path = stay->path;
	struct visit stage = { 0 };

	while (visit_stage(path, &stay->visit, &stage)) {
		const char *name = path->steps[stage.first].stage;
		bool last = stage.end == stay->visit.end;

		slice_begin(perfetto, stay->lane, name, visit_begin(path, &stage));
		writer_open(writer, "steps", '[');
		for (size_t i = stage.first; i < stage.end; i++)
			writer_text(writer, NULL, path->steps[i].func);
		writer_close(writer, ']');
		writer_number(writer, "cpu", path->steps[stage.first].cpu);
		writer_text(writer, "comm", path->steps[stage.first].comm);
		slice_begun(perfetto);
		slice_end(perfetto, stay->lane, name,
			  last ? stay->to : visit_end(path, &stage));
	}
}

/* The flow starts at the first stay, and finishes at the last. */
static void add_flow(struct perfetto *perfetto, const struct stay *stay)
{
	bool first = !stay->visit.first, last = stay->visit.end == stay->path->count;
	struct writer *writer = &perfetto->writer;

	if (first && last)
		return;
	event_open(perfetto, first ? "s" : last ? "f" : "t", "path", stay->lane);
	writer_text(writer, "cat", "path");
	writer_number(writer, "id", stay->path->id);
	if (last)
		writer_text(writer, "bp", "e");
	add_time(writer, "ts", stay->from);
	event_close(perfetto);
}

static void add_drop(struct perfetto *perfetto, const struct stay *stay)
{
	const struct path *path = stay->path;
	struct writer *writer = &perfetto->writer;
	char name[300];

	if (path->end != PATH_DROPPED || stay->visit.end < path->count)
		return;
	snprintf(name, sizeof(name), "dropped in %s%s%s", path->where ? path->where : "?",
		 path->reason ? ": " : "", path->reason ? path->reason : "");
	event_open(perfetto, "i", name, stay->lane);
	writer_text(writer, "s", "t");
	add_time(writer, "ts", path->steps[path->count - 1].time);
	event_close(perfetto);
}

/* ---- the format */

static const char head[] = "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n";

static int perfetto_path(struct render *render, const struct path *path)
{
	struct perfetto *perfetto = (struct perfetto *)render;
	struct stay stay = { .path = path };
	char line[512], name[540];
	int error;

	if (!perfetto->begun)
		fputs(head, render->out);
	flow_print(&path->flow, line, sizeof(line));
	snprintf(name, sizeof(name), "#%llu %s", (unsigned long long)path->id, line);
	while (visit_next(path, &stay.visit)) {
		error = stay_begin(perfetto, &stay);
		if (error)
			return error;
		add_stay(perfetto, &stay, name);
		add_stages(perfetto, &stay);
		add_flow(perfetto, &stay);
		add_drop(perfetto, &stay);
		slice_end(perfetto, stay.lane, name, stay.to);
	}
	/* What the file does not take is told by render_path(). */
	return perfetto->error == -ENOMEM ? -ENOMEM : 0;
}

static int perfetto_finish(struct render *render)
{
	if (!((struct perfetto *)render)->begun)
		fputs(head, render->out);
	fputs("]}\n", render->out);
	return 0;
}

static void perfetto_free(struct render *render)
{
	struct perfetto *perfetto = (struct perfetto *)render;

	free(perfetto->lanes);
	writer_free(&perfetto->writer);
	free(perfetto);
}

static struct render *perfetto_new(FILE *out, const struct render_options *options)
{
	struct perfetto *perfetto = calloc(1, sizeof(*perfetto));

	if (!perfetto)
		return NULL;
	perfetto->render = (struct render){ .ops = &render_perfetto_ops, .out = out };
	return &perfetto->render;
}

const struct render_ops render_perfetto_ops = {
	.name = "perfetto",
	.help = "trace events for ui.perfetto.dev and chrome://tracing",
	.path = perfetto_path,
	.finish = perfetto_finish,
	.free = perfetto_free,
	.new = perfetto_new,
};
