// SPDX-License-Identifier: GPL-2.0-only
#include "path/lineage.h"

#include <errno.h>
#include <stdlib.h>

#include "base/container.h"

/* All that comes of one packet. */
struct family {
	uint64_t root, origin;	     /* lineage.origin */
	size_t members;		     /* that were not handed over */
	const struct tracked *first; /* the root; NULL: it was handed over */
	uint64_t conversation;	     /* 0: not known yet, or none */
};

int lineage_begin(struct tracked *tracked)
{
	struct family *family = malloc(sizeof(*family));

	if (!family)
		return -ENOMEM;
	*family = (struct family){ .root = tracked->path.id,
				   .origin = tracked->path.id,
				   .members = 1,
				   .first = tracked };
	tracked->family = family;
	tracked->path.lineage.root = family->root;
	tracked->path.lineage.origin = family->origin;
	return 0;
}

void lineage_leave(struct tracked *tracked)
{
	struct family *family = tracked->family;

	if (!family)
		return;
	tracked->family = NULL;
	if (family->first == tracked)
		family->first = NULL;
	tracked->path.lineage.remaining = --family->members;
	if (!family->members)
		free(family);
}

const struct path *lineage_root(const struct tracked *tracked)
{
	return tracked->family->first ? &tracked->family->first->path : NULL;
}

uint64_t *lineage_conversation(const struct tracked *tracked)
{
	return &tracked->family->conversation;
}

static void lineage_adopt(struct tracked *tracked, struct family *family)
{
	family->members++;
	lineage_leave(tracked);
	tracked->family = family;
	tracked->path.lineage.root = family->root;
	tracked->path.lineage.origin = family->origin;
}

static struct tracked *lineage_find(const struct lineage_index *index, uint64_t packet)
{
	struct table_node *node = table_find(index->packets, packet);

	return node ? CONTAINER_OF(node, struct tracked, by_packet) : NULL;
}

static int relatives_add(struct relatives *relatives, struct relative relative)
{
	struct relative *list = relatives->list;

	/* It grows at each power of two. */
	if (!(relatives->count & (relatives->count - 1)))
		list = reallocarray(list, relatives->count ? 2 * relatives->count : 1,
				    sizeof(*list));
	if (!list)
		return -ENOMEM;
	relatives->list = list;
	list[relatives->count++] = relative;
	return 0;
}

/* ---- merging */

static int lineage_join(struct tracked *tracked, struct tracked *into)
{
	struct lineage *lineage = &tracked->path.lineage;

	lineage->merged = true;
	if (!into)
		return 0;
	lineage->merged_into = into->path.id;
	return relatives_add(&into->path.lineage.members,
			     (struct relative){ .id = tracked->path.id });
}

/* It is clear by now what became of the last attempt to merge it. */
static int lineage_settle(struct lineage_index *index, struct tracked *tracked,
			  bool merged)
{
	struct tracked *into = lineage_find(index, tracked->merge.packet);

	if (!tracked->merge.tried)
		return 0;
	tracked->merge.tried = false;
	if (into && into->unsettled)
		into->unsettled--;
	return merged ? lineage_join(tracked, into) : 0;
}

static void lineage_try(struct lineage_index *index, struct tracked *tracked,
			const struct event *event, const char *function)
{
	struct tracked *into = lineage_find(index, event->value);

	if (tracked->path.lineage.merged)
		return;
	tracked->merge.tried = true;
	tracked->merge.packet = event->value;
	/* TCP keeps a packet that could not be merged, and may free it in silence. */
	tracked->merge.proof = relation_is(function, "skb_try_coalesce")
				       ? "kfree_skb_partial"
				       : NULL;
	if (into)
		into->unsettled++;
}

static void queue_leave(struct lineage_index *index, struct tracked *tracked)
{
	table_remove(&index->queues, &tracked->by_queue);
}

/* The packet is what the fragments of the queue become. */
static int queue_join(struct lineage_index *index, struct tracked *tracked,
		      uint64_t queue)
{
	struct table_node *node;
	int err = 0;

	queue_leave(index, tracked);
	tracked->joining = true;
	while (!err && (node = table_find(&index->queues, queue))) {
		struct tracked *member = CONTAINER_OF(node, struct tracked, by_queue);

		queue_leave(index, member);
		err = lineage_join(member, tracked);
	}
	return err;
}

static int lineage_queue(struct lineage_index *index, struct tracked *tracked,
			 const struct event *event, const char *function)
{
	if (relation_is(function, "inet_frag_reasm_prepare"))
		return queue_join(index, tracked, event->value);
	queue_leave(index, tracked);
	table_add(&index->queues, &tracked->by_queue, event->value);
	return 0;
}

bool lineage_wants(const struct tracked *tracked, const struct event *event)
{
	if (!tracked_is_live(tracked))
		return false;
	return tracked->merge.tried || tracked->joining || event->kind == EVENT_MERGE ||
	       event->kind == EVENT_QUEUE;
}

