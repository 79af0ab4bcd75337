// SPDX-License-Identifier: GPL-2.0-only
#include "file/recorder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/container.h"
#include "base/strings.h"
#include "file/block.h"
#include "file/format.h"
#include "file/packets.h"
#include "file/store.h"
#include "path/kinds.h"
#include "path/names.h"
#include "path/tracepoint_names.h"

#define RECORDER_RECORDS 65536	     /* bytes in a custom block, about */
#define RECORDER_BLOCKS	 262144	     /* bytes that are written at once, about */
#define RECORDER_FLUSH	 1000000000u /* ns: nothing waits for longer */
#define RECORDER_TEXT	 4096	     /* bytes of a text, the rest is cut */

struct recorder {
	struct names names; /* what names.h asks for, and ... */
	struct names *live; /* ... who answers */
	struct recorder_options options;
	int fd;
	bool regular;		 /* a file that has a name and an end */
	uint64_t written;	 /* bytes of the file */
	struct bytes blocks;	 /* whole ones that are not written yet */
	struct bytes records;	 /* of the custom block that comes next */
	struct store answered;	 /* names that the file knows; their texts are @live's */
	struct strings *strings; /* names of devices in @answered, from snapshots */
	struct packets packets;
	uint64_t lost;	  /* as the file knows it */
	uint64_t time;	  /* of a tick that is not in the file yet; 0: none */
	uint64_t flushed; /* when; ns of CLOCK_MONOTONIC */
	int error;
};

/* ---- records */

static void record_add(struct recorder *recorder, enum format_type type, const void *head,
		       size_t head_size, const void *data, size_t size)
{
	static const char zeros[4];
	const struct format_record record = { (uint16_t)type,
					      (uint16_t)(head_size + size) };
	char *room = bytes_room(&recorder->records,
				sizeof(record) + head_size + size + sizeof(zeros));
	size_t pad = -(head_size + size) & 3;

	if (!room)
		return;
	memcpy(room, &record, sizeof(record));
	memcpy(room + sizeof(record), head, head_size);
	memcpy(room + sizeof(record) + head_size, data, size);
	memcpy(room + sizeof(record) + head_size + size, zeros, pad);
	recorder->records.used += sizeof(record) + head_size + size + pad;
}

static void record_number(struct recorder *recorder, enum format_type type,
			  uint64_t number)
{
	record_add(recorder, type, &number, sizeof(number), "", 0);
}

static void record_text(struct recorder *recorder, enum format_type type,
			const char *text)
{
	if (text)
		record_add(recorder, type, "", 0, text, strnlen(text, RECORDER_TEXT));
}

static void record_numbered(struct recorder *recorder, enum format_type type,
			    uint32_t number, const char *text)
{
	record_add(recorder, type, &number, sizeof(number), text, strlen(text));
}

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

	record_add(recorder, types[kind], &name, sizeof(name), text ? text : "",
		   text ? strnlen(text, RECORDER_TEXT) : 0);
}

/*
 * Ticks with nothing between them are as good as the last of them; so it is kept
 * until something else comes.
 */
static void record_time(struct recorder *recorder)
{
	if (recorder->time)
		record_number(recorder, FORMAT_TIME, recorder->time);
	recorder->time = 0;
}

/* ---- the file */

static int file_create(struct recorder *recorder)
{
	const char *path = recorder->options.path;
	struct stat stat;

	if (!strcmp(path, "-"))
		recorder->fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
	else
		recorder->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
	if (recorder->fd < 0 || fstat(recorder->fd, &stat))
		return -errno;
	recorder->regular = S_ISREG(stat.st_mode) && strcmp(path, "-") != 0;
	recorder->written = 0;
	return 0;
}

/* Is what the name leads to still the file that we write, as we left it? */
static bool file_is_ours(const struct recorder *recorder)
{
	struct stat named, open;

	if (!recorder->regular)
		return true;
	return !stat(recorder->options.path, &named) && !fstat(recorder->fd, &open) &&
	       named.st_dev == open.st_dev && named.st_ino == open.st_ino &&
	       (uint64_t)open.st_size == recorder->written;
}

