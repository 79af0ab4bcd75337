/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.h - events that follow each other, in one record of FORMAT_EVENTS
 *
 * Part of the recorder, which is told of so many events that to call a function for each
 * of them would cost a fifth of what recording them does: hence all is here.
 */
#ifndef BPFPATH_RUN_H
#define BPFPATH_RUN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/bytes.h"
#include "base/delta.h"
#include "file/format.h"

#define RUN_MORE 4096 /* bytes behind an event, the rest is cut */

/* The most that an event takes. */
#define RUN_EVENT (DELTA_MOST(struct event) + sizeof(uint32_t) + RUN_MORE)

/* All zero: no event has come yet. */
struct run {
	size_t begin, end; /* of the contents of the record, in the records; 0: none */
	size_t most;	   /* up to where there is room for one more event */
	struct event last; /* that is in the file, or will be */
};

/* The next event begins a new record. */
static inline void run_break(struct run *run)
{
	run->begin = run->end = 0;
}

/* Where the first event of a new record goes; NULL without memory. */
static inline uint8_t *run_begin(struct run *run, struct bytes *records)
{
	const struct format_record record = { .type = FORMAT_EVENTS };
	uint8_t *room = bytes_room(records, sizeof(record) + RUN_EVENT);

	if (!room)
		return NULL;
	memcpy(room, &record, sizeof(record));
	run->begin = records->used + sizeof(record);
	run->most = run->begin + UINT16_MAX;
	if (run->most > records->size)
		run->most = records->size;
	run->most -= RUN_EVENT;
	return room + sizeof(record);
}

/* Behind the event before, unless something came after that or no more fits there. */
static inline uint8_t *run_room(struct run *run, struct bytes *records)
{
	if (run->end == records->used && run->end <= run->most)
		return records->data + run->end;
	return run_begin(run, records);
}

/* What is behind an event. Where it ends. */
static inline uint8_t *run_more(uint8_t *to, const void *data, size_t size)
{
	const uint32_t length = size < RUN_MORE ? (uint32_t)size : RUN_MORE;
	const uint8_t zeros[4] = { 0 };

	memcpy(to, &length, sizeof(length));
	memcpy(to + sizeof(length), data, length);
	to += sizeof(length) + length;
	memcpy(to, zeros, -length & 3);
	return to + (-length & 3);
}

/* Up to @end: so long are the contents of the record now. */
static inline void run_end(struct run *run, struct bytes *records, const uint8_t *end)
{
	const size_t used = (size_t)(end - records->data);
	const uint16_t size = (uint16_t)(used - run->begin);

	memcpy(records->data + run->begin - sizeof(size), &size, sizeof(size));
	run->end = records->used = used;
}

/* An event of @size bytes with what is behind it, as what differs from the last one. */
static inline void run_event(struct run *run, struct bytes *records,
			     const struct event *event, size_t size)
{
	const size_t more = size - sizeof(*event);
	uint8_t *to = run_room(run, records);

	if (!to)
		return;
	to = delta_pack(to, event, &run->last, FORMAT_EVENT_WORDS,
			more ? FORMAT_MORE : 0);
	if (more)
		to = run_more(to, event + 1, more);
	run_end(run, records, to);
}

#endif
