// SPDX-License-Identifier: GPL-2.0-only
#include "file/recording.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/container.h"
#include "base/strings.h"
#include "file/format.h"
#include "file/input.h"
#include "file/store.h"
#include "path/kinds.h"
#include "path/names.h"
#include "path/tracepoint_names.h"

#define RECORDING_TEXT 4096		   /* bytes of a name, at most */
#define RECORDING_NAME 256		   /* ... of what was probed */
#define RECORDING_KEPT (16u * 1024 * 1024) /* bytes of all names, at most */

#define NAMES_TOO_MANY "has more names than can be kept"

#define UNKNOWN 0xff /* a kind or tracepoint that is not known here */

struct recording {
	struct names names;
	struct input input;
	size_t at;		      /* bytes of its records that are done */
	struct recording_piece first; /* which was read to come so far */
	bool first_waits;
	bool started;	   /* there was a layout: events can be understood */
	struct event last; /* as the file has it, and ... */
	struct {
		struct event event;
		uint8_t more[UINT16_MAX];
	} next;		/* ... with what is behind it, in our numbers */
	size_t run_end; /* of the record of events that @at is in, if it is in one */
	bool run_cut;	/* there was more of it */
	uint8_t kinds[256], tracepoints[256]; /* the file's number: ours */
	struct recording_run run;
	struct store answers;
	struct strings *strings;
	size_t kept;	     /* bytes in @strings, about */
	struct bytes probes; /* of struct recording_probe */
	uint64_t unknown;
};

/* ---- records: what was traced */

