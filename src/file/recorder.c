// SPDX-License-Identifier: GPL-2.0-only
#include "file/recorder.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/strings.h"
#include "file/block.h"
#include "file/format.h"
#include "file/output.h"
#include "file/packets.h"
#include "file/records.h"
#include "file/store.h"
#include "path/kinds.h"
#include "path/names.h"
#include "path/tracepoint_names.h"

#define RECORDER_RECORDS 65536	     /* bytes in a custom block, about */
#define RECORDER_BLOCKS	 262144	     /* bytes that are written at once, about */
#define RECORDER_FLUSH	 1000000000u /* ns: nothing waits for longer */
#define RECORDER_SYMBOLS 1024	     /* a power of two */

struct recorder {
	struct names names; /* what names.h asks for, and ... */
	struct names *live; /* ... who answers */
	struct recorder_options options;
	struct output output;
	struct bytes blocks;   /* whole ones that are not written yet */
	struct bytes records;  /* of the custom block that comes next */
	struct store answered; /* names that the file knows; their texts are @live's */
	struct {
		uint64_t address, offset;
		const char *text;
	} symbols[RECORDER_SYMBOLS]; /* what was noted last, of .answered */
	struct strings *strings;     /* names of devices in @answered, from snapshots */
	struct bytes probed;	     /* what could be seen, as records: for each file */
	struct packets packets;
	ZSTD_CCtx *zstd;  /* NULL: nothing is compressed */
	uint64_t lost;	  /* as the file knows it */
	uint64_t time;	  /* of a tick that is not in the file yet; 0: none */
	uint64_t flushed; /* when; ns of CLOCK_MONOTONIC */
	int error;
};

/* ---- records */

static void record_name(struct recorder *recorder, enum store_kind kind, uint64_t key,
			uint64_t offset, const char *text)
{
	static const enum format_type types[] = {
		[STORE_SYMBOL] = FORMAT_SYMBOL,
		[STORE_DROP_REASON] = FORMAT_DROP_REASON,
		[STORE_NETNS] = FORMAT_NETNS,
		[STORE_DEVICE] = FORMAT_DEVICE,
	};
	const struct format_name name = { key, offset };

	records_add(&recorder->records, types[kind], &name, sizeof(name),
		    text ? text : "", text ? strnlen(text, RECORDS_TEXT) : 0);
}

/*
 * Ticks with nothing between them are as good as the last of them; so it is kept
 * until something else comes.
 */
static void record_time(struct recorder *recorder)
{
	if (recorder->time)
		records_number(&recorder->records, FORMAT_TIME, recorder->time);
	recorder->time = 0;
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
	records_text(records, FORMAT_VERSION_TEXT, BPFPATH_VERSION);
	records_text(records, FORMAT_RELEASE, run->release);
	records_text(records, FORMAT_COMMAND, run->command);
	records_text(records, FORMAT_FILTER, run->filter);
	records_text(records, FORMAT_BACKEND, run->backend);
	records_text(records, FORMAT_ZOOM, run->zoom);
	begin_names(records, FORMAT_PROBE, run->probes);
	begin_names(records, FORMAT_ANCHOR, run->anchors);
}

/* Everything that the assembler may still ask for, or know and never ask for again. */
static void begin_answer(enum store_kind kind, const struct store_entry *entry,
			 void *context)
{
	record_name(context, kind, entry->node.key, entry->offset, entry->text);
}

/*
 * The records wait for others, and so come behind the first packets, if there are any
 * soon: what Wireshark sees first is time zero to it, and records have no time.
 */
static void file_begin(struct recorder *recorder)
{
	begin_section(recorder);
	begin_run(recorder);
	bytes_add(&recorder->records, recorder->probed.data, recorder->probed.used);
	if (recorder->lost)
		records_number(&recorder->records, FORMAT_LOST, recorder->lost);
	store_each(&recorder->answered, begin_answer, recorder);
}

/* ---- writing */

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
	records_end(&recorder->records, &recorder->blocks, recorder->zstd);
	recorder->error = file_write(recorder);
	if (rotate && !recorder->error)
		recorder->error = file_rotate(recorder);
}

/* ---- names */

static void name_note(struct recorder *recorder, enum store_kind kind, uint64_t key,
		      uint64_t offset, const char *text)
{
	struct store_entry *entry = store_get(&recorder->answered, kind, key);

	/* Who is not in the store has no name when it is read. */
	if (entry && entry->text == text && entry->offset == offset)
		return;
	if (entry) {
		entry->text = text;
		entry->offset = offset;
	}
	record_time(recorder);
	record_name(recorder, kind, key, offset, text);
}

