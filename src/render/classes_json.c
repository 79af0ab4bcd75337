// SPDX-License-Identifier: GPL-2.0-only
/* classes_json.c - the classes of paths, as one JSON object; see bpfpath-json(5) */
#include "render/render.h"

#include <errno.h>

#include "render/classes_json.h"
#include "render/classes_view.h"
#include "render/formats.h"
#include "render/writer.h"

/* All in ns. */
static void add_time(struct writer *writer, const struct sketch *time)
{
	writer_open(writer, "time", '{');
	writer_number(writer, "p50", sketch_quantile(time, classes_quantiles[0]));
	writer_number(writer, "p90", sketch_quantile(time, classes_quantiles[1]));
	writer_number(writer, "p99", sketch_quantile(time, classes_quantiles[2]));
	writer_number(writer, "max", time->max);
	writer_number(writer, "sum", time->sum);
	writer_close(writer, '}');
}

static void add_place(struct writer *writer, const struct step *step)
{
	writer_open(writer, "netns", '{');
	writer_number(writer, "inode", step->netns);
	if (step->netns_name)
		writer_text(writer, "name", step->netns_name);
	writer_close(writer, '}');
	writer_open(writer, "dev", '{');
	writer_number(writer, "index", step->ifindex);
	if (step->dev[0])
		writer_text(writer, "name", step->dev);
	writer_close(writer, '}');
}

static void add_steps(struct writer *writer, const struct classes *classes,
		      const struct class *class)
{
	writer_open(writer, "steps", '[');
	for (size_t i = 0; i < class->count; i++) {
		const struct class_step *step = &class->steps[i];

		writer_open(writer, NULL, '{');
		writer_text(writer, "func", step->step.func);
		writer_text(writer, "stage", step->step.stage);
		if (classes->by & CLASSES_BY_DEV)
			add_place(writer, &step->step);
		writer_number(writer, "repeats", step->repeats);
		add_time(writer, &step->time);
		writer_close(writer, '}');
	}
	writer_close(writer, ']');
}

void classes_json_end(struct writer *writer, const struct class *class)
{
	writer_text(writer, "kind", path_end_name(class->end));
	if (class->reason)
		writer_text(writer, "reason", class->reason);
	if (class->where)
		writer_text(writer, "where", class->where);
}

static void add_end(struct writer *writer, const struct class *class)
{
	writer_open(writer, "end", '{');
	classes_json_end(writer, class);
	writer_bool(writer, "differ", class->ends_differ);
	writer_close(writer, '}');
}

void classes_json_example(struct writer *writer, const struct class *class)
{
	char packet[512];

	flow_print(&class->flow, packet, sizeof(packet));
	writer_open(writer, "example", '{');
	writer_number(writer, "id", class->example);
	writer_text(writer, "packet", packet);
	writer_close(writer, '}');
}

static void add_class(struct writer *writer, const struct classes *classes,
		      const struct class *class)
{
	const struct class_step *costliest = class_costliest(class);

	writer_open(writer, NULL, '{');
	writer_number(writer, "paths", class->time.count);
	writer_number(writer, "incomplete", class->incomplete);
	add_end(writer, class);
	classes_json_example(writer, class);
	add_time(writer, &class->time);
	if (costliest)
		writer_number(writer, "costliest", (uint64_t)(costliest - class->steps));
	add_steps(writer, classes, class);
	writer_close(writer, '}');
}

static int classes_json_finish(struct render *render)
{
	const struct classes *classes = classes_view_finish(render);
	struct writer writer = { 0 };
	int error;

	if (!classes)
		return -ENOMEM;
	writer_open(&writer, NULL, '{');
	writer_number(&writer, "paths", classes->paths);
	writer_number(&writer, "left_out", classes->left_out);
	writer_open(&writer, "classes", '[');
	for (size_t i = 0; i < classes->count; i++)
		add_class(&writer, classes, classes->order[i]);
	writer_close(&writer, ']');
	writer_close(&writer, '}');
	error = writer_end(&writer, render->out);
	writer_free(&writer);
	/* What the file does not take is told by render_finish(). */
	return error == -ENOMEM ? error : 0;
}

static struct render *classes_json_new(FILE *out, const struct render_options *options)
{
	return classes_view_new(out, options, &render_classes_json_ops);
}

const struct render_ops render_classes_json_ops = {
	.name = "classes-json",
	.help = "the same as one JSON object",
	.takes = RENDER_CLASSES,
	.at_end = true,
	.path = classes_view_path,
	.finish = classes_json_finish,
	.free = classes_view_free,
	.new = classes_json_new,
};
