// SPDX-License-Identifier: GPL-2.0-only
#include "recorded.h"

#include <errno.h>

#include "cmd/extract.h"

static int recorded_begin(struct recorded *recorded,
			  const struct recorder_options *options, bool bare)
{
	struct viewer_options viewer = { .recording = options->path,
					 .nest = options->run.nested,
					 .hold = options->run.held,
					 .names = stream_names(),
					 .bare = bare };
	struct recorder_options recorder = *options;
	int err;

	*recorded = (struct recorded){ .stream = { .viewer = &recorded->viewer } };
	recorder.names = viewer.names;
	err = recorder_new(&recorder, &recorded->recorder);
	if (err)
		return err;
	viewer.recorder = recorded->recorder;
	return viewer_open(&recorded->viewer, &viewer);
}

int recorded_open(struct recorded *recorded, const struct recorder_options *options)
{
	return recorded_begin(recorded, options, false);
}

int recorded_open_bare(struct recorded *recorded, const struct recorder_options *options)
{
	return recorded_begin(recorded, options, true);
}

int recorded_close(struct recorded *recorded)
{
	int err;

	viewer_finish(&recorded->viewer, recorded->account);
	err = recorder_error(recorded->recorder);
	viewer_close(&recorded->viewer);
	recorder_free(recorded->recorder);
	return err;
}

int recorded_play(FILE *in, const struct view *view, const char *output,
		  struct recording **recording)
{
	struct viewer_options options = { .format = view->format,
					  .view = view->options,
					  .output = output };
	struct recording_piece piece;
	struct viewer viewer;
	int ret;

	*recording = NULL;
	ret = recording_open(in, recording);
	if (ret)
		return ret;
	options.names = recording_names(*recording);
	options.nest = recording_run(*recording)->nested;
	options.hold = recording_run(*recording)->held;
	ret = viewer_open(&viewer, &options);
	while (!ret && (ret = recording_next(*recording, &piece)) > 0) {
		viewer_piece(&viewer, &piece);
		ret = 0;
	}
	viewer_finish(&viewer, NULL);
	viewer_close(&viewer);
	return ret;
}

static int extract_choose(struct extract *extract, FILE *in, const struct filter *filter)
{
	struct viewer_options options = {
		.filter = filter,
		.looked = extract_looked,
		.context = extract,
	};
	struct recording *recording;
	struct recording_piece piece;
	struct viewer viewer;
	int ret = recording_open(in, &recording);

	if (!ret) {
		options.names = recording_names(recording);
		options.hold = recording_run(recording)->held;
		ret = viewer_open(&viewer, &options);
		while (!ret && (ret = recording_next(recording, &piece)) > 0) {
			viewer_piece(&viewer, &piece);
			ret = 0;
		}
		viewer_finish(&viewer, NULL);
		viewer_close(&viewer);
	}
	recording_free(recording);
	return ret;
}

int recorded_extract(FILE *in, const struct filter *filter, const char *output)
{
	const struct extract_options options = { .in = in, .output = output };
	struct extract *extract = extract_new();
	int err = extract ? extract_choose(extract, in, filter) : -ENOMEM;

	if (!err)
		err = extract_write(extract, &options);
	extract_free(extract);
	return err;
}
