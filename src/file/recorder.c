// SPDX-License-Identifier: GPL-2.0-only
#include "file/recorder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file/block.h"
#include "file/format.h"
#include "file/notes.h"
#include "file/output.h"
#include "file/packets.h"
#include "file/records.h"
#include "file/run.h"
#include "path/kinds.h"
#include "path/missed.h"
#include "path/tracepoint_names.h"

#define RECORDER_BLOCKS 122880	    /* bytes that are written at once, and some more */
#define RECORDER_FRAME	65536	    /* ... that are compressed: a cut takes them all */
#define RECORDER_FLUSH	1000000000u /* ns: nothing waits for longer */

struct recorder {
	struct recorder_options options;
	struct output output;
	struct bytes blocks;  /* whole ones that are not written yet */
	struct bytes records; /* of the custom block that comes next */
	struct run run;	      /* of events, the last in these */
	struct notes notes;
	struct bytes probed; /* what could be seen, as records: for each file */
	struct packets packets;
	ZSTD_CCtx *zstd;  /* NULL: nothing is compressed */
	size_t most;	  /* bytes of records in a block */
	uint64_t lost;	  /* as the file knows it */
	uint64_t time;	  /* of a tick that is not in the file yet; 0: none */
	uint64_t flushed; /* when; ns of CLOCK_MONOTONIC */
	int error;
};

/* ---- records */

/*
 * Ticks with nothing between them are as good as the last of them; so it is kept
 * until something else comes.
 */
static void record_time(struct recorder *recorder)
{
	if (!recorder->time)
		return;
	records_number(&recorder->records, FORMAT_TIME, recorder->time);
	recorder->time = 0;
}

static void record_name(enum store_kind kind, const struct store_entry *entry,
			void *context)
{
	static const enum format_type types[] = {
		[STORE_SYMBOL] = FORMAT_SYMBOL,
		[STORE_DROP_REASON] = FORMAT_DROP_REASON,
		[STORE_NETNS] = FORMAT_NETNS,
		[STORE_DEVICE] = FORMAT_DEVICE,
	};
	const struct format_name name = { entry->node.key, entry->offset };
	const char *text = entry->text ?: "";
	struct recorder *recorder = context;

	record_time(recorder);
	records_add(&recorder->records, types[kind], &name, sizeof(name), text,
		    strnlen(text, RECORDS_TEXT));
}

/* ---- what a file begins with */

static void begin_section(struct recorder *recorder)
{
	const struct recorder_run *run = &recorder->options.run;
	struct block block = block_begin(&recorder->blocks, BLOCK_SECTION);
	char os[256];

	block_add_u32(&block, BLOCK_MAGIC);
	block_add_u16(&block, 1); /* version 1.0 */
	block_add_u16(&block, 0);
	block_add_u64(&block, UINT64_MAX); /* the length of the section is not known */
	if (run->release) {
		snprintf(os, sizeof(os), "Linux %s", run->release);
		block_option_text(&block, OPTION_SECTION_OS, os);
	}
	block_option_text(&block, OPTION_SECTION_APPLICATION, "bpfpath " BPFPATH_VERSION);
	block_option(&block, OPTION_END, "", 0);
	block_end(&block);
	packets_begin(&recorder->packets);
}

static void begin_names(struct bytes *records, enum format_type type,
			const char *const *names)
{
	for (size_t i = 0; names && names[i]; i++)
		records_text(records, type, names[i]);
}

