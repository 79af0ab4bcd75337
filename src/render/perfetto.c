// SPDX-License-Identifier: GPL-2.0-only
/*
 * perfetto.c - trace events as ui.perfetto.dev and chrome://tracing read them
 *
 * A process for each namespace, a thread for each device, and in it a slice for each
 * stay of a packet with a slice for each stage inside. A flow leads from stay to stay. A
 * thread cannot have slices that overlap otherwise than one within the other: a device
 * has as many lanes as it has packets at once.
 *
 * "Trace Event Format", Google, 2016
 */
#include "render/render.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "render/formats.h"
#include "render/kept.h"
#include "render/place.h"
#include "render/visit.h"
#include "render/writer.h"

#define SHORTEST 1 /* ns: a flow does not find a slice of no length */

struct perfetto {
	struct render render;
	struct kept kept;
	struct writer writer;
	size_t events; /* that were written */
};

/* A packet at a place. */
struct stay {
	const struct path *path;
	struct visit visit;
	uint64_t from, to;
	size_t lane;
};

/* One of the threads of a device. */
struct lane {
	const struct step *place; /* any step there */
	uint64_t busy;		  /* until then */
	size_t number;		  /* of this device, from 1 */
};

struct drawing {
	struct stay *stays;
	size_t stays_count;
	struct lane *lanes;
	size_t lanes_count;
};

static void add_time(struct writer *writer, const char *key, uint64_t ns)
{
	char fraction[8];

	snprintf(fraction, sizeof(fraction), ".%03u", (unsigned int)(ns % 1000));
	writer_key(writer, key, strlen(key));
	writer_put_number(writer, ns / 1000);
	writer_raw(writer, fraction, 4);
}

/* ---- who is where */

static bool lane_is_at(const struct lane *lane, const struct step *step)
{
	return !place_changed(lane->place, step);
}

/* The first lane of the place that is free by then, which may be a new one. */
static size_t lane_find(struct drawing *drawing, const struct stay *stay)
{
	const struct step *step = &stay->path->steps[stay->visit.first];
	size_t number = 1, i;

	for (i = 0; i < drawing->lanes_count; i++) {
		struct lane *lane = &drawing->lanes[i];

		if (!lane_is_at(lane, step))
			continue;
		if (lane->busy <= stay->from)
			break;
		number++;
	}
	if (i == drawing->lanes_count)
		drawing->lanes[drawing->lanes_count++] = (struct lane){
			.place = step,
			.number = number,
		};
	drawing->lanes[i].busy = stay->to;
	return i;
}

static int stay_compare(const void *a, const void *b)
{
	const struct stay *left = a, *right = b;

	if (left->from != right->from)
		return left->from < right->from ? -1 : 1;
	return (left->path->id > right->path->id) - (left->path->id < right->path->id);
}

static size_t count_stays(const struct kept *kept)
{
	size_t count = 0;

	for (size_t i = 0; i < kept->count; i++) {
		struct visit visit = { 0 };

		while (visit_next(&kept->paths[i], &visit))
			count++;
	}
	return count;
}

static void drawing_clear(struct drawing *drawing)
{
	free(drawing->stays);
	free(drawing->lanes);
}

static int drawing_make(struct drawing *drawing, const struct kept *kept)
{
	size_t count = count_stays(kept);

	drawing->stays = calloc(count + 1, sizeof(*drawing->stays));
	drawing->lanes = calloc(count + 1, sizeof(*drawing->lanes));
	if (!drawing->stays || !drawing->lanes)
		return -ENOMEM;
	for (size_t i = 0; i < kept->count; i++) {
		const struct path *path = &kept->paths[i];
		struct visit visit = { 0 };

		while (visit_next(path, &visit)) {
			struct stay *stay = &drawing->stays[drawing->stays_count++];

			*stay = (struct stay){ .path = path, .visit = visit };
			stay->from = visit_begin(path, &visit);
			stay->to = visit_end(path, &visit);
			if (stay->to < stay->from + SHORTEST)
				stay->to = stay->from + SHORTEST;
		}
	}
	qsort(drawing->stays, drawing->stays_count, sizeof(*drawing->stays),
	      stay_compare);
	for (size_t i = 0; i < drawing->stays_count; i++)
		drawing->stays[i].lane = lane_find(drawing, &drawing->stays[i]);
	return 0;
}

/* ---- events */

/* What all of them have. @phase: which kind of event it is. */
static void event_open(struct perfetto *perfetto, const char *phase, const char *name,
		       const struct lane *lane, size_t tid)
{
	struct writer *writer = &perfetto->writer;

	if (perfetto->events++)
		fputc(',', perfetto->render.out);
	writer_open(writer, NULL, '{');
	writer_text(writer, "ph", phase);
	writer_text(writer, "name", name);
	writer_number(writer, "pid", lane->place->netns);
	writer_number(writer, "tid", tid + 1);
}

static void event_close(struct perfetto *perfetto)
{
	writer_close(&perfetto->writer, '}');
	writer_end(&perfetto->writer, perfetto->render.out);
}

static void add_name(struct perfetto *perfetto, const char *event, const char *name,
		     const struct lane *lane, size_t tid)
{
	struct writer *writer = &perfetto->writer;

	event_open(perfetto, "M", event, lane, tid);
	writer_open(writer, "args", '{');
	writer_text(writer, "name", name);
	writer_close(writer, '}');
	event_close(perfetto);
}

static void add_lane(struct perfetto *perfetto, const struct lane *lane, size_t tid)
{
	char name[PLACE_NAME], numbered[PLACE_NAME + 24];

	add_name(perfetto, "process_name", place_netns(name, lane->place), lane, tid);
	place_device(name, lane->place);
	if (lane->number > 1)
		snprintf(numbered, sizeof(numbered), "%s (%zu)", name, lane->number);
	add_name(perfetto, "thread_name", lane->number > 1 ? numbered : name, lane, tid);
}

