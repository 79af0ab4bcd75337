// SPDX-License-Identifier: GPL-2.0-only
#include "cmd/census.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "base/table.h"
#include "path/copied.h"
#include "path/naming.h"

struct census {
	struct naming naming;
	struct table members; /* of families that are wanted, by packet */
	uint64_t packets, moves;
};

/* A packet that is wanted, and what came of it. */
struct family {
	uint64_t origin;
	size_t members; /* that go on */
};

/* One of them, until it has ended and its calls have returned. */
struct member {
	struct table_node by_packet;
	struct family *family;
	size_t calls;
	bool ended;
};

struct census *census_new(struct names *names)
{
	struct census *census = calloc(1, sizeof(*census));

	if (census)
		census->naming.names = names;
	return census;
}

static struct member *census_find(const struct census *census, uint64_t packet)
{
	struct table_node *node = table_find(&census->members, packet);

	return node ? CONTAINER_OF(node, struct member, by_packet) : NULL;
}

/* True: it was the last one of its family. */
static bool member_free(struct member *member)
{
	struct family *family = member->family;
	bool last = !--family->members;

	if (last)
		free(family);
	free(member);
	return last;
}

void census_free(struct census *census)
{
	struct table_node *node;
	size_t bucket = 0;

	if (!census)
		return;
	while ((node = table_take(&census->members, &bucket)))
		member_free(CONTAINER_OF(node, struct member, by_packet));
	naming_clear(&census->naming);
	free(census);
}

static int census_add(struct census *census, uint64_t packet, struct family *family)
{
	struct member *member = calloc(1, sizeof(*member));

	if (!member)
		return -ENOMEM;
	member->family = family;
	family->members++;
	table_add(&census->members, &member->by_packet, packet);
	return 0;
}

/* It is no copy. */
static int census_begin(struct census *census, struct chosen *chosen, uint64_t packet)
{
	const struct lineage lineage = { .origin = packet, .remaining = 1 };
	int wanted = chosen_begin(chosen, &lineage), err;
	struct family *family;

	if (wanted <= 0)
		return wanted;
	family = calloc(1, sizeof(*family));
	if (!family)
		return -ENOMEM;
	family->origin = packet;
	err = census_add(census, packet, family);
	if (err)
		free(family);
	return err;
}

/* A copy is wanted where what it was made of is. */
static int census_copy(struct census *census, const struct event *event)
{
	const struct member *parent = census_find(census, event->value);

	return parent ? census_add(census, event->packet, parent->family) : 0;
}

/* Has the packet come to its end? Then the chosen ones may be complete. */
static int census_leave(struct census *census, struct chosen *chosen,
			struct member *member)
{
	const struct lineage lineage = { .origin = member->family->origin };

	if (!member->ended || member->calls)
		return 0;
	table_remove(&census->members, &member->by_packet);
	if (!member_free(member))
		return 0;
	return chosen_take(chosen, &lineage) < 0 ? -ENOMEM : 0;
}

/* What an event says of the packets that are wanted. */
static int census_follow(struct census *census, struct chosen *chosen,
			 const struct event *event)
{
	struct member *member = census_find(census, event->packet);

	if (!member)
		return 0;
	if (event->flags & EVENT_CALL)
		member->calls++;
	if (event->kind == EVENT_RETURN && member->calls)
		member->calls--;
	member->ended |= event->flags & EVENT_LAST;
	return census_leave(census, chosen, member);
}

static int census_first(struct census *census, struct chosen *chosen,
			const struct event *event, size_t size)
{
	struct copied copied = copied_read(&census->naming, event, event, size);

	census->packets++;
	census->moves += copied.making.moves;
	if (!chosen->limit)
		return 0;
	return copied.begins ? census_copy(census, event)
			     : census_begin(census, chosen, event->packet);
}

int census_event(struct census *census, struct chosen *chosen, const struct event *event,
		 size_t size)
{
	int err = 0;

	if (event->flags & EVENT_FIRST)
		err = census_first(census, chosen, event, size);
	return err ? err : census_follow(census, chosen, event);
}

uint64_t census_packets(const struct census *census)
{
	return census->packets;
}

uint64_t census_moves(const struct census *census)
{
	return census->moves;
}
