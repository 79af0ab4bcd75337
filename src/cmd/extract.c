// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/extract.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "bpf/event.h"
#include "cmd/output.h"
#include "cmd/progress.h"
#include "cmd/viewer.h"
#include "file/recorder.h"
#include "file/recording.h"
#include "path/path.h"

/* A packet by the kernel side's id, and the path that it came of. */
struct member {
	uint64_t packet, root;
};

struct extract {
	struct bytes paths;	     /* of struct member: all of them */
	struct bytes roots;	     /* numbers: those that are wanted */
	struct bytes packets;	     /* ... that go with them */
	struct recording *recording; /* in the second reading, and */
	struct zoom *zoom;	     /* what is left of it; NULL: all */
	uint64_t lost;		     /* events of the other packets */
};

/* ---- numbers that are sorted and looked for */

static int number_compare(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void numbers_sort(struct bytes *numbers)
{
	if (numbers->used)
		qsort(numbers->data, numbers->used / sizeof(uint64_t), sizeof(uint64_t),
		      number_compare);
}

static bool numbers_have(const struct bytes *numbers, uint64_t number)
{
	return numbers->used &&
	       bsearch(&number, numbers->data, numbers->used / sizeof(number),
		       sizeof(number), number_compare);
}

/* ---- which packets */

struct extract *extract_new(void)
{
	return calloc(1, sizeof(struct extract));
}

void extract_free(struct extract *extract)
{
	if (!extract)
		return;
	zoom_free(extract->zoom);
	recording_free(extract->recording);
	bytes_free(&extract->paths);
	bytes_free(&extract->roots);
	bytes_free(&extract->packets);
	free(extract);
}

void extract_looked(void *context, const struct path *path, bool wanted)
{
	const struct member member = { path->packet, path->lineage.origin };
	struct extract *extract = context;

	bytes_add(&extract->paths, &member, sizeof(member));
	if (wanted)
		bytes_add(&extract->roots, &member.root, sizeof(member.root));
}

/* All that comes of a packet whose family is wanted. False: without memory. */
static bool extract_choose(struct extract *extract)
{
	const struct member *paths = (const void *)extract->paths.data;
	size_t count = extract->paths.used / sizeof(*paths);

	numbers_sort(&extract->roots);
	for (size_t i = 0; i < count; i++) {
		if (numbers_have(&extract->roots, paths[i].root))
			bytes_add(&extract->packets, &paths[i].packet,
				  sizeof(paths[i].packet));
	}
	numbers_sort(&extract->packets);
	return !extract->paths.failed && !extract->roots.failed &&
	       !extract->packets.failed;
}

/* What events of others have told to be lost of them is no loss here. */
static bool extract_has(struct extract *extract, struct recording_piece *piece)
{
	struct event event;
	bool has;

	if (piece->what == RECORDING_LOST)
		piece->number -= piece->number < extract->lost ? piece->number
							       : extract->lost;
	if (piece->what != RECORDING_EVENT)
		return true;
	memcpy(&event, piece->event, sizeof(event));
	has = numbers_have(&extract->packets, event.packet);
	if (!has)
		extract->lost += event.lost;
	return has;
}

/* ---- the file that is read */

FILE *extract_input(FILE *in)
{
	AUTO_FILE FILE *copy = NULL;
	char buffer[65536];
	size_t count;

	if (!fseeko(in, 0, SEEK_SET))
		return in;
	copy = tmpfile();
	while (copy && (count = fread(buffer, 1, sizeof(buffer), in)) > 0) {
		if (fwrite(buffer, 1, count, copy) < count)
			return NULL;
	}
	if (!copy || ferror(in) || fflush(copy) || fseeko(copy, 0, SEEK_SET))
		return NULL;
	return TAKE_PTR(copy);
}

/* What is written would be gone before it is read. */
static bool extract_is_input(const struct extract_options *options)
{
	struct stat in, out;

	return strcmp(options->output, "-") != 0 && !fstat(fileno(options->in), &in) &&
	       !stat(options->output, &out) && in.st_dev == out.st_dev &&
	       in.st_ino == out.st_ino;
}

/* ---- the file that is written */

/* "(icmp) and (host 10.9.0.2)"; it is for people alone, and NULL without memory. */
static char *extract_filter(const char *recorded, const char *filter)
{
	char *text;

	if (!filter || !*recorded)
		return strdup(filter ?: recorded);
	return asprintf(&text, "(%s) and (%s)", recorded, filter) < 0 ? NULL : text;
}

static int extract_recorder(const struct extract *extract,
			    const struct extract_options *options, const char *filter,
			    struct recorder **out)
{
	const struct recording_run *recorded = recording_run(extract->recording);
	bool all = !options->wants;
	const struct recorder_options recorder = {
		.path = options->output,
		.names = recording_names(extract->recording),
		.run = {
			.clock = recorded->clock,
			.nested = recorded->nested,
			.held = recorded->held,
			.release = recorded->release,
			.command = recorded->command,
			.filter = filter,
			.backend = recorded->backend,
			.zoom = all ? recorded->zoom : options->zoom,
			.probes = all ? recorded->probes.list : options->probes,
			.anchors = all ? recorded->anchors.list : options->anchors,
		},
	};
	int err = recorder_new(&recorder, out);

	return err ? output_failed(options->output, err) : 0;
}

/* What recording_next() says at last was said of the first reading. */
static void extract_copy(struct extract *extract, struct progress *progress,
			 struct viewer *viewer)
{
	struct recording *recording = extract->recording;
	struct recording_piece piece;

	while (!viewer_is_full(viewer) && recording_next(recording, &piece) > 0) {
		if (extract_has(extract, &piece) &&
		    (!extract->zoom || zoom_piece(extract->zoom, &piece)))
			viewer_piece(viewer, &piece);
		if (progress->out)
			progress_at(progress, recording_offset(recording));
	}
}

/* What was probed, and is left. */
static void extract_probes(const struct extract *extract,
			   const struct extract_options *options,
			   struct recorder *recorder)
{
	size_t count;
	const struct recording_probe *probes = recording_probes(extract->recording,
								&count);

	for (size_t i = 0; i < count; i++) {
		if (!options->wants || probes[i].kind != EVENT_FUNCTION ||
		    options->wants(options->context, probes[i].name))
			recorder_probed(recorder, (enum event_kind)probes[i].kind,
					probes[i].name);
	}
}

static int extract_record(struct extract *extract, const struct extract_options *options,
			  struct recorder *recorder)
{
	const struct recording_run *run = recording_run(extract->recording);
	const struct viewer_options viewer_options = {
		.names = recording_names(extract->recording),
		.recorder = recorder,
		.recording = options->output,
		.nest = run->nested,
		.hold = run->held,
	};
	struct progress progress;
	struct viewer viewer;
	int err = viewer_open(&viewer, &viewer_options);

	extract_probes(extract, options, recorder);
	if (!err) {
		progress_begin(&progress, options->watcher, options->output,
			       options->size);
		extract_copy(extract, &progress, &viewer);
		progress_end(&progress);
		err = viewer_finish(&viewer, run->account);
	}
	viewer_close(&viewer);
	return err;
}

/* Ready for the second reading. */
static int extract_open(struct extract *extract, const struct extract_options *options)
{
	int err = extract_choose(extract) ? 0 : -ENOMEM;

	if (!err && fseeko(options->in, 0, SEEK_SET))
		err = -errno;
	if (!err)
		err = recording_open(options->in, &extract->recording);
	if (!err && options->wants) {
		extract->zoom = zoom_new(recording_names(extract->recording),
					 options->wants, options->context);
		err = extract->zoom ? 0 : -ENOMEM;
	}
	if (err)
		log_error("cannot read the recording again: %s", strerror(-err));
	return err;
}

int extract_write(struct extract *extract, const struct extract_options *options)
{
	struct recorder *recorder = NULL;
	AUTO_FREE char *filter = NULL;
	int err;

	if (extract_is_input(options)) {
		log_error("'%s' is the file that is read: write to another one",
			  options->output);
		return -EINVAL;
	}
	err = extract_open(extract, options);
	if (err)
		return err;
	filter = extract_filter(recording_run(extract->recording)->filter,
				options->filter);
	err = extract_recorder(extract, options, filter, &recorder);
	if (!err)
		err = extract_record(extract, options, recorder);
	recorder_free(recorder);
	return err;
}