static int run_layout(struct recording *recording, const void *data, size_t size)
{
	struct format_layout layout;

	if (size < sizeof(layout))
		return input_damaged(&recording->input,
				     "the layout of events is cut off");
	memcpy(&layout, data, sizeof(layout));
	if (layout.number < FORMAT_LAYOUT_FIRST || layout.number > FORMAT_LAYOUT_NUMBER ||
	    layout.event != sizeof(struct event) ||
	    layout.snapshot != offsetof(struct event_snapshot, data))
		return input_fail(
			&recording->input, -EPROTO,
			"was made by another version of bpfpath: its events have "
			"layout %u, and this one reads %u to %u",
			layout.number, FORMAT_LAYOUT_FIRST, FORMAT_LAYOUT_NUMBER);
	memset(recording->kinds, UNKNOWN, sizeof(recording->kinds));
	memset(recording->tracepoints, UNKNOWN, sizeof(recording->tracepoints));
	recording->last = (struct event){ 0 };
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

#define RUN_TEXT(type, member)                                                           \
	{                                                                                \
		type, offsetof(struct recording_run, member),                            \
			sizeof(((struct recording_run *)0)->member)                      \
	}

static void run_text(struct recording_run *run, enum format_type type, const void *data,
		     size_t size)
{
	static const struct {
		enum format_type type;
		size_t offset, size;
	} texts[] = {
		RUN_TEXT(FORMAT_VERSION_TEXT, version), RUN_TEXT(FORMAT_RELEASE, release),
		RUN_TEXT(FORMAT_COMMAND, command),	RUN_TEXT(FORMAT_FILTER, filter),
		RUN_TEXT(FORMAT_BACKEND, backend),	RUN_TEXT(FORMAT_ZOOM, zoom),
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (texts[i].type == type)
			snprintf((char *)run + texts[i].offset, texts[i].size, "%.*s",
				 (int)size, (const char *)data);
	}
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

static int run_name(struct recording *recording, struct name_list *names,
		    const void *data, size_t size)
{
	const char **list = reallocarray(names->list, names->count + 2, sizeof(*list));
	const char *name;

	if (!list)
		return input_fail(&recording->input, -ENOMEM, NAMES_TOO_MANY);
	names->list = list;
	recording->kept += size + sizeof(*list);
	name = recording->kept <= RECORDING_KEPT
		       ? strings_add(recording->strings, data, size)
		       : NULL;
	if (!name)
		return input_fail(&recording->input, -ENOMEM, NAMES_TOO_MANY);
	list[names->count++] = name;
	list[names->count] = NULL;
	return 0;
}

/* Of a kind that is not known here nothing is ever seen. */
static int run_probed(struct recording *recording, const uint8_t *data, size_t size)
{
	struct recording_probe probe;
	char name[RECORDING_NAME + 1];
	uint32_t kind;

	if (size < sizeof(kind) || size - sizeof(kind) > RECORDING_NAME)
		return input_damaged(&recording->input,
				     "a probe has a name of impossible length");
	memcpy(&kind, data, sizeof(kind));
	size -= sizeof(kind);
	memcpy(name, data + sizeof(kind), size);
	name[size] = '\0';
	kind = kind < 256 ? recording->kinds[kind] : UNKNOWN;
	recording->kept += sizeof(probe) + size;
	if (kind == UNKNOWN)
		return 0;
	probe.kind = kind;
	probe.name = recording->kept <= RECORDING_KEPT
			     ? strings_intern(recording->strings, name)
			     : NULL;
	if (probe.name)
		bytes_add(&recording->probes, &probe, sizeof(probe));
	return probe.name && !recording->probes.failed
		       ? 0
		       : input_fail(&recording->input, -ENOMEM, NAMES_TOO_MANY);
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
	case FORMAT_NESTED:
		run->nested = read_u64(data, size) != 0;
		break;
	case FORMAT_HELD:
		run->held = read_u64(data, size) != 0;
		break;
	case FORMAT_KIND:
		run_number(recording->kinds, kind_names, KINDS, data, size);
		break;
	case FORMAT_TRACEPOINT:
		run_number(recording->tracepoints, tracepoint_names, TRACEPOINT_SIZE,
			   data, size);
		break;
	case FORMAT_PROBE:
		return run_name(recording, &run->probes, data, size);
	case FORMAT_ANCHOR:
		return run_name(recording, &run->anchors, data, size);
	case FORMAT_PROBED:
		return run_probed(recording, data, size);
	case FORMAT_ACCOUNT:
		run_account(run, data, size);
		break;
	case FORMAT_FINISH:
		run->finished = true;
		break;
	default: /* a text, or of no use here, or not known */
		run_text(run, type, data, size);
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
		return input_damaged(&recording->input,
				     "a name has an impossible length");
	memcpy(&name, data, sizeof(name));
	size -= sizeof(name);
	memcpy(text, data + sizeof(name), size);
	text[size] = '\0';
	recording->kept += size;
	entry = recording->kept <= RECORDING_KEPT
			? store_get(&recording->answers, kind, name.key)
			: NULL;
	if (!entry)
		return input_fail(&recording->input, -ENOMEM, NAMES_TOO_MANY);
	recording->names.version++;
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

/* The last event, with @more bytes behind it. 1, or 0: of a kind that is not known here.
 */
static int event_piece(struct recording *recording, const uint8_t *data, size_t more,
		       struct recording_piece *piece)
{
	struct event *event = &recording->next.event;

	*event = recording->last;
	event->kind = recording->kinds[event->kind];
	if (event->kind == EVENT_TRACEPOINT)
		event->id = recording->tracepoints[event->id];
	if (event->kind == UNKNOWN ||
	    (event->kind == EVENT_TRACEPOINT && event->id == UNKNOWN)) {
		recording->unknown++;
		return 0;
	}
	memcpy(recording->next.more, data, more);
	*piece = (struct recording_piece){
		.what = RECORDING_EVENT,
		.event = event,
		.size = sizeof(*event) + more,
	};
	return 1;
}

static int event_early(struct recording *recording)
{
	return input_damaged(&recording->input, "an event comes before its layout");
}

static int event_cut(struct recording *recording)
{
	return input_damaged(&recording->input, "an event is cut off");
}

static int record_event(struct recording *recording, const uint8_t *data, size_t size,
			struct recording_piece *piece)
{
	if (size < sizeof(struct event))
		return event_cut(recording);
	memcpy(&recording->last, data, sizeof(recording->last));
	return event_piece(recording, data + sizeof(struct event),
			   size - sizeof(struct event), piece);
}

/* An event by what differs from the one before, as it lies in a record. */
struct packed {
	uint32_t bits;	     /* of the words that differ */
	uint32_t more;	     /* bytes behind the event */
	const uint8_t *data; /* these */
	size_t size;	     /* of all */
};

/* False: not all of it is there, or it is none. */
static bool packed_read(struct packed *packed, const uint8_t *data, size_t left)
{
	size_t size = sizeof(packed->bits);
	bool more;

	if (left < size)
		return false;
	memcpy(&packed->bits, data, size);
	more = packed->bits & FORMAT_MORE;
	packed->bits &= ~FORMAT_MORE;
	packed->more = 0;
	size += DELTA_WORD * (size_t)__builtin_popcount(packed->bits);
	if (packed->bits >> FORMAT_EVENT_WORDS || size > left)
		return false;
	if (more) {
		if (left - size < sizeof(packed->more))
			return false;
		memcpy(&packed->more, data + size, sizeof(packed->more));
		size += sizeof(packed->more);
	}
	packed->data = data + size;
	packed->size = size + ((size_t)packed->more + 3) / 4 * 4;
	return packed->size <= left;
}

static int packed_piece(struct recording *recording, const struct packed *packed,
			const uint8_t *data, struct recording_piece *piece)
{
	delta_unpack(&recording->last, packed->bits, data + sizeof(packed->bits));
	return event_piece(recording, packed->data, packed->more, piece);
}

static int record_next(struct recording *recording, const uint8_t *data, size_t size,
		       struct recording_piece *piece)
{
	struct packed packed;

	if (!packed_read(&packed, data, size) || packed.size != size)
		return event_cut(recording);
	return packed_piece(recording, &packed, data, piece);
}

/* The next event of the record of several that is being read. */
static int run_take(struct recording *recording, struct recording_piece *piece)
{
	const uint8_t *data = recording->input.data + recording->at;
	struct packed packed;

	if (!packed_read(&packed, data, recording->run_end - recording->at)) {
		recording->at = recording->run_end;
		return recording->run_cut ? 0 : event_cut(recording);
	}
	recording->at += packed.size;
	return packed_piece(recording, &packed, data, piece);
}

/* A kind that is not known here may be anything: it puts paths in doubt. */
static int record_missed(struct recording *recording, const uint8_t *data, size_t size,
			 struct recording_piece *piece)
{
	struct format_missed missed;
	char name[RECORDING_NAME + 1];

	if (size < sizeof(missed) || size - sizeof(missed) > RECORDING_NAME)
		return input_damaged(&recording->input,
				     "what was missed has a name of impossible length");
	memcpy(&missed, data, sizeof(missed));
	size -= sizeof(missed);
	memcpy(name, data + sizeof(missed), size);
	name[size] = '\0';
	recording->kept += size;
	*piece = (struct recording_piece){
		.what = RECORDING_MISSED,
		.missed = { missed.from, missed.to, { .runs = missed.runs } },
	};
	piece->missed.missed.kind = missed.kind < MISSED_KINDS ? missed.kind
							       : MISSED_FUNCTIONS;
	piece->missed.missed.name = recording->kept <= RECORDING_KEPT
					    ? strings_intern(recording->strings, name)
					    : NULL;
	return piece->missed.missed.name
		       ? 1
		       : input_fail(&recording->input, -ENOMEM, NAMES_TOO_MANY);
}

/* 1 when it is a piece for the caller; 0 when it is not; or a negative errno. */
static int record_read(struct recording *recording, unsigned int type,
		       const uint8_t *data, size_t size, struct recording_piece *piece)
{
	if (!recording->started && (type == FORMAT_EVENT || type == FORMAT_NEXT))
		return event_early(recording);
	switch (type) {
	case FORMAT_EVENT:
		return record_event(recording, data, size, piece);
	case FORMAT_NEXT:
		return record_next(recording, data, size, piece);
	case FORMAT_TIME:
	case FORMAT_LOST:
		*piece = (struct recording_piece){
			.what = type == FORMAT_TIME ? RECORDING_TIME : RECORDING_LOST,
			.number = read_u64(data, size),
		};
		return 1;
	case FORMAT_NARROWED:
		if (size != 2 * sizeof(uint64_t))
			return input_damaged(&recording->input, "two times are cut off");
		*piece = (struct recording_piece){
			.what = RECORDING_NARROWED,
			.number = read_u64(data, size),
			.to = read_u64(data + sizeof(uint64_t), sizeof(uint64_t)),
		};
		return 1;
	case FORMAT_MISSED:
		return record_missed(recording, data, size, piece);
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

/* A record of events begins, of which each is a piece; as many as there are. */
static int run_begin(struct recording *recording, size_t size, bool cut)
{
	recording->run_end = recording->at + size;
	recording->run_cut = cut;
	return recording->started ? 0 : event_early(recording);
}

/* What is left of a record of which there should be @size bytes. */
static int record_cut(struct recording *recording, const struct format_record *record,
		      size_t left)
{
	if (!recording->input.cut)
		return input_damaged(&recording->input,
				     "a record is longer than its block");
	if (record->type == FORMAT_EVENTS) {
		recording->at += sizeof(*record);
		return run_begin(recording, left - sizeof(*record), true);
	}
	recording->at += left;
	return 0;
}

/* The next record of the block; 0 when it was the last, or no piece for the caller. */
static int record_take(struct recording *recording, struct recording_piece *piece)
{
	const uint8_t *at = recording->input.data + recording->at;
	size_t left = recording->input.size - recording->at, size;
	struct format_record record;

	if (left < sizeof(record)) {
		recording->at = recording->input.size;
		return 0;
	}
	memcpy(&record, at, sizeof(record));
	size = sizeof(record) + ((record.size + 3u) & ~3u);
	if (size > left)
		return record_cut(recording, &record, left);
	if (record.type == FORMAT_EVENTS) {
		recording->at += sizeof(record);
		return run_begin(recording, size - sizeof(record), false);
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
		while (recording->at < recording->input.size) {
			ret = recording->at < recording->run_end
				      ? run_take(recording, piece)
				      : record_take(recording, piece);
			if (ret)
				return ret;
		}
		if (recording->input.stopped)
			return 0;
		recording->at = recording->run_end = 0;
		ret = input_block(&recording->input);
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
	int ret = input_section(&recording->input);

	if (ret > 0)
		ret = piece_next(recording, &recording->first);
	if (ret < 0)
		return ret;
	recording->first_waits = ret > 0;
	return recording->started ? 0 : input_foreign(&recording->input);
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
	recording->input.in = in;
	*out = recording;
	return recording_begin(recording);
}

void recording_free(struct recording *recording)
{
	if (!recording)
		return;
	store_clear(&recording->answers);
	free(recording->run.probes.list);
	free(recording->run.anchors.list);
	strings_free(recording->strings);
	bytes_free(&recording->probes);
	input_free(&recording->input);
	free(recording);
}

const struct recording_run *recording_run(const struct recording *recording)
{
	return &recording->run;
}

const struct recording_probe *recording_probes(const struct recording *recording,
					       size_t *count)
{
	*count = recording->probes.used / sizeof(struct recording_probe);
	return (const void *)recording->probes.data;
}

bool recording_cut(const struct recording *recording)
{
	return recording->input.cut || !recording->run.finished;
}

const char *recording_problem(const struct recording *recording)
{
	return recording->input.problem;
}

uint64_t recording_offset(const struct recording *recording)
{
	return recording->input.offset;
}

uint64_t recording_unknown(const struct recording *recording)
{
	return recording->unknown;
}
