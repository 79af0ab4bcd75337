/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * notes.h - what the numbers in recorded events are called
 *
 * The assembler asks names.h for nothing that an event has not referred to before. So
 * whatever an event refers to is asked for when it is recorded, and noted if the answer
 * is new: whoever assembles the events from the file finds it there, and nobody has to
 * assemble them while they are recorded. notes_event() is all there is to know about
 * what events refer to; tests/unit/notes_test.c has the assembler agree.
 */
#ifndef BPFPATH_NOTES_H
#define BPFPATH_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/hash.h"
#include "bpf/event.h"
#include "file/store.h"
#include "path/naming.h"

#define NOTES_SYMBOLS_BITS 12
#define NOTES_SYMBOLS	   (1 << NOTES_SYMBOLS_BITS)
#define NOTES_PLACES	   64 /* a power of two */

struct meaning;
struct strings;

/* An address, and how old the answer is: names.version. */
struct noted_symbol {
	uint64_t address, version;
	const struct meaning *reasons; /* of what it returns; NULL: never a drop reason */
};

struct noted_place {
	uint64_t version;
	uint32_t netns, ifindex;
};

struct notes {
	struct names *names; /* who is asked */
	store_fn *note;	     /* is given what is new */
	void *context;
	struct store answered;	 /* what is known by now */
	struct strings *strings; /* names of devices in it, from snapshots */

	/* What was asked for last. */
	struct noted_symbol symbols[NOTES_SYMBOLS];
	struct noted_place places[NOTES_PLACES];
	struct noted_place here; /* the last one of these */
};

/* 0 or -ENOMEM; notes_close() is for both. Everything given must outlive @notes. */
int notes_open(struct notes *notes, struct names *names, store_fn *note, void *context);
void notes_close(struct notes *notes);

/* Before the event is recorded, of @size bytes with what is behind it. */
void notes_event(struct notes *notes, const struct event *event, size_t size);

/* Where it is, if it was asked for. */
static inline size_t notes_symbol_slot(uint64_t address)
{
	return address * GOLDEN >> (64 - NOTES_SYMBOLS_BITS);
}

static inline size_t notes_place_slot(uint32_t netns, uint32_t ifindex)
{
	return (netns ^ ifindex * 5) & (NOTES_PLACES - 1);
}

/*
 * Is there nothing to note? So it is with nearly all events, which are at a function of
 * shortly before and where the last one was; only the others need notes_event().
 */
static inline bool notes_know(const struct notes *notes, const struct event *event)
{
	const struct noted_symbol *symbol =
		&notes->symbols[notes_symbol_slot(event->where)];
	const struct noted_place *here = &notes->here;
	uint64_t version = notes->names->version;

	if (symbol->address != event->where || symbol->version != version)
		return false;
	if (event->kind == EVENT_RETURN)
		return !symbol->reasons;
	return event->kind < EVENT_FREE &&
	       !(event->flags & (EVENT_SNAPSHOT | EVENT_LAST)) &&
	       here->netns == event->netns && here->ifindex == event_device(event) &&
	       here->version == version;
}

#endif
