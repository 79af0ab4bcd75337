// SPDX-License-Identifier: GPL-2.0-only
#include "file/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/log.h"
#include "base/strings.h"
#include "file/block.h"
#include "file/format.h"
#include "file/kinds.h"
#include "file/store.h"
#include "path/names.h"

#define RECORDING_TEXT 4096		   /* bytes of a name, at most */
#define RECORDING_KEPT (16u * 1024 * 1024) /* bytes of all names, at most */
#define RECORDING_SKIP 4096

#define SECTION_LEAST 28u /* bytes of a section header */
#define CUSTOM_HEAD   (sizeof(uint32_t) + sizeof(struct format_head))

#define UNKNOWN 0xff /* a kind or tracepoint that is not known here */

struct recording {
	struct names names;
	FILE *in;
	uint64_t offset; /* bytes read */
	uint8_t *data;	 /* the records of a block ... */
	size_t size, capacity;
	size_t at;		      /* ... of which so many bytes are done */
	struct recording_piece first; /* which was read to come so far */
	bool first_waits;
	bool started;  /* there was a layout: events can be understood */
	bool stopped;  /* nothing more to read */
	bool short_of; /* the file stops in the middle of something */
	uint8_t kinds[256], tracepoints[256]; /* the file's number: ours */
	struct recording_run run;
	struct store answers;
	struct strings *strings;
	size_t kept; /* bytes in @strings, about */
	uint64_t unknown;
	char problem[192];
};

static int problem(struct recording *recording, int err, const char *format, ...)
	PRINTF_LIKE(3, 4);

static int problem(struct recording *recording, int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(recording->problem, sizeof(recording->problem), format, arguments);
	va_end(arguments);
	recording->stopped = true;
	return err;
}

static int problem_damaged(struct recording *recording, const char *what)
{
	return problem(recording, -EBADMSG, "is damaged at byte %" PRIu64 ": %s",
		       recording->offset, what);
}

static int problem_foreign(struct recording *recording)
{
	return problem(recording, -EBADMSG, "is no recording of bpfpath");
}

/* ---- bytes */

/* How many bytes there were of @size, or a negative errno. */
static ssize_t read_some(struct recording *recording, void *data, size_t size)
{
	size_t count = fread(data, 1, size, recording->in);

	recording->offset += count;
	if (count < size && ferror(recording->in))
		return problem(recording, -EIO, "cannot be read: %s", strerror(errno));
	return (ssize_t)count;
}

/* 1 when all of it was there; 0 at the end of the file, or a negative errno. */
static int read_all(struct recording *recording, void *data, size_t size)
{
	ssize_t count = read_some(recording, data, size);

	if (count < 0)
		return (int)count;
	if ((size_t)count == size)
		return 1;
	recording->short_of |= count > 0;
	recording->stopped = true;
	return 0;
}

static int read_over(struct recording *recording, size_t size)
{
	uint8_t nothing[RECORDING_SKIP];
	int ret = 1;

	while (size && ret > 0) {
		size_t some = size < sizeof(nothing) ? size : sizeof(nothing);

		ret = read_all(recording, nothing, some);
		size -= some;
	}
	recording->short_of |= !ret;
	return ret;
}

/* ---- blocks */

static int block_check_end(struct recording *recording, uint32_t length)
{
	uint32_t again;
	int ret = read_all(recording, &again, sizeof(again));

	if (ret <= 0) {
		recording->short_of |= !ret;
		return ret;
	}
	if (again != length)
		return problem_damaged(recording, "the length of a block is not the "
						  "same at both of its ends");
	return 1;
}

static int block_room(struct recording *recording, size_t size)
{
	uint8_t *data;

	if (size <= recording->capacity)
		return 0;
	data = realloc(recording->data, size);
	if (!data)
		return problem(recording, -ENOMEM, "needs more memory than there is");
	recording->data = data;
	recording->capacity = size;
	return 0;
}

/* The records of a block whose head was read; those before a cut count, too. */
static int block_read_records(struct recording *recording, uint32_t body, uint32_t size)
{
	ssize_t count;
	int ret = block_room(recording, body);

	if (ret)
		return ret;
	count = read_some(recording, recording->data, body);
	if (count < 0)
		return (int)count;
	recording->at = 0;
	recording->size = (size_t)count < size ? (size_t)count : size;
	if ((size_t)count == body)
		return 1;
	recording->short_of = recording->stopped = true;
	return recording->size ? 1 : 0;
}

