// SPDX-License-Identifier: GPL-2.0-only
/*
 * hist_print.c - how long paths spend where, as histograms, and the same as JSON
 *
 *	netfilter: 3 paths, p50 5.024, p90 5001.000, p99 5001.000, max 5001.000 us
 *	         2.048 -        4.096            1  ####################
 *	...
 */
#include "render/render.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "render/escape.h"
#include "render/formats.h"
#include "render/hist.h"
#include "render/writer.h"

#define NAME_SIZE 256 /* of a function as it is shown */
#define BAR	  40  /* of the fullest bucket */
#define OCTAVES	  64

struct hist_view {
	struct render render;
	struct hist hist;
};

static int hist_path(struct render *render, const struct path *path)
{
	return hist_add(&((struct hist_view *)render)->hist, path);
}

/* The octaves that are not empty lie between these. */
static void octave_range(const struct sketch *time, unsigned int *first,
			 unsigned int *last, uint64_t *most)
{
	*first = OCTAVES;
	*last = 0;
	*most = 0;
	for (unsigned int bit = 0; bit < OCTAVES; bit++) {
		uint64_t count = sketch_octave(time, bit);

		if (count && *first == OCTAVES)
			*first = bit;
		if (count)
			*last = bit;
		if (count > *most)
			*most = count;
	}
}

/* ---- text */

static double us(uint64_t ns)
{
	return (double)ns / 1000;
}

static void print_name(FILE *out, const struct hist *hist, const struct hist_row *row)
{
	char from[NAME_SIZE], to[NAME_SIZE];

	escape_terminal(from, sizeof(from), hist->from ?: "the first step");
	escape_terminal(to, sizeof(to), hist->to ?: "the last");
	if (hist->from || hist->to)
		fprintf(out, "from %s to %s", from, to);
	else
		fputs(row->name, out);
}

static void print_octaves(FILE *out, const struct sketch *time)
{
	unsigned int first, last;
	uint64_t most;

	octave_range(time, &first, &last, &most);
	for (unsigned int bit = first; bit <= last; bit++) {
		uint64_t count = sketch_octave(time, bit);
		int bar = (int)((double)count / (double)most * BAR + 0.5);

		fprintf(out, "%14.3f - %14.3f %10" PRIu64 "%s", bit ? us(1ull << bit) : 0,
			2 * us(1ull << bit), count, count ? "  " : "");
		for (int i = 0; i < bar || (count && !i); i++)
			fputc('#', out);
		fputc('\n', out);
	}
}

static void print_row(FILE *out, const struct hist *hist, const struct hist_row *row)
{
	const struct sketch *time = &row->time;

	fputc('\n', out);
	print_name(out, hist, row);
	fprintf(out, ": %" PRIu64 " path%s, p50 %.3f, p90 %.3f, p99 %.3f, max %.3f us\n",
		time->count, time->count == 1 ? "" : "s", us(sketch_quantile(time, 500)),
		us(sketch_quantile(time, 900)), us(sketch_quantile(time, 990)),
		us(time->max));
	print_octaves(out, time);
}

static int hist_finish(struct render *render)
{
	const struct hist *hist = &((struct hist_view *)render)->hist;

	fprintf(render->out, "%" PRIu64 " path%s\n", hist->paths,
		hist->paths == 1 ? "" : "s");
	for (size_t i = 0; i < hist->count; i++)
		print_row(render->out, hist, &hist->rows[i]);
	return 0;
}

/* ---- JSON, in ns */

static void add_octaves(struct writer *writer, const struct sketch *time)
{
	unsigned int first, last;
	uint64_t most;

	octave_range(time, &first, &last, &most);
	writer_open(writer, "buckets", '[');
	for (unsigned int bit = first; bit <= last; bit++) {
		writer_open(writer, NULL, '{');
		writer_number(writer, "from", bit ? 1ull << bit : 0);
		writer_number(writer, "count", sketch_octave(time, bit));
		writer_close(writer, '}');
	}
	writer_close(writer, ']');
}

static void add_row(struct writer *writer, const struct hist *hist,
		    const struct hist_row *row)
{
	const struct sketch *time = &row->time;

	writer_open(writer, NULL, '{');
	if (!hist->from && !hist->to)
		writer_text(writer, "stage", row->name);
	if (hist->from)
		writer_text(writer, "from", hist->from);
	if (hist->to)
		writer_text(writer, "to", hist->to);
	writer_number(writer, "paths", time->count);
	writer_number(writer, "p50", sketch_quantile(time, 500));
	writer_number(writer, "p90", sketch_quantile(time, 900));
	writer_number(writer, "p99", sketch_quantile(time, 990));
	writer_number(writer, "max", time->max);
	writer_number(writer, "sum", time->sum);
	add_octaves(writer, time);
	writer_close(writer, '}');
}

static int hist_json_finish(struct render *render)
{
	const struct hist *hist = &((struct hist_view *)render)->hist;
	struct writer writer = { 0 };
	int error;

	writer_open(&writer, NULL, '{');
	writer_number(&writer, "paths", hist->paths);
	writer_open(&writer, "histograms", '[');
	for (size_t i = 0; i < hist->count; i++)
		add_row(&writer, hist, &hist->rows[i]);
	writer_close(&writer, ']');
	writer_close(&writer, '}');
	error = writer_end(&writer, render->out);
	writer_free(&writer);
	/* What the file does not take is told by render_finish(). */
	return error == -ENOMEM ? error : 0;
}

/* ---- both */

static void hist_free(struct render *render)
{
	hist_close(&((struct hist_view *)render)->hist);
	free(render);
}

static struct render *hist_view_new(FILE *out, const struct render_options *options,
				    const struct render_ops *ops)
{
	struct hist_view *view = calloc(1, sizeof(*view));

	if (!view)
		return NULL;
	view->render = (struct render){ .ops = ops, .out = out };
	view->hist.from = options->from;
	view->hist.to = options->to;
	return &view->render;
}

static struct render *hist_new(FILE *out, const struct render_options *options)
{
	return hist_view_new(out, options, &render_hist_ops);
}

static struct render *hist_json_new(FILE *out, const struct render_options *options)
{
	return hist_view_new(out, options, &render_hist_json_ops);
}

const struct render_ops render_hist_ops = {
	.name = "hist",
	.help = "how long paths are in each stage, or between two steps",
	.takes = RENDER_HIST,
	.at_end = true,
	.path = hist_path,
	.finish = hist_finish,
	.free = hist_free,
	.new = hist_new,
};

const struct render_ops render_hist_json_ops = {
	.name = "hist-json",
	.help = "the same as one JSON object",
	.takes = RENDER_HIST,
	.at_end = true,
	.path = hist_path,
	.finish = hist_json_finish,
	.free = hist_free,
	.new = hist_json_new,
};
