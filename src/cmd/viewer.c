// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/viewer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "cmd/census.h"
#include "cmd/output.h"
#include "file/recorder.h"
#include "file/recording.h"
#include "filter/filter.h"
#include "path/assembler.h"

/* The first headers of the packet; before them there may be what its socket knew. */
static const struct headers *path_headers(const struct path *path)
{
	for (size_t i = 0; i < path->headers_count; i++) {
		if (path->headers[i].layer != EVENT_LAYER_SOCKET &&
		    path->headers[i].captured)
			return &path->headers[i];
	}
	return path->headers;
}

static enum filter_verdict viewer_matches(const struct viewer *viewer,
					  const struct path *path)
{
	const struct filter *filter = viewer->options.filter;
	const struct headers *headers = path_headers(path);

	if (!filter)
		return FILTER_MATCH;
	return headers ? filter_match(filter, headers, path->flow.len) : FILTER_UNDECIDED;
}

static bool viewer_wants(struct viewer *viewer, const struct path *path)
{
	enum filter_verdict verdict = viewer_matches(viewer, path);
	const struct render_ops *format = viewer->options.format;

	if (path_duration(path) < viewer->options.slow ||
	    (format && format->wants && !format->wants(path)))
		return false;
	viewer->undecided += verdict == FILTER_UNDECIDED;
	return verdict == FILTER_MATCH;
}

/* 1: it is one of those that are shown; 0; -ENOMEM. */
static int viewer_choose(struct viewer *viewer, const struct path *path)
{
	int chosen = chosen_take(&viewer->looked, &path->lineage);

	if (chosen <= 0)
		return chosen;
	viewer->paths++;
	return viewer_wants(viewer, path) ? chosen_take(&viewer->chosen, &path->lineage)
					  : 0;
}

/* After anything that may have made it so. */
static void viewer_fill(struct viewer *viewer)
{
	viewer->full = viewer->error || chosen_done(&viewer->chosen) ||
		       chosen_done(&viewer->looked);
}

static void viewer_show(struct viewer *viewer, const struct path *path)
{
	if (viewer->options.path)
		viewer->options.path(viewer->options.context, path);
	if (viewer->options.recorder && !viewer->options.bare)
		recorder_path(viewer->options.recorder, path);
	if (viewer->render)
		viewer->error = render_path(viewer->render, path);
	if (!viewer->error)
		viewer->shown++;
}

static void viewer_path(const struct path *path, void *context)
{
	struct viewer *viewer = context;
	int chosen;

	if (viewer_is_full(viewer))
		return;
	chosen = viewer_choose(viewer, path);
	if (viewer->options.looked)
		viewer->options.looked(viewer->options.context, path, chosen > 0);
	if (chosen > 0)
		viewer_show(viewer, path);
	else
		viewer->error = chosen;
	viewer_fill(viewer);
}

/* As soon as it is clear that the path is to be shown. */
static void viewer_step(const struct path *path, size_t i, void *context)
{
	struct viewer *viewer = context;
	int chosen;

	if (viewer_is_full(viewer))
		return;
	chosen = chosen_begin(&viewer->looked, &path->lineage);
	if (chosen > 0)
		chosen = viewer_matches(viewer, path) == FILTER_MATCH;
	if (chosen > 0)
		chosen = chosen_begin(&viewer->chosen, &path->lineage);
	viewer->error = chosen > 0 ? render_step(viewer->render, path, i) : chosen;
	viewer_fill(viewer);
}

static int viewer_open_output(struct viewer *viewer)
{
	const char *output = viewer->options.output;
	struct render_options view = viewer->options.view;
	int err;

	if (!viewer->options.format)
		return 0;
	err = output_open(output, &viewer->out);
	if (err)
		return err;
	view.colour |= isatty(fileno(viewer->out)) && !getenv("NO_COLOR");
	viewer->render = viewer->options.format->new (viewer->out, &view);
	if (!viewer->render)
		return -ENOMEM;
	viewer->render->patient = output_is_file(viewer->out);
	return 0;
}