static int custom_check(struct recording *recording, const struct format_head *head,
			uint32_t body)
{
	if (head->version > FORMAT_VERSION || head->flags)
		return problem(recording, -EPROTO,
			       "was made by a newer bpfpath: it has version %u of the "
			       "format%s, and this one reads %u",
			       head->version, head->flags ? " with more to it" : "",
			       FORMAT_VERSION);
	if (!head->version || head->size > body)
		return problem_damaged(recording, "the head of a block is wrong");
	return 0;
}

/* A custom block of @body bytes: 1 with records to take out, or it was not ours. */
static int block_read_custom(struct recording *recording, uint32_t body)
{
	struct {
		uint32_t pen;
		struct format_head head;
	} custom;
	int ret;

	static_assert(sizeof(custom) == CUSTOM_HEAD, "no holes in it");
	if (body < sizeof(custom))
		return read_over(recording, body);
	ret = read_all(recording, &custom, sizeof(custom));
	if (ret <= 0) {
		recording->short_of |= !ret;
		return ret;
	}
	body -= sizeof(custom);
	if (custom.pen != FORMAT_PEN ||
	    memcmp(custom.head.magic, FORMAT_MAGIC, sizeof(custom.head.magic)) != 0)
		return read_over(recording, body);
	ret = custom_check(recording, &custom.head, body);
	return ret ? ret : block_read_records(recording, body, custom.head.size);
}

/* One block. 1; 0 at the end of the file; or a negative errno. */
static int block_read(struct recording *recording)
{
	uint32_t head[2], body; /* type, length */
	int ret = read_all(recording, head, sizeof(head));

	if (ret <= 0)
		return ret;
	if (head[1] < BLOCK_LEAST || head[1] > BLOCK_MOST || head[1] % 4)
		return problem_damaged(recording, "a block has an impossible length");
	body = head[1] - BLOCK_LEAST;
	if (head[0] == BLOCK_CUSTOM)
		ret = block_read_custom(recording, body);
	else
		ret = read_over(recording, body);
	if (ret <= 0 || recording->stopped)
		return ret;
	return block_check_end(recording, head[1]);
}

/* The first block tells whether this is a pcapng file, and one that we can read. */
static int section_read(struct recording *recording)
{
	uint32_t head[3]; /* type, length, magic */
	int ret = read_all(recording, head, sizeof(head));

	if (!ret)
		return recording->offset
			       ? problem_foreign(recording)
			       : problem(recording, -EBADMSG, "is empty: no recording");
	if (ret < 0)
		return ret;
	if (head[0] != BLOCK_SECTION)
		return problem_foreign(recording);
	if (head[2] == BLOCK_MAGIC_FOREIGN)
		return problem(recording, -EPROTO,
			       "was made on a machine with another byte order");
	if (head[2] != BLOCK_MAGIC || head[1] < SECTION_LEAST || head[1] > BLOCK_MOST ||
	    head[1] % 4)
		return problem_foreign(recording);
	ret = read_over(recording, head[1] - sizeof(head) - sizeof(head[1]));
	return ret > 0 ? block_check_end(recording, head[1]) : ret;
}

/* ---- records: what was traced */

static int run_layout(struct recording *recording, const void *data, size_t size)
{
	struct format_layout layout;

	if (size < sizeof(layout))
		return problem_damaged(recording, "the layout of events is cut off");
	memcpy(&layout, data, sizeof(layout));
	if (layout.number != FORMAT_LAYOUT_NUMBER ||
	    layout.event != sizeof(struct event) ||
	    layout.snapshot != offsetof(struct event_snapshot, data))
		return problem(recording, -EPROTO,
			       "was made by another version of bpfpath: its events have "
			       "layout %u, and this one reads %u",
			       layout.number, FORMAT_LAYOUT_NUMBER);
	memset(recording->kinds, UNKNOWN, sizeof(recording->kinds));
	memset(recording->tracepoints, UNKNOWN, sizeof(recording->tracepoints));
	recording->started = true;
	return 0;
}

/* Which of @names it is; UNKNOWN for none. */
static uint8_t name_find(const char *const *names, size_t count, const uint8_t *name,
			 size_t size)
{
	for (size_t i = 0; i < count; i++) {
		if (strlen(names[i]) == size && !memcmp(names[i], name, size))
			return (uint8_t)i;
	}
	return UNKNOWN;
}

/* What is called so here takes the place of the file's number. */
static void run_number(uint8_t numbers[256], const char *const *names, size_t count,
		       const uint8_t *data, size_t size)
{
	uint32_t number;

	if (size < sizeof(number))
		return;
	memcpy(&number, data, sizeof(number));
	if (number < 256)
		numbers[number] = name_find(names, count, data + sizeof(number),
					    size - sizeof(number));
}

