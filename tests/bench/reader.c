// SPDX-License-Identifier: GPL-2.0-only
/*
 * reader FORMAT PATHS|RECORDING [FILE]: the user side alone
 *
 * Paths of 100 events each, or the events of a recording, go through the assembler and a
 * renderer to standard output, so that a profiler sees where the time goes:
 *
 *	valgrind --tool=callgrind build/tests/bench/reader json 1000 >/dev/null
 *
 * The format "none" shows nothing. With FILE they are recorded, too; the format "bare"
 * records the events and makes no paths of them. A recording is read before anything
 * else is done, so that its events come as from a ring buffer.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "cmd/viewer.h"
#include "file/recorder.h"
#include "file/recording.h"
#include "render/render.h"
#include "stream.h"

#define READER_STEPS 98 /* and one before, and one behind */

static const char *const functions[] = {
	"__ip_local_out",    "nf_hook_slow",
	"ip_output",	     "ip_finish_output",
	"dev_queue_xmit",    "veth_xmit",
	"netif_rx",	     "ip_rcv",
	"ip_rcv_core",	     "ip_rcv_finish",
	"ip_local_deliver",  "__udp4_lib_rcv",
	"sock_def_readable", "skb_release_head_state",
};

static const uint8_t packet[] = {
	0x45, 0, 0,  64, 0, 0, 0x40, 0,	   64,	 17,   0, 0,  10, 0,
	0,    1, 10, 0,	 0, 2, 0x0f, 0xa0, 0x0f, 0xa1, 0, 44, 0,  0,
};

static void reader_stream(struct stream *stream, uint64_t number)
{
	const struct stream_bytes bytes = { "", packet, sizeof(packet), EVENT_LAYER_IP };
	static const char task[] = "udpveth";
	struct event *event = &stream->event;

	event->packet = number << 12;
	event->skb = 0xffff888000000000 + number % 16 * 256;
	event->netns = STREAM_RED;
	event->ifindex = 7;
	event->len = 64;
	memcpy(event->comm, task, sizeof(task));
	stream_function_snapshot(stream, "ip_local_out", EVENT_FIRST, &bytes);
	for (size_t i = 0; i < READER_STEPS; i++)
		stream_function(stream, functions[i / 7], 0);
	stream_consume(stream, "skb_consume_udp");
}

static void reader_streams(struct viewer *viewer, uint64_t paths)
{
	struct stream stream = { .viewer = viewer };

	for (uint64_t i = 1; i <= paths; i++)
		reader_stream(&stream, i);
}

/* ---- a recording */

/* Its events, each behind its size. */
static int reader_load(struct recording *recording, struct bytes *events)
{
	struct recording_piece piece;
	int ret;

	while ((ret = recording_next(recording, &piece)) > 0) {
		if (piece.what != RECORDING_EVENT)
			continue;
		bytes_add(events, &piece.size, sizeof(piece.size));
		bytes_add(events, piece.event, piece.size);
		bytes_zero(events, -piece.size & 7); /* as they lie in a ring buffer */
	}
	return events->failed ? -1 : ret;
}

static void reader_events(struct viewer *viewer, const struct bytes *events)
{
	size_t size;

	for (size_t at = 0; at < events->used; at += sizeof(size) + ((size + 7) & ~7ul)) {
		memcpy(&size, events->data + at, sizeof(size));
		viewer_event(viewer, (const void *)(events->data + at + sizeof(size)),
			     size);
	}
}

/* ---- what becomes of them */

static int reader_view(const struct viewer_options *options, uint64_t paths,
		       const struct bytes *events)
{
	struct viewer viewer;
	int err;

	if (viewer_open(&viewer, options))
		return EXIT_FAILURE;
	reader_streams(&viewer, paths);
	reader_events(&viewer, events);
	err = viewer_finish(&viewer, NULL);
	viewer_close(&viewer);
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *format = argc > 2 ? argv[1] : "", *file = argc > 3 ? argv[3] : NULL;
	AUTO_FILE FILE *in = argc > 2 ? fopen(argv[2], "re") : NULL;
	struct recording *recording = NULL;
	struct recorder_options recorder = { .path = file,
					     .compress = argc > 4,
					     .names = stream_names() };
	struct viewer_options options = {
		.names = stream_names(),
		.format = render_find(format),
		.recording = file,
		.bare = !strcmp(format, "bare"),
	};
	struct bytes events = { .used = 0 };
	int status;

	if (argc < 3 || argc > 5 || (argc > 4 && strcmp(argv[4], "compress") != 0) ||
	    (!options.format && !options.bare && strcmp(format, "none") != 0)) {
		fprintf(stderr,
			"usage: reader FORMAT PATHS|RECORDING [FILE [compress]]\n");
		return 2;
	}
	if (in) {
		if (recording_open(in, &recording) || reader_load(recording, &events))
			return EXIT_FAILURE;
		options.names = recorder.names = recording_names(recording);
	}
	if (file && recorder_new(&recorder, &options.recorder))
		return EXIT_FAILURE;
	status = reader_view(&options, in ? 0 : strtoull(argv[2], NULL, 10), &events);
	recorder_free(options.recorder);
	recording_free(recording);
	bytes_free(&events);
	return status;
}
