// SPDX-License-Identifier: GPL-2.0-only
#include "file/notes.h"

#include <errno.h>
#include <string.h>

#include "base/strings.h"
#include "path/result.h"

int notes_open(struct notes *notes, struct names *names, store_fn *note, void *context)
{
	*notes = (struct notes){ .names = names, .note = note, .context = context };
	notes->strings = strings_new();
	return notes->strings ? 0 : -ENOMEM;
}

void notes_close(struct notes *notes)
{
	store_clear(&notes->answered);
	strings_free(notes->strings);
}

/* Who is not in the store has no name when it is read. NULL: no memory to keep it. */
static struct store_entry *notes_answer(struct notes *notes, enum store_kind kind,
					uint64_t key, uint64_t offset, const char *text)
{
	struct store_entry *entry = store_get(&notes->answered, kind, key);
	const struct store_entry unkept = { .node.key = key,
					    .text = text,
					    .offset = offset };

	if (entry && entry->text == text && entry->offset == offset)
		return entry;
	if (entry) {
		entry->text = text;
		entry->offset = offset;
	}
	notes->note(kind, entry ? entry : &unkept, notes->context);
	return entry;
}

static const struct noted_symbol *notes_symbol(struct notes *notes, uint64_t address)
{
	struct noted_symbol *symbol = &notes->symbols[notes_symbol_slot(address)];
	uint64_t version = notes->names->version, offset = 0;
	const struct meaning *meaning;
	const char *text;

	if (symbol->address == address && symbol->version == version)
		return symbol;
	text = notes->names->ops->symbol(notes->names, address, &offset);
	notes_answer(notes, STORE_SYMBOL, address, text ? offset : 0, text);
	meaning = text ? result_meaning(text) : NULL;
	*symbol = (struct noted_symbol){ address, version,
					 result_reasons(meaning) ? meaning : NULL };
	return symbol;
}

static void notes_reason(struct notes *notes, uint32_t reason)
{
	const char *text = notes->names->ops->drop_reason(notes->names, reason);

	notes_answer(notes, STORE_DROP_REASON, reason, 0, text);
}

static void notes_device(struct notes *notes, uint32_t netns, uint32_t ifindex)
{
	uint64_t key = store_device_key(netns, ifindex);
	const struct store_entry *entry = store_find(&notes->answered, STORE_DEVICE, key);

	if (!entry || !entry->told)
		notes_answer(notes, STORE_DEVICE, key, 0,
			     notes->names->ops->device(notes->names, netns, ifindex));
}

static void notes_place(struct notes *notes, uint32_t netns, uint32_t ifindex)
{
	struct noted_place *place = &notes->places[notes_place_slot(netns, ifindex)];
	uint64_t version = notes->names->version;

	notes->here = (struct noted_place){ version, netns, ifindex };
	if (place->netns == netns && place->ifindex == ifindex &&
	    place->version == version)
		return;
	*place = notes->here;
	if (netns)
		notes_answer(notes, STORE_NETNS, netns, 0,
			     notes->names->ops->netns(notes->names, netns));
	if (ifindex)
		notes_device(notes, netns, ifindex);
}

/* The assembler goes by such a name from now on, and asks no more. */
static void notes_told(struct notes *notes, const struct event *event, size_t size)
{
	const struct event_snapshot *snapshot = (const struct event_snapshot *)event;
	uint64_t key = store_device_key(event->netns, event_device(event));
	char dev[EVENT_DEV_LEN] = "";
	struct store_entry *entry;

	if (size < offsetof(struct event_snapshot, data) || !snapshot->dev[0] ||
	    !event_device(event))
		return;
	memcpy(dev, snapshot->dev, sizeof(dev) - 1);
	entry = store_find(&notes->answered, STORE_DEVICE, key);
	if (entry && entry->told && entry->text && !strcmp(entry->text, dev))
		return;
	entry = notes_answer(notes, STORE_DEVICE, key, 0,
			     strings_intern(notes->strings, dev));
	if (entry)
		entry->told = true;
}

/* Of which there are at most @count behind the event. */
static void notes_callers(struct notes *notes, const struct event *event, size_t size,
			  size_t count)
{
	const __u64 *callers = (const __u64 *)(event + 1);

	if (size < sizeof(*event) + count * sizeof(*callers))
		return;
	for (size_t i = 0; i < count && callers[i]; i++)
		notes_symbol(notes, callers[i]);
}

static void notes_returned(struct notes *notes, const struct meaning *reasons,
			   uint64_t value)
{
	uint32_t reason = result_reason(reasons, value);

	if (reason)
		notes_reason(notes, reason);
}

void notes_event(struct notes *notes, const struct event *event, size_t size)
{
	const struct meaning *reasons = notes_symbol(notes, event->where)->reasons;

	notes_place(notes, event->netns, event_device(event));
	if (event->flags & EVENT_SNAPSHOT)
		notes_told(notes, event, size);
	if (event->kind == EVENT_COPY)
		notes_callers(notes, event, size, EVENT_CALLERS);
	if (event->kind == EVENT_AGAIN)
		notes_callers(notes, event, size, EVENT_AGAIN_CALLERS);
	if (event->kind == EVENT_RETURN && reasons)
		notes_returned(notes, reasons, event->value);
	/* How a path has ended is asked for when it is handed over, long after. */
	if (event->flags & EVENT_LAST)
		notes_reason(notes, (uint32_t)event->value);
}