static void add_slice(struct perfetto *perfetto, uint64_t from, uint64_t to)
{
	writer_text(&perfetto->writer, "cat", "packet");
	add_time(&perfetto->writer, "ts", from);
	add_time(&perfetto->writer, "dur", to - from);
	writer_open(&perfetto->writer, "args", '{');
}

static void add_stay(struct perfetto *perfetto, const struct drawing *drawing,
		     const struct stay *stay)
{
	const struct lineage *lineage = &stay->path->lineage;
	struct writer *writer = &perfetto->writer;
	char line[512], name[540];

	flow_print(&stay->path->flow, line, sizeof(line));
	snprintf(name, sizeof(name), "#%llu %s", (unsigned long long)stay->path->id,
		 line);
	event_open(perfetto, "X", name, &drawing->lanes[stay->lane], stay->lane);
	add_slice(perfetto, stay->from, stay->to);
	writer_number(writer, "packet", stay->path->id);
	if (lineage->parent)
		writer_number(writer, "parent", lineage->parent);
	if (relation_name(lineage->relation))
		writer_text(writer, "relation", relation_name(lineage->relation));
	writer_text(writer, "end", path_end_name(stay->path->end));
	if (stay->path->reason)
		writer_text(writer, "reason", stay->path->reason);
	writer_close(writer, '}');
	event_close(perfetto);
}

static void add_stages(struct perfetto *perfetto, const struct drawing *drawing,
		       const struct stay *stay)
{
	struct writer *writer = &perfetto->writer;
	const struct path *path = stay->path;
	struct visit stage = { 0 };

	while (visit_stage(path, &stay->visit, &stage)) {
		uint64_t from = visit_begin(path, &stage);
		bool last = stage.end == stay->visit.end;

		event_open(perfetto, "X", path->steps[stage.first].stage,
			   &drawing->lanes[stay->lane], stay->lane);
		add_slice(perfetto, from, last ? stay->to : visit_end(path, &stage));
		writer_open(writer, "steps", '[');
		for (size_t i = stage.first; i < stage.end; i++)
			writer_text(writer, NULL, path->steps[i].func);
		writer_close(writer, ']');
		writer_number(writer, "cpu", path->steps[stage.first].cpu);
		writer_text(writer, "comm", path->steps[stage.first].comm);
		writer_close(writer, '}');
		event_close(perfetto);
	}
}

/* The flow starts at the first stay, and finishes at the last. */
static void add_flow(struct perfetto *perfetto, const struct drawing *drawing,
		     const struct stay *stay)
{
	bool first = !stay->visit.first, last = stay->visit.end == stay->path->count;
	struct writer *writer = &perfetto->writer;

	if (first && last)
		return;
	event_open(perfetto,
		   first  ? "s"
		   : last ? "f"
			  : "t",
		   "path", &drawing->lanes[stay->lane], stay->lane);
	writer_text(writer, "cat", "path");
	writer_number(writer, "id", stay->path->id);
	if (last)
		writer_text(writer, "bp", "e");
	add_time(writer, "ts", stay->from);
	event_close(perfetto);
}

static void add_drop(struct perfetto *perfetto, const struct drawing *drawing,
		     const struct stay *stay)
{
	const struct path *path = stay->path;
	struct writer *writer = &perfetto->writer;
	char name[300];

	if (path->end != PATH_DROPPED || stay->visit.end < path->count)
		return;
	snprintf(name, sizeof(name), "dropped in %s%s%s",
		 path->where[0] ? path->where : "?", path->reason ? ": " : "",
		 path->reason ? path->reason : "");
	event_open(perfetto, "i", name, &drawing->lanes[stay->lane], stay->lane);
	writer_text(writer, "s", "t");
	add_time(writer, "ts", path->steps[path->count - 1].time);
	event_close(perfetto);
}

/* ---- the format */

static int perfetto_path(struct render *render, const struct path *path)
{
	return kept_add(&((struct perfetto *)render)->kept, path);
}

static int perfetto_finish(struct render *render)
{
	struct perfetto *perfetto = (struct perfetto *)render;
	struct drawing drawing = { .stays = NULL };
	int error = drawing_make(&drawing, &perfetto->kept);

	if (!error) {
		fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n", render->out);
		for (size_t i = 0; i < drawing.lanes_count; i++)
			add_lane(perfetto, &drawing.lanes[i], i);
		for (size_t i = 0; i < drawing.stays_count; i++) {
			add_stay(perfetto, &drawing, &drawing.stays[i]);
			add_stages(perfetto, &drawing, &drawing.stays[i]);
			add_flow(perfetto, &drawing, &drawing.stays[i]);
			add_drop(perfetto, &drawing, &drawing.stays[i]);
		}
		fputs("]}\n", render->out);
	}
	drawing_clear(&drawing);
	return error;
}

static void perfetto_free(struct render *render)
{
	struct perfetto *perfetto = (struct perfetto *)render;

	kept_clear(&perfetto->kept);
	writer_free(&perfetto->writer);
	free(perfetto);
}

static struct render *perfetto_new(FILE *out, const struct render_options *options)
{
	struct perfetto *perfetto = calloc(1, sizeof(*perfetto));

	if (!perfetto)
		return NULL;
	perfetto->render = (struct render){ &render_perfetto_ops, out };
	return &perfetto->render;
}

const struct render_ops render_perfetto_ops = {
	.name = "perfetto",
	.help = "trace events for ui.perfetto.dev and chrome://tracing",
	.at_end = true,
	.path = perfetto_path,
	.finish = perfetto_finish,
	.free = perfetto_free,
	.new = perfetto_new,
};