/* Nearly all addresses are those of few functions, which the file has. */
static void symbol_note(struct recorder *recorder, uint64_t address, uint64_t offset,
			const char *text)
{
	size_t slot = (address >> 4 ^ address >> 14) & (RECORDER_SYMBOLS - 1);

	if (text && recorder->symbols[slot].address == address &&
	    recorder->symbols[slot].text == text &&
	    recorder->symbols[slot].offset == offset)
		return;
	recorder->symbols[slot].address = address;
	recorder->symbols[slot].offset = offset;
	recorder->symbols[slot].text = text;
	name_note(recorder, STORE_SYMBOL, address, offset, text);
}

static const char *names_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	struct recorder *recorder = CONTAINER_OF(names, struct recorder, names);
	uint64_t distance = 0;
	const char *text = recorder->live->ops->symbol(recorder->live, address,
						       &distance);

	if (text)
		*offset = distance;
	symbol_note(recorder, address, text ? distance : 0, text);
	return text;
}

static const char *names_drop_reason(struct names *names, uint32_t reason)
{
	struct recorder *recorder = CONTAINER_OF(names, struct recorder, names);
	const char *text = recorder->live->ops->drop_reason(recorder->live, reason);

	name_note(recorder, STORE_DROP_REASON, reason, 0, text);
	return text;
}

static const char *names_netns(struct names *names, uint32_t inode)
{
	struct recorder *recorder = CONTAINER_OF(names, struct recorder, names);
	const char *text = recorder->live->ops->netns(recorder->live, inode);

	name_note(recorder, STORE_NETNS, inode, 0, text);
	return text;
}

static const char *names_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	struct recorder *recorder = CONTAINER_OF(names, struct recorder, names);
	const char *text = recorder->live->ops->device(recorder->live, netns, ifindex);

	name_note(recorder, STORE_DEVICE, store_device_key(netns, ifindex), 0, text);
	return text;
}

struct names *recorder_names(struct recorder *recorder, struct names *live)
{
	static const struct names_ops ops = {
		.symbol = names_symbol,
		.drop_reason = names_drop_reason,
		.netns = names_netns,
		.device = names_device,
	};

	recorder->live = live;
	recorder->names.ops = &ops;
	return &recorder->names;
}

/* ---- the interface */

static int recorder_prepare(struct recorder *recorder)
{
	recorder->strings = strings_new();
	if (recorder->options.compress)
		recorder->zstd = ZSTD_createCCtx();
	if (!recorder->strings || (recorder->options.compress && !recorder->zstd))
		return -ENOMEM;
	return 0;
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
	store_clear(&recorder->answered);
	strings_free(recorder->strings);
	ZSTD_freeCCtx(recorder->zstd);
	bytes_free(&recorder->blocks);
	bytes_free(&recorder->probed);
	bytes_free(&recorder->records);
	free(recorder);
}

/* The assembler remembers names from snapshots: another file has to tell them, too. */
static void event_note_device(struct recorder *recorder,
			      const struct event_snapshot *snapshot)
{
	uint64_t key = store_device_key(snapshot->event.netns, snapshot->event.ifindex);
	char dev[EVENT_DEV_LEN + 1] = "";

	if (!snapshot->dev[0] || !snapshot->event.ifindex)
		return;
	memcpy(dev, snapshot->dev, sizeof(snapshot->dev) - 1);
	name_note(recorder, STORE_DEVICE, key, 0, strings_intern(recorder->strings, dev));
}

/*
 * How a path has ended is asked for when it is handed over, which may have to wait for
 * calls that with a smaller zoom are not there: the names are to be known at once.
 */
static void event_note_end(struct recorder *recorder, const struct event *event)
{
	uint64_t offset;

	if (!(event->flags & EVENT_LAST) || !recorder->live)
		return;
	if (event->where)
		names_symbol(&recorder->names, event->where, &offset);
	if (event->value)
		names_drop_reason(&recorder->names, (uint32_t)event->value);
}

void recorder_event(struct recorder *recorder, const void *data, size_t size)
{
	const size_t head = offsetof(struct event_snapshot, data);
	struct event_snapshot snapshot; /* what it has before .data */
	struct event event = { 0 };

	if (size >= sizeof(event))
		memcpy(&event, data, sizeof(event));
	event_note_end(recorder, &event);
	record_time(recorder);
	if (size >= head && event.flags & EVENT_SNAPSHOT) {
		memcpy(&snapshot, data, head);
		event_note_device(recorder, &snapshot);
		if (snapshot.captured < size - head)
			size = head + snapshot.captured;
	}
	records_add(&recorder->records, FORMAT_EVENT, data, size, "", 0);
	if (recorder->records.used >= RECORDER_RECORDS)
		records_end(&recorder->records, &recorder->blocks, recorder->zstd);
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