/* Does anybody look at paths, but for what becomes of them in a recording? */
static bool viewer_is_seen(const struct viewer *viewer)
{
	return viewer->render || viewer->options.path || viewer->options.looked;
}

static int viewer_open_assembler(struct viewer *viewer)
{
	const struct viewer_options *options = &viewer->options;
	struct assembler *assembler = assembler_new(options->names, viewer_path, viewer);

	if (!assembler)
		return -ENOMEM;
	viewer->assembler = assembler;
	if (viewer->render && options->view.live)
		assembler_watch(assembler, viewer_step);
	if (options->nest)
		assembler_nest(assembler);
	if (options->hold)
		assembler_hold(assembler);
	if (!viewer_is_seen(viewer))
		assembler_bare(assembler);
	return 0;
}

int viewer_open(struct viewer *viewer, const struct viewer_options *options)
{
	int err;

	*viewer = (struct viewer){
		.options = *options,
		.looked.limit = options->limit,
		.chosen.limit = options->count,
	};
	err = viewer_open_output(viewer);
	if (err)
		return err;
	if (!options->bare || viewer_is_seen(viewer))
		return viewer_open_assembler(viewer);
	viewer->census = census_new(options->names);
	return viewer->census ? 0 : -ENOMEM;
}

void viewer_close(struct viewer *viewer)
{
	chosen_clear(&viewer->looked);
	chosen_clear(&viewer->chosen);
	misses_clear(&viewer->misses);
	census_free(viewer->census);
	assembler_free(viewer->assembler);
	render_free(viewer->render);
	if (viewer->out && viewer->out != stdout)
		fclose(viewer->out);
}

bool viewer_has_chosen(const struct viewer *viewer)
{
	return chosen_full(&viewer->chosen);
}

struct assembler_apart viewer_apart(const struct viewer *viewer)
{
	return viewer->assembler ? assembler_apart(viewer->assembler)
				 : (struct assembler_apart){ 0 };
}

uint64_t viewer_steps(const struct viewer *viewer)
{
	const struct assembler_apart apart = viewer_apart(viewer);

	return viewer->steps - apart.foreign - apart.late;
}

uint64_t viewer_moves(const struct viewer *viewer)
{
	return viewer->assembler ? assembler_moves(viewer->assembler)
				 : census_moves(viewer->census);
}

static void viewer_record(struct viewer *viewer, const struct event *event, size_t size)
{
	if (viewer->options.recorder)
		recorder_event(viewer->options.recorder, event, size);
}

/* 0, -EINVAL or -ENOMEM: assembler_add(). */
static int viewer_add(struct viewer *viewer, const struct event *event, size_t size)
{
	int err;

	if (viewer->assembler)
		return assembler_add(viewer->assembler, event, size);
	err = census_event(viewer->census, &viewer->chosen, event, size);
	viewer_fill(viewer);
	return err;
}

/* Inlined it would make the other way longer, too, by registers that are saved. */
static __attribute__((noinline)) void viewer_take(struct viewer *viewer,
						  const struct event *event, size_t size)
{
	int err = viewer_add(viewer, event, size);

	if (err == -ENOMEM) {
		log_error("out of memory");
		viewer->error = err;
		viewer_fill(viewer);
	}
	if (err == -EINVAL)
		viewer->steps -= event->kind < EVENT_STEP_KINDS;
	if (!err)
		viewer_record(viewer, event, size);
}

/* Who wants all packets and no paths of them need not know whose event it is. */
void viewer_event(struct viewer *viewer, const struct event *event, size_t size)
{
	if (viewer_is_full(viewer) || size < sizeof(*event))
		return;
	viewer->steps += event->kind < EVENT_STEP_KINDS;
	if (viewer->assembler || census_wants(&viewer->chosen, event))
		viewer_take(viewer, event, size);
	else
		viewer_record(viewer, event, size);
}