static void begin_run(struct recorder *recorder)
{
	struct bytes *records = &recorder->records;
	const struct recorder_run *run = &recorder->options.run;
	const struct format_layout layout = {
		.number = FORMAT_LAYOUT_NUMBER,
		.event = sizeof(struct event),
		.snapshot = offsetof(struct event_snapshot, data),
	};

	records_add(records, FORMAT_LAYOUT, &layout, sizeof(layout), "", 0);
	recorder->run = (struct run){ 0 };
	for (size_t i = 0; i < KINDS; i++)
		records_numbered(records, FORMAT_KIND, (uint32_t)i, kind_names[i]);
	for (size_t i = 0; i < TRACEPOINT_SIZE; i++)
		records_numbered(records, FORMAT_TRACEPOINT, (uint32_t)i,
				 tracepoint_names[i]);
	records_number(records, FORMAT_CLOCK, run->clock);
	if (run->count)
		records_number(records, FORMAT_COUNT, run->count);
	if (run->nested)
		records_number(records, FORMAT_NESTED, 1);
	if (run->held)
		records_number(records, FORMAT_HELD, 1);
	records_text(records, FORMAT_VERSION_TEXT, BPFPATH_VERSION);
	records_text(records, FORMAT_RELEASE, run->release);
	records_text(records, FORMAT_COMMAND, run->command);
	records_text(records, FORMAT_FILTER, run->filter);
	records_text(records, FORMAT_BACKEND, run->backend);
	records_text(records, FORMAT_ZOOM, run->zoom);
	begin_names(records, FORMAT_PROBE, run->probes);
	begin_names(records, FORMAT_ANCHOR, run->anchors);
}

/*
 * The records wait for others, and so come behind the first packets, if there are any
 * soon: what Wireshark sees first is time zero to it, and records have no time.
 */
static void file_begin(struct recorder *recorder)
{
	begin_section(recorder);
	recorder->records.used = 0;
	run_break(&recorder->run);
	records_begin(&recorder->records);
	begin_run(recorder);
	bytes_add(&recorder->records, recorder->probed.data, recorder->probed.used);
	if (recorder->lost)
		records_number(&recorder->records, FORMAT_LOST, recorder->lost);
	store_each(&recorder->notes.answered, record_name, recorder);
}

/* ---- writing */

/* The records that there are become a block. */
static void block_finish(struct recorder *recorder)
{
	records_end(&recorder->records, &recorder->blocks, recorder->zstd);
	run_break(&recorder->run);
}

/* Is it time for another file? */
static bool file_is_long(const struct recorder *recorder)
{
	const struct output *output = &recorder->output;
	uint64_t limit = recorder->options.rotate;

	return limit && output->regular &&
	       output->written + recorder->blocks.used + recorder->records.used >= limit;
}

static int file_write(struct recorder *recorder)
{
	struct bytes *blocks = &recorder->blocks;
	int err;

	if (recorder->records.failed || recorder->probed.failed || blocks->failed)
		return -ENOMEM;
	err = output_write(&recorder->output, blocks);
	blocks->used = 0;
	return err;
}

static int file_rotate(struct recorder *recorder)
{
	int err = output_rotate(&recorder->output, recorder->options.keep);

	if (!err)
		file_begin(recorder);
	return err;
}

/* Everything that there is. */
static void file_flush(struct recorder *recorder)
{
	bool rotate = file_is_long(recorder);

	if (recorder->error)
		return;
	if (rotate)
		records_add(&recorder->records, FORMAT_FINISH, "", 0, "", 0);
	block_finish(recorder);
	recorder->error = file_write(recorder);
	if (rotate && !recorder->error)
		recorder->error = file_rotate(recorder);
}

/* ---- the interface */

static int recorder_prepare(struct recorder *recorder)
{
	int err = notes_open(&recorder->notes, recorder->options.names, record_name,
			     recorder);

	recorder->most = recorder->options.compress ? RECORDER_FRAME : RECORDER_BLOCKS;
	if (err || !recorder->options.compress)
		return err;
	recorder->zstd = ZSTD_createCCtx();
	return recorder->zstd ? 0 : -ENOMEM;
}

int recorder_new(const struct recorder_options *options, struct recorder **out)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int err;

	if (!recorder)
		return -ENOMEM;
	recorder->options = *options;
	recorder->output.path = options->path;
	recorder->output.fd = -1;
	recorder->packets.out = &recorder->blocks;
	recorder->packets.clock = options->run.clock;
	err = recorder_prepare(recorder);
	if (!err)
		err = output_create(&recorder->output);
	if (!err) {
		file_begin(recorder);
		err = file_write(recorder);
	}
	if (err) {
		recorder_free(recorder);
		return err;
	}
	*out = recorder;
	return 0;
}

void recorder_free(struct recorder *recorder)
{
	if (!recorder)
		return;
	output_close(&recorder->output);
	packets_free(&recorder->packets);
	notes_close(&recorder->notes);
	ZSTD_freeCCtx(recorder->zstd);
	bytes_free(&recorder->blocks);
	bytes_free(&recorder->probed);
	bytes_free(&recorder->records);
	free(recorder);
}