static uint64_t read_u64(const void *data, size_t size)
{
	uint64_t number = 0;

	memcpy(&number, data, size < sizeof(number) ? size : sizeof(number));
	return number;
}

static void run_text(char *out, size_t out_size, const void *data, size_t size)
{
	snprintf(out, out_size, "%.*s", (int)size, (const char *)data);
}

static void run_account(struct recording_run *run, const uint8_t *data, size_t size)
{
	uint8_t which;

	if (size < sizeof(uint64_t))
		return;
	which = name_find(kind_accounts, ACCOUNT_SIZE, data + sizeof(uint64_t),
			  size - sizeof(uint64_t));
	if (which != UNKNOWN)
		run->account[which] = read_u64(data, sizeof(uint64_t));
}

static int record_run(struct recording *recording, enum format_type type,
		      const void *data, size_t size)
{
	struct recording_run *run = &recording->run;

	switch (type) {
	case FORMAT_LAYOUT:
		return run_layout(recording, data, size);
	case FORMAT_CLOCK:
		run->clock = read_u64(data, size);
		break;
	case FORMAT_COUNT:
		run->count = read_u64(data, size);
		break;
	case FORMAT_VERSION_TEXT:
		run_text(run->version, sizeof(run->version), data, size);
		break;
	case FORMAT_RELEASE:
		run_text(run->release, sizeof(run->release), data, size);
		break;
	case FORMAT_COMMAND:
		run_text(run->command, sizeof(run->command), data, size);
		break;
	case FORMAT_FILTER:
		run_text(run->filter, sizeof(run->filter), data, size);
		break;
	case FORMAT_BACKEND:
		run_text(run->backend, sizeof(run->backend), data, size);
		break;
	case FORMAT_KIND:
		run_number(recording->kinds, kind_names, KINDS, data, size);
		break;
	case FORMAT_TRACEPOINT:
		run_number(recording->tracepoints, kind_tracepoints, TRACEPOINT_SIZE,
			   data, size);
		break;
	case FORMAT_ACCOUNT:
		run_account(run, data, size);
		break;
	case FORMAT_FINISH:
		run->finished = true;
		break;
	default: /* of no use here, or not known */
		break;
	}
	return 0;
}

/* ---- records: names */

static int record_name(struct recording *recording, enum store_kind kind,
		       const uint8_t *data, size_t size)
{
	struct format_name name;
	struct store_entry *entry;
	char text[RECORDING_TEXT + 1];

	if (size < sizeof(name) || size - sizeof(name) > RECORDING_TEXT)
		return problem_damaged(recording, "a name has an impossible length");
	memcpy(&name, data, sizeof(name));
	size -= sizeof(name);
	memcpy(text, data + sizeof(name), size);
	text[size] = '\0';
	recording->kept += size;
	entry = recording->kept <= RECORDING_KEPT
			? store_get(&recording->answers, kind, name.key)
			: NULL;
	if (!entry)
		return problem(recording, -ENOMEM, "has more names than can be kept");
	entry->offset = name.offset;
	entry->text = size ? strings_intern(recording->strings, text) : NULL;
	return 0;
}

static const char *answer(struct names *names, enum store_kind kind, uint64_t key,
			  uint64_t *offset)
{
	const struct recording *recording = CONTAINER_OF(names, struct recording, names);
	const struct store_entry *entry = store_find(&recording->answers, kind, key);

	if (!entry || !entry->text)
		return NULL;
	if (offset)
		*offset = entry->offset;
	return entry->text;
}

static const char *answer_symbol(struct names *names, uint64_t address, uint64_t *offset)
{
	return answer(names, STORE_SYMBOL, address, offset);
}

static const char *answer_drop_reason(struct names *names, uint32_t reason)
{
	return answer(names, STORE_DROP_REASON, reason, NULL);
}

static const char *answer_netns(struct names *names, uint32_t inode)
{
	return answer(names, STORE_NETNS, inode, NULL);
}

static const char *answer_device(struct names *names, uint32_t netns, uint32_t ifindex)
{
	return answer(names, STORE_DEVICE, store_device_key(netns, ifindex), NULL);
}

struct names *recording_names(struct recording *recording)
{
	return &recording->names;
}

/* ---- records: events */

/* 1, or 0 when it is of a kind that is not known here. */
static int record_event(struct recording *recording, uint8_t *data, size_t size,
			struct recording_piece *piece)
{
	uint8_t *kind = data + offsetof(struct event, kind);
	uint8_t *id = data + offsetof(struct event, id);