int lineage_step(struct lineage_index *index, struct tracked *tracked,
		 const struct event *event, const char *function)
{
	int err;

	if (event->flags & EVENT_LAST || stage_lookup(function).role == STAGE_ROLE_FREE)
		return 0;
	tracked->joining = false;
	err = lineage_settle(index, tracked, false);
	if (err)
		return err;
	if (event->kind == EVENT_MERGE)
		lineage_try(index, tracked, event, function);
	if (event->kind == EVENT_QUEUE)
		err = lineage_queue(index, tracked, event, function);
	return err;
}

int lineage_end(struct lineage_index *index, struct tracked *tracked,
		enum end_cause cause, const char *freed_by)
{
	const char *proof = tracked->merge.proof;

	queue_leave(index, tracked);
	if (proof)
		return lineage_settle(index, tracked,
				      freed_by && relation_is(freed_by, proof));
	return lineage_settle(index, tracked, cause != END_NONE);
}

/* ---- branches */

/* Who asks for a neighbour has a clone of the packet that waits for the answer. */
static bool lineage_asks(const struct lineage *lineage)
{
	return lineage->caller && relation_is(lineage->caller, "neigh_probe");
}

/*
 * Is @tracked, which a packet was made of, only between it and its parent? Where a packet
 * is fragmented that is a list already, each fragment gets its header from the one before
 * (ip_fraglist_prepare), which has not gone anywhere yet.
 */
static bool lineage_is_between(const struct tracked *tracked, enum relation relation)
{
	const struct lineage *lineage = &tracked->path.lineage;

	if (relation == RELATION_FRAGMENT)
		return lineage->relation == RELATION_FRAGMENT && tracked->steps == 1;
	return relation == RELATION_CONSEQUENCE && lineage_asks(lineage);
}

static struct tracked *lineage_parent(struct lineage_index *index, uint64_t packet,
				      enum relation relation)
{
	struct tracked *parent = lineage_find(index, packet), *before;

	while (parent && lineage_is_between(parent, relation)) {
		before = lineage_find(index, parent->parent_packet);
		if (!before)
			break;
		parent = before;
	}
	return parent;
}

static int lineage_tell(const struct tracked *tracked, struct tracked *parent,
			uint64_t time)
{
	const struct lineage *lineage = &tracked->path.lineage;

	return relatives_add(&parent->path.lineage.branches,
			     (struct relative){
				     .id = tracked->path.id,
				     .time = time,
				     .relation = lineage->relation,
				     .number = lineage->number,
			     });
}

static int lineage_attach(struct tracked *tracked, struct tracked *parent, uint64_t time)
{
	tracked->path.lineage.parent = parent->path.id;
	tracked->parent_packet = parent->path.packet;
	lineage_adopt(tracked, parent->family);
	return lineage_tell(tracked, parent, time);
}

int lineage_branch(struct lineage_index *index, struct tracked *tracked,
		   const struct event *event, const struct making *making)
{
	struct tracked *parent = lineage_parent(index, event->value, making->relation);
	struct lineage *lineage = &tracked->path.lineage;
	int err;

	lineage->relation = making->relation;
	lineage->maker = making->function;
	lineage->caller = making->caller;
	lineage->aside = making->relation == RELATION_CONSEQUENCE ||
			 lineage_asks(lineage) || (parent && parent->path.lineage.aside);
	if (!parent) {
		tracked->path.complete = false;
		return 0;
	}
	if (making->relation != RELATION_CONSEQUENCE)
		tracked->path.flow = parent->path.flow;
	if (making->relation == RELATION_TRANSMISSION)
		lineage->number = ++parent->transmissions;
	err = lineage_attach(tracked, parent, event->time);
	if (!err && parent->joining)
		err = lineage_join(tracked, parent);
	return err;
}

int lineage_recognise(struct lineage_index *index, struct tracked *tracked,
		      uint64_t packet, uint64_t time)
{
	struct tracked *parent = lineage_find(index, packet);

	if (!parent)
		return 0;
	tracked->path.lineage.relation = RELATION_CONTENT;
	return lineage_attach(tracked, parent, time);
}

void lineage_resent(struct tracked *tracked, const struct making *making)
{
	struct lineage *lineage = &tracked->path.lineage;

	if (!relation_is_packet(lineage->relation))
		return;
	lineage->relation = making->relation;
	lineage->maker = making->function;
	lineage->caller = making->caller;
}

int lineage_resend(struct lineage_index *index, struct tracked *tracked,
		   const struct retransmission *retransmission, uint64_t time)
{
	struct tracked *parent = lineage_find(index, retransmission->packet);
	struct lineage *lineage = &tracked->path.lineage;

	lineage->relation = RELATION_RETRANSMISSION;
	lineage->number = retransmission->number;
	lineage->parent = retransmission->of;
	lineage->later = retransmission->later;
	lineage->root = tracked->family->root = retransmission->root;
	return parent ? lineage_tell(tracked, parent, time) : 0;
}