/* How much of an event is to be kept: of a snapshot's data only what was captured. */
static size_t event_size(const struct event *event, size_t size)
{
	const size_t head = offsetof(struct event_snapshot, data);
	const struct event_snapshot *snapshot = (const struct event_snapshot *)event;

	if (size < head || !(event->flags & EVENT_SNAPSHOT) ||
	    snapshot->captured >= size - head)
		return size;
	return head + snapshot->captured;
}

/* What a return leaves out (event.h) may as well be as it was before: less to tell. */
static __attribute__((noinline)) const struct event *
return_filled(struct event *event, const struct event *from, const struct event *last)
{
	*event = *from;
	event->skb = last->skb;
	event->pid = last->pid;
	event->tid = last->tid;
	event->netns = last->netns;
	event->ifindex = last->ifindex;
	event->len = last->len;
	event->mark = last->mark;
	event->checksum = last->checksum;
	memcpy(event->comm, last->comm, sizeof(event->comm));
	return event;
}

void recorder_event(struct recorder *recorder, const struct event *event, size_t size)
{
	struct event filled;

	if (!notes_know(&recorder->notes, event))
		notes_event(&recorder->notes, event, size);
	if (recorder->time)
		record_time(recorder);
	if (event->kind == EVENT_RETURN) {
		event = return_filled(&filled, event, &recorder->run.last);
		size = sizeof(filled);
	}
	run_event(&recorder->run, &recorder->records, event, event_size(event, size));
	if (recorder->records.used >= recorder->most)
		block_finish(recorder);
	if (recorder->blocks.used >= RECORDER_BLOCKS)
		file_flush(recorder);
}

void recorder_lost(struct recorder *recorder, uint64_t lost)
{
	if (lost <= recorder->lost)
		return;
	recorder->lost = lost;
	record_time(recorder);
	records_number(&recorder->records, FORMAT_LOST, lost);
}

void recorder_narrowed(struct recorder *recorder, uint64_t from, uint64_t to)
{
	record_time(recorder);
	records_add(&recorder->records, FORMAT_NARROWED, &from, sizeof(from), &to,
		    sizeof(to));
}

void recorder_missed(struct recorder *recorder, const struct missed_span *span)
{
	const struct format_missed missed = {
		.from = span->from,
		.to = span->to,
		.runs = span->missed.runs,
		.kind = span->missed.kind,
	};

	record_time(recorder);
	records_add(&recorder->records, FORMAT_MISSED, &missed, sizeof(missed),
		    span->missed.name, strnlen(span->missed.name, RECORDS_TEXT));
}

void recorder_probed(struct recorder *recorder, enum event_kind kind, const char *name)
{
	size_t used = recorder->probed.used;

	records_numbered(&recorder->probed, FORMAT_PROBED, kind, name);
	bytes_add(&recorder->records, recorder->probed.data + used,
		  recorder->probed.used - used);
}

void recorder_tick(struct recorder *recorder, uint64_t now)
{
	recorder->time = now;
	if (!recorder->flushed)
		recorder->flushed = now;
	if (now - recorder->flushed < RECORDER_FLUSH)
		return;
	recorder->flushed = now;
	file_flush(recorder);
}

void recorder_path(struct recorder *recorder, const struct path *path)
{
	packets_path(&recorder->packets, path);
}

void recorder_finish(struct recorder *recorder, const uint64_t account[ACCOUNT_SIZE])
{
	struct bytes *records = &recorder->records;

	recorder->options.rotate = 0; /* this file is the last one */
	record_time(recorder);
	for (size_t i = 0; account && i < ACCOUNT_SIZE; i++)
		records_add(records, FORMAT_ACCOUNT, &account[i], sizeof(account[i]),
			    kind_accounts[i], strlen(kind_accounts[i]));
	records_add(records, FORMAT_FINISH, "", 0, "", 0);
	file_flush(recorder);
}

int recorder_error(const struct recorder *recorder)
{
	return recorder->error;
}

int recorder_fd(const struct recorder *recorder)
{
	return recorder->output.fd;
}