	if (!recording->started)
		return problem_damaged(recording, "an event comes before its layout");
	if (size < sizeof(struct event))
		return problem_damaged(recording, "an event is cut off");
	*kind = recording->kinds[*kind];
	if (*kind == EVENT_TRACEPOINT)
		*id = recording->tracepoints[*id];
	if (*kind == UNKNOWN || (*kind == EVENT_TRACEPOINT && *id == UNKNOWN)) {
		recording->unknown++;
		return 0;
	}
	*piece = (struct recording_piece){
		.what = RECORDING_EVENT,
		.event = data,
		.size = size,
	};
	return 1;
}

/* 1 when it is a piece for the caller; 0 when it is not; or a negative errno. */
static int record_read(struct recording *recording, unsigned int type, uint8_t *data,
		       size_t size, struct recording_piece *piece)
{
	switch (type) {
	case FORMAT_EVENT:
		return record_event(recording, data, size, piece);
	case FORMAT_TIME:
	case FORMAT_LOST:
		*piece = (struct recording_piece){
			.what = type == FORMAT_TIME ? RECORDING_TIME : RECORDING_LOST,
			.number = read_u64(data, size),
		};
		return 1;
	case FORMAT_SYMBOL:
		return record_name(recording, STORE_SYMBOL, data, size);
	case FORMAT_DROP_REASON:
		return record_name(recording, STORE_DROP_REASON, data, size);
	case FORMAT_NETNS:
		return record_name(recording, STORE_NETNS, data, size);
	case FORMAT_DEVICE:
		return record_name(recording, STORE_DEVICE, data, size);
	default:
		return record_run(recording, type, data, size);
	}
}

/* The next record of the block; 0 when it was the last, or no piece for the caller. */
static int record_next(struct recording *recording, struct recording_piece *piece)
{
	uint8_t *at = recording->data + recording->at;
	size_t left = recording->size - recording->at, size;
	struct format_record record;

	if (left < sizeof(record)) {
		recording->at = recording->size;
		return 0;
	}
	memcpy(&record, at, sizeof(record));
	size = sizeof(record) + ((record.size + 3u) & ~3u);
	if (size > left) {
		recording->at = recording->size;
		if (recording->short_of)
			return 0;
		return problem_damaged(recording, "a record is longer than its block");
	}
	recording->at += size;
	return record_read(recording, record.type, at + sizeof(record), record.size,
			   piece);
}

/* ---- the interface */

static int piece_next(struct recording *recording, struct recording_piece *piece)
{
	int ret;

	for (;;) {
		while (recording->at < recording->size) {
			ret = record_next(recording, piece);
			if (ret)
				return ret;
		}
		if (recording->stopped)
			return 0;
		ret = block_read(recording);
		if (ret < 0)
			return ret;
	}
}

int recording_next(struct recording *recording, struct recording_piece *piece)
{
	if (!recording->first_waits)
		return piece_next(recording, piece);
	recording->first_waits = false;
	*piece = recording->first;
	return 1;
}

/* Everything before the first piece tells what was traced. */
static int recording_begin(struct recording *recording)
{
	int ret = section_read(recording);

	if (ret > 0)
		ret = piece_next(recording, &recording->first);
	if (ret < 0)
		return ret;
	recording->first_waits = ret > 0;
	return recording->started ? 0 : problem_foreign(recording);
}

int recording_open(FILE *in, struct recording **out)
{
	static const struct names_ops ops = {
		.symbol = answer_symbol,
		.drop_reason = answer_drop_reason,
		.netns = answer_netns,
		.device = answer_device,
	};
	struct recording *recording = calloc(1, sizeof(*recording));

	if (!recording)
		return -ENOMEM;
	recording->strings = strings_new();
	if (!recording->strings) {
		free(recording);
		return -ENOMEM;
	}
	recording->names.ops = &ops;
	recording->in = in;
	*out = recording;
	return recording_begin(recording);
}

void recording_free(struct recording *recording)
{
	if (!recording)
		return;
	store_clear(&recording->answers);
	strings_free(recording->strings);
	free(recording->data);
	free(recording);
}

const struct recording_run *recording_run(const struct recording *recording)
{
	return &recording->run;
}

bool recording_cut(const struct recording *recording)
{
	return recording->short_of || !recording->run.finished;
}

const char *recording_problem(const struct recording *recording)
{
	return recording->problem;
}

uint64_t recording_offset(const struct recording *recording)
{
	return recording->offset;
}

uint64_t recording_unknown(const struct recording *recording)
{
	return recording->unknown;
}