/* 0 or a negative errno; how many bytes were written in *@done. */
static int file_write(int fd, const struct bytes *bytes, size_t *done)
{
	*done = 0;
	while (*done < bytes->used) {
		ssize_t count = write(fd, bytes->data + *done, bytes->used - *done);

		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			return count ? -errno : -EIO;
		*done += (size_t)count;
	}
	return 0;
}

/* The records that wait become a block. */
static void file_put_records(struct recorder *recorder)
{
	const struct format_head head = {
		.magic = FORMAT_MAGIC,
		.version = FORMAT_VERSION,
		.size = (uint32_t)recorder->records.used,
	};
	struct block block;

	if (!recorder->records.used)
		return;
	block = block_begin(&recorder->blocks, BLOCK_CUSTOM);
	block_add_u32(&block, FORMAT_PEN);
	block_add(&block, &head, sizeof(head));
	block_add(&block, recorder->records.data, recorder->records.used);
	block_end(&block);
	recorder->records.used = 0;
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

static void begin_run(struct recorder *recorder)
{
	const struct recorder_run *run = &recorder->options.run;
	const struct format_layout layout = {
		.number = FORMAT_LAYOUT_NUMBER,
		.event = sizeof(struct event),
		.snapshot = offsetof(struct event_snapshot, data),
	};

	record_add(recorder, FORMAT_LAYOUT, &layout, sizeof(layout), "", 0);
	for (size_t i = 0; i < KINDS; i++)
		record_numbered(recorder, FORMAT_KIND, (uint32_t)i, kind_names[i]);
	for (size_t i = 0; i < TRACEPOINT_SIZE; i++)
		record_numbered(recorder, FORMAT_TRACEPOINT, (uint32_t)i,
				tracepoint_names[i]);
	record_number(recorder, FORMAT_CLOCK, run->clock);
	if (run->count)
		record_number(recorder, FORMAT_COUNT, run->count);
	if (run->nested)
		record_number(recorder, FORMAT_NESTED, 1);
	record_text(recorder, FORMAT_VERSION_TEXT, BPFPATH_VERSION);
	record_text(recorder, FORMAT_RELEASE, run->release);
	record_text(recorder, FORMAT_COMMAND, run->command);
	record_text(recorder, FORMAT_FILTER, run->filter);
	record_text(recorder, FORMAT_BACKEND, run->backend);
	for (size_t i = 0; run->probes && run->probes[i]; i++)
		record_text(recorder, FORMAT_PROBE, run->probes[i]);
}

/* Everything that the assembler may still ask for, or know and never ask for again. */
static void begin_names(enum store_kind kind, const struct store_entry *entry,
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
	if (recorder->lost)
		record_number(recorder, FORMAT_LOST, recorder->lost);
	store_each(&recorder->answered, begin_names, recorder);
}

/* ---- writing */

/* Is it time for another file? */
static bool file_is_long(const struct recorder *recorder)
{
	uint64_t limit = recorder->options.rotate;

	return limit && recorder->regular &&
	       recorder->written + recorder->blocks.used + recorder->records.used >=
		       limit;
}

/* FILE becomes FILE.1, FILE.1 becomes FILE.2, and so on. */
static int file_move(const struct recorder *recorder)
{
	const char *path = recorder->options.path;
	char from[PATH_MAX], to[PATH_MAX];

	for (unsigned int i = recorder->options.keep; i > 0; i--) {
		snprintf(to, sizeof(to), "%s.%u", path, i);
		snprintf(from, sizeof(from), "%s.%u", path, i - 1);
		if (rename(i > 1 ? from : path, to) && errno != ENOENT)
			return -errno;
	}
	return 0;
}

static int file_rotate(struct recorder *recorder)
{
	int err = file_move(recorder);

	if (err)
		return err;
	close(TAKE_FD(recorder->fd));
	err = file_create(recorder);
	if (!err)
		file_begin(recorder);
	return err;
}

/* How many of the first @done bytes are whole blocks. */
static size_t blocks_whole(const struct bytes *blocks, size_t done)
{
	size_t at = 0;
	uint32_t length;

	while (done - at >= BLOCK_LEAST) {
		memcpy(&length, blocks->data + at + sizeof(uint32_t), sizeof(length));
		if (length > done - at)
			break;
		at += length;
	}
	return at;
}

/* Whatever goes wrong, the file ends with a whole block, if it can be cut. */
static int file_write_blocks(struct recorder *recorder)
{
	struct bytes *blocks = &recorder->blocks;
	size_t done;
	int err;

	if (recorder->records.failed || blocks->failed)
		return -ENOMEM;
	if (!file_is_ours(recorder))
		return -ESTALE;
	err = file_write(recorder->fd, blocks, &done);
	recorder->written += blocks_whole(blocks, done);
	if (err && recorder->regular && ftruncate(recorder->fd, (off_t)recorder->written))
		log_debug("cannot cut '%s': %s", recorder->options.path, strerror(errno));
	blocks->used = 0;
	return err;
}

/* Everything that there is. */
static void file_flush(struct recorder *recorder)
{
	bool rotate = file_is_long(recorder);

	if (recorder->error)
		return;
	if (rotate)
		record_add(recorder, FORMAT_FINISH, "", 0, "", 0);
	file_put_records(recorder);
	recorder->error = file_write_blocks(recorder);
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

static const char *names_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	struct recorder *recorder = CONTAINER_OF(names, struct recorder, names);
	uint64_t distance = 0;
	const char *text = recorder->live->ops->symbol(recorder->live, address,
						       &distance);

	if (text)
		*offset = distance;
	name_note(recorder, STORE_SYMBOL, address, text ? distance : 0, text);
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

int recorder_new(const struct recorder_options *options, struct recorder **out)
{
	struct recorder *recorder = calloc(1, sizeof(*recorder));
	int err;

	if (!recorder)
		return -ENOMEM;
	recorder->fd = -1;
	recorder->options = *options;
	recorder->packets.out = &recorder->blocks;
	recorder->packets.clock = options->run.clock;
	recorder->strings = strings_new();
	err = recorder->strings ? file_create(recorder) : -ENOMEM;
	if (!err) {
		file_begin(recorder);
		err = file_write_blocks(recorder);
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
	cleanup_fd(&recorder->fd);
	packets_free(&recorder->packets);
	store_clear(&recorder->answered);
	strings_free(recorder->strings);
	bytes_free(&recorder->blocks);
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

void recorder_event(struct recorder *recorder, const void *data, size_t size)
{
	const struct event_snapshot *snapshot = data;
	const size_t head = offsetof(struct event_snapshot, data);

	record_time(recorder);
	if (size >= head && snapshot->event.flags & EVENT_SNAPSHOT) {
		event_note_device(recorder, snapshot);
		if (snapshot->captured < size - head)
			size = head + snapshot->captured;
	}
	record_add(recorder, FORMAT_EVENT, data, size, "", 0);
	if (recorder->records.used >= RECORDER_RECORDS)
		file_put_records(recorder);
	if (recorder->blocks.used >= RECORDER_BLOCKS)
		file_flush(recorder);
}

void recorder_lost(struct recorder *recorder, uint64_t lost)
{
	if (lost <= recorder->lost)
		return;
	recorder->lost = lost;
	record_time(recorder);
	record_number(recorder, FORMAT_LOST, lost);
}

void recorder_narrowed(struct recorder *recorder, uint64_t from, uint64_t to)
{
	record_time(recorder);
	record_add(recorder, FORMAT_NARROWED, &from, sizeof(from), &to, sizeof(to));
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
	recorder->options.rotate = 0; /* this file is the last one */
	record_time(recorder);
	for (size_t i = 0; account && i < ACCOUNT_SIZE; i++)
		record_add(recorder, FORMAT_ACCOUNT, &account[i], sizeof(account[i]),
			   kind_accounts[i], strlen(kind_accounts[i]));
	record_add(recorder, FORMAT_FINISH, "", 0, "", 0);
	file_flush(recorder);
}

int recorder_error(const struct recorder *recorder)
{
	return recorder->error;
}

int recorder_fd(const struct recorder *recorder)
{
	return recorder->fd;
}