void viewer_lost(struct viewer *viewer, uint64_t lost)
{
	if (viewer_is_full(viewer))
		return;
	if (viewer->assembler)
		assembler_lost(viewer->assembler, lost);
	if (viewer->options.recorder)
		recorder_lost(viewer->options.recorder, lost);
}

void viewer_tick(struct viewer *viewer, uint64_t now)
{
	struct recorder *recorder = viewer->options.recorder;

	if (viewer_is_full(viewer))
		return;
	if (viewer->assembler)
		assembler_tick(viewer->assembler, now);
	if (recorder)
		recorder_tick(recorder, now);
	if (recorder && !viewer->error)
		viewer->error = recorder_error(recorder);
	if (viewer->render && !viewer->error)
		viewer->error = render_flush(viewer->render);
	viewer_fill(viewer);
}

void viewer_narrowed(struct viewer *viewer, uint64_t from, uint64_t to)
{
	if (viewer_is_full(viewer))
		return;
	if (viewer->assembler)
		assembler_narrowed(viewer->assembler, from, to);
	if (viewer->options.recorder)
		recorder_narrowed(viewer->options.recorder, from, to);
}

void viewer_missed(struct viewer *viewer, const struct missed_span *span)
{
	int err = misses_add(&viewer->misses, span);

	if (!err && viewer->assembler)
		err = assembler_missed(viewer->assembler, span);
	if (err && !viewer->error)
		viewer->error = err;
	if (!viewer->error && viewer->options.recorder)
		recorder_missed(viewer->options.recorder, span);
}

void viewer_piece(struct viewer *viewer, const struct recording_piece *piece)
{
	switch (piece->what) {
	case RECORDING_EVENT:
		viewer_event(viewer, piece->event, piece->size);
		break;
	case RECORDING_TIME:
		viewer_tick(viewer, piece->number);
		break;
	case RECORDING_LOST:
		viewer_lost(viewer, piece->number);
		break;
	case RECORDING_NARROWED:
		viewer_narrowed(viewer, piece->number, piece->to);
		break;
	case RECORDING_MISSED:
		viewer_missed(viewer, &piece->missed);
		break;
	}
}

static int viewer_finish_recorder(struct viewer *viewer,
				  const uint64_t account[ACCOUNT_SIZE])
{
	struct recorder *recorder = viewer->options.recorder;
	int err;

	if (!recorder)
		return 0;
	recorder_finish(recorder, account);
	err = recorder_error(recorder);
	if (err == -ESTALE)
		log_error("'%s' was replaced, removed or cut while it was written: "
			  "recording has stopped",
			  viewer->options.recording);
	else if (err)
		log_error("cannot write '%s': %s", viewer->options.recording,
			  strerror(-err));
	return err ? -EIO : 0;
}

static int viewer_finish_render(struct viewer *viewer)
{
	int err = viewer->error;

	if (!viewer->render)
		return 0;
	if (!err)
		err = render_finish(viewer->render);
	return err ? output_failed(viewer->options.output, err) : 0;
}

int viewer_finish(struct viewer *viewer, const uint64_t account[ACCOUNT_SIZE])
{
	int err;

	if (viewer->assembler)
		assembler_finish(viewer->assembler);
	else
		viewer->shown = census_packets(viewer->census);
	if (viewer->error == -ENOMEM) {
		if (viewer->render)
			render_flush(viewer->render);
		return viewer->error;
	}
	err = viewer_finish_recorder(viewer, account);
	return err ? err : viewer_finish_render(viewer);
}

int viewer_fd(const struct viewer *viewer)
{
	if (viewer->out)
		return fileno(viewer->out);
	return viewer->options.recorder ? recorder_fd(viewer->options.recorder)
					: STDOUT_FILENO;
}

bool viewer_uses_stdout(const struct viewer *viewer)
{
	if (viewer->out)
		return viewer->out == stdout;
	return viewer->options.recorder && !strcmp(viewer->options.recording, "-");
}
