// SPDX-License-Identifier: GPL-2.0-only
#include "path/assembler.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/container.h"
#include "path/infer.h"
#include "path/lineage.h"
#include "path/memo.h"
#include "path/nest.h"
#include "path/order.h"
#include "path/returns.h"
#include "path/tracepoint_names.h"

#define STAGES 1024 /* a power of two */

struct assembler {
	struct names *names;
	assembler_fn fn;
	assembler_step_fn step_fn; /* NULL: nobody watches */
	void *context;
	struct table by_packet, by_skb;
	struct order order;
	struct lineage_index lineage;
	struct returns returns;
	struct memo devices;   /* by namespace and index: names seen in snapshots */
	struct memo functions; /* by address: those without a symbol */
	/* By where the name lies, which stays as long as paths point to it. */
	struct {
		const char *func;
		struct stage stage;
	} stages[STAGES];
	bool nests; /* steps are put into the calls that they are in */
	size_t open, steps;
	uint64_t last_id;
	uint64_t now;	 /* the latest time that was heard of */
	uint64_t lost;	 /* events, in all, by the kernel side's count */
	uint64_t placed; /* of these, those that a later event has told of */
	struct {
		uint64_t from, to;
	} narrowed; /* when probes were taken away; 0: never */
};

const char *const tracepoint_names[TRACEPOINT_SIZE] = {
#define X(name, argument, role) [TRACEPOINT_##name] = #name,
	TRACEPOINTS(X)
#undef X
		[TRACEPOINT_sk_data_ready] = "sk_data_ready",
};

static const char *const gate_names[] = {
	[EVENT_GATE_INGRESS] = "tc ingress",
	[EVENT_GATE_EGRESS] = "tc egress",
};

#define GATES (sizeof(gate_names) / sizeof(gate_names[0]))

/* .value names another packet, or a queue: lineage.c tells what it means. */
static bool event_is_link(const struct event *event)
{
	return event->kind == EVENT_COPY || event->kind == EVENT_MERGE ||
	       event->kind == EVENT_QUEUE;
}

/* How many values .id has for each kind of event; 0: it does not count. */
static const unsigned int id_limits[] = {
	[EVENT_FUNCTION] = 0, [EVENT_TRACEPOINT] = TRACEPOINT_SIZE,
	[EVENT_GATE] = GATES, [EVENT_FREE] = 0,
	[EVENT_COPY] = 0,     [EVENT_MERGE] = 0,
	[EVENT_QUEUE] = 0,    [EVENT_RETURN] = 0,
	[EVENT_REUSED] = 0,
};
static_assert(sizeof(id_limits) / sizeof(id_limits[0]) == EVENT_DEVICES,
	      "a limit per kind of event of a packet");

/* ---- events */

/* Copy an event, which may lie at any address, behind which is what it says. */
static int event_read(struct event_snapshot *out, const void *data, size_t size)
{
	const size_t head = offsetof(struct event_snapshot, data);
	struct event *event = &out->event;

	if (size < sizeof(*event))
		return -EINVAL;
	memset(out, 0, sizeof(*out));
	memcpy(event, data, sizeof(*event));
	if (!event->packet || event->kind >= EVENT_DEVICES)
		return -EINVAL;
	if (id_limits[event->kind] && event->id >= id_limits[event->kind])
		return -EINVAL;
	if (!(event->flags & EVENT_SNAPSHOT))
		return 0;
	if (size < head)
		return -EINVAL;
	memcpy(out, data, head);
	if (out->captured > EVENT_SNAP_LEN || size - head < out->captured)
		return -EINVAL;
	memcpy(out->data, (const char *)data + head, out->captured);
	return 0;
}

static const char *function_name(struct assembler *assembler, uint64_t address)
{
	struct names *names = assembler->names;
	char text[MEMO_TEXT];
	uint64_t offset;
	const char *name = names->ops->symbol(names, address, &offset);

	if (!name)
		name = memo_get(&assembler->functions, address);
	if (name)
		return name;
	snprintf(text, sizeof(text), "0x%llx", (unsigned long long)address);
	name = memo_set(&assembler->functions, address, text);
	return name ? name : "unknown function";
}

static const char *event_name(struct assembler *assembler, const struct event *event)
{
	switch ((enum event_kind)event->kind) {
	case EVENT_TRACEPOINT:
		return tracepoint_names[event->id];
	case EVENT_GATE:
		return gate_names[event->id];
	case EVENT_FREE:
		return "free"; /* .where is its caller, which end.c tells */
	case EVENT_FUNCTION:
	case EVENT_COPY:
	case EVENT_MERGE:
	case EVENT_QUEUE:
	case EVENT_RETURN:
	case EVENT_REUSED:
	case EVENT_DEVICES:
		break;
	}
	return function_name(assembler, event->where);
}

/* ---- steps */

static void step_set_device(struct step *step, struct assembler *assembler,
			    const struct event_snapshot *snapshot)
{
	uint64_t key = (uint64_t)step->netns << 32 | step->ifindex;
	struct names *names = assembler->names;
	const char *name;

	if (!step->ifindex)
		return;
	if (snapshot->dev[0]) {
		memcpy(step->dev, snapshot->dev, sizeof(step->dev) - 1);
		memo_set(&assembler->devices, key, step->dev);
		return;
	}
	name = memo_get(&assembler->devices, key);
	if (!name)
		name = names->ops->device(names, step->netns, step->ifindex);
	if (name)
		memcpy(step->dev, name, strnlen(name, sizeof(step->dev) - 1));
}

static struct stage function_stage(struct assembler *assembler, const char *func)
{
	size_t slot = ((uintptr_t)func ^ (uintptr_t)func >> 10) & (STAGES - 1);

	if (assembler->stages[slot].func != func) {
		assembler->stages[slot].func = func;
		assembler->stages[slot].stage = stage_lookup(func);
	}
	return assembler->stages[slot].stage;
}

static void step_fill(struct step *step, struct assembler *assembler,
		      const struct event_snapshot *snapshot)
{
	const struct event *event = &snapshot->event;
	struct names *names = assembler->names;
	struct stage stage;

	*step = (struct step){
		.time = event->time,
		.func = event_name(assembler, event),
		.netns = event->netns,
		.ifindex = event->flags & EVENT_NODEV ? 0 : event->ifindex,
		.pid = event->pid,
		.tid = event->tid,
		.len = event->len,
		.mark = event->mark,
		.cpu = event->cpu,
		.kind = event->kind,
		.id = event->id,
		.checksum = event->checksum,
		.value = event_is_link(event) ? 0 : event->value,
		.called = event->flags & EVENT_CALL,
		.frame = event->frame,
	};
	stage = function_stage(assembler, step->func);
	step->stage = stage.name;
	step->role = stage.role;
	memcpy(step->comm, event->comm, sizeof(step->comm) - 1);
	if (step->netns)
		step->netns_name = names->ops->netns(names, step->netns);
	step_set_device(step, assembler, snapshot);
}

static void snapshot_flow(const struct event_snapshot *snapshot, struct flow *flow)
{
	flow_decode(flow, snapshot->data, snapshot->captured,
		    snapshot->layer == EVENT_LAYER_ETHERNET);
	flow->len = snapshot->event.len;
	flow->tuple = snapshot->layer == EVENT_LAYER_SOCKET;
}

/* The headers as they are now. */
static int step_add_flow(struct step *step, const struct event_snapshot *snapshot)
{
	if (!(snapshot->event.flags & EVENT_SNAPSHOT))
		return 0;
	step->flow = malloc(sizeof(*step->flow));
	if (!step->flow)
		return -ENOMEM;
	snapshot_flow(snapshot, step->flow);
	return 0;
}

/* Room for one more step. -E2BIG: there is none by decision, not by fate. */
static int path_grow(struct path *path, size_t total)
{
	size_t capacity = path->capacity ? path->capacity * 2 : 16;
	struct step *steps;

	if (path->count >= ASSEMBLER_PATH_STEPS || total >= ASSEMBLER_STEPS)
		return -E2BIG;
	if (path->count < path->capacity)
		return 0;
	steps = reallocarray(path->steps, capacity, sizeof(*steps));
	if (!steps)
		return -ENOMEM;
	path->steps = steps;
	path->capacity = capacity;
	return 0;
}

/*
 * Keep the headers of a snapshot; their number. 0: there are none, or there is no
 * room for them. Nearly all paths have few: room doubles from one on.
 */
static uint16_t path_add_headers(struct path *path, const struct event_snapshot *snapshot)
{
	size_t count = path->headers_count;
	struct headers *headers = path->headers;

	if (!(snapshot->event.flags & EVENT_SNAPSHOT) || count >= PATH_HEADERS_MAX)
		return 0;
	if (!(count & (count - 1))) {
		headers = reallocarray(headers, count ? 2 * count : 1, sizeof(*headers));
		if (!headers)
			return 0;
		path->headers = headers;
	}
	headers[count].captured = snapshot->captured;
	headers[count].layer = snapshot->layer;
	memcpy(headers[count].data, snapshot->data, sizeof(headers->data));
	return (uint16_t)++path->headers_count;
}

/* Events come nearly in order: look for the place from the end. */
static int path_add(struct path *path, struct assembler *assembler,
		    const struct event_snapshot *snapshot, size_t *added)
{
	int error = path_grow(path, assembler->steps);
	size_t at = path->count;

	if (error == -E2BIG) {
		path->skipped++;
		path->complete = false;
		return 0;
	}
	if (error)
		return error;
	while (at > 0 && path->steps[at - 1].time > snapshot->event.time)
		at--;
	memmove(&path->steps[at + 1], &path->steps[at],
		(path->count - at) * sizeof(*path->steps));
	step_fill(&path->steps[at], assembler, snapshot);
	path->steps[at].headers = path_add_headers(path, snapshot);
	path->count++;
	assembler->steps++;
	*added = at;
	return step_add_flow(&path->steps[at], snapshot);
}

/*
 * Of a packet that began at its socket the first header adds the details, unless it
 * has been changed by then (NAT, a tunnel).
 */
static void tracked_add_flow(struct tracked *tracked,
			     const struct event_snapshot *snapshot)
{
	struct flow flow;

	if (tracked->flow_known || !(snapshot->event.flags & EVENT_SNAPSHOT))
		return;
	snapshot_flow(snapshot, &flow);
	if (!tracked->path.flow.tuple || flow_same_tuple(&tracked->path.flow, &flow))
		tracked->path.flow = flow;
	tracked->flow_known = !flow.tuple;
}

/* ---- open paths */

static struct tracked *tracked_by_packet(struct assembler *assembler, uint64_t packet)
{
	struct table_node *node = table_find(&assembler->by_packet, packet);

	return node ? CONTAINER_OF(node, struct tracked, by_packet) : NULL;
}

static struct tracked *tracked_by_skb(struct assembler *assembler, uint64_t skb)
{
	struct table_node *node = table_find(&assembler->by_skb, skb);

	return node ? CONTAINER_OF(node, struct tracked, by_skb) : NULL;
}

static void tracked_lost(struct tracked *tracked, uint64_t lost)
{
	if (!lost)
		return;
	tracked->path.lost += lost;
	tracked->path.complete = false;
}

/*
 * A path that was not seen to end may have ended in an event that was lost: in
 * one of those that no later event of the same packet has told of.
 */
static void tracked_doubt(const struct assembler *assembler, struct tracked *tracked)
{
	if (assembler->lost > assembler->placed)
		tracked_lost(tracked, assembler->lost - assembler->placed);
}

/* Neither ended, nor waiting for the functions that it has ended in. */
static bool tracked_is_live(const struct tracked *tracked)
{
	return tracked->open && !tracked->waiting;
}

static void tracked_close(struct assembler *assembler, struct tracked *tracked)
{
	returns_leave(&assembler->returns, tracked);
	tracked->ended_at = assembler->now;
	assembler->open--;
	order_end(&assembler->order, tracked);
}

static void tracked_end(struct assembler *assembler, struct tracked *tracked,
			enum end_cause cause, const struct event *event)
{
	const char *freed_by = NULL;

	if (cause != END_FREED)
		tracked_doubt(assembler, tracked);
	if (event && event->kind == EVENT_FREE)
		freed_by = function_name(assembler, event->where);
	if (lineage_end(&assembler->lineage, tracked, cause, freed_by))
		tracked->path.complete = false;
	table_remove(&assembler->by_skb, &tracked->by_skb);
	tracked->end.cause = cause;
	if (event)
		tracked->end.event = *event;
	if (cause == END_FREED && tracked->calls)
		returns_wait(&assembler->returns, tracked, assembler->now);
	else
		tracked_close(assembler, tracked);
}

/* Now, whatever it waits for. */
static void tracked_finish(struct assembler *assembler, struct tracked *tracked,
			   enum end_cause cause)
{
	if (tracked->waiting)
		tracked_close(assembler, tracked);
	else
		tracked_end(assembler, tracked, cause, NULL);
}

static struct tracked *tracked_begin(struct assembler *assembler,
				     const struct event *event)
{
	struct tracked *tracked;

	if (assembler->open >= ASSEMBLER_OPEN)
		tracked_finish(assembler, order_oldest(&assembler->order), END_REPLACED);
	tracked = calloc(1, sizeof(*tracked));
	if (!tracked)
		return NULL;
	tracked->path.id = ++assembler->last_id;
	tracked->path.packet = event->packet;
	tracked->path.flow.proto = "unknown";
	tracked->path.complete = (event->flags & (EVENT_FIRST | EVENT_LATE)) ==
				 EVENT_FIRST;
	if (lineage_begin(tracked)) {
		free(tracked);
		return NULL;
	}
	table_add(&assembler->by_packet, &tracked->by_packet, event->packet);
	order_begin(&assembler->order, tracked);
	assembler->open++;
	return tracked;
}

/*
 * Where the packet lies now. Whoever was known to lie there was freed without
 * having been seen: the kernel side never follows two packets at one address.
 */
static void tracked_settle(struct assembler *assembler, struct tracked *tracked,
			   uint64_t skb)
{
	struct tracked *before;

	if (!tracked_is_live(tracked) || tracked->by_skb.key == skb)
		return;
	table_remove(&assembler->by_skb, &tracked->by_skb);
	before = skb ? tracked_by_skb(assembler, skb) : NULL;
	if (before)
		tracked_end(assembler, before, END_REPLACED, NULL);
	if (skb)
		table_add(&assembler->by_skb, &tracked->by_skb, skb);
	else
		tracked->by_skb.key = 0;
}

static void tracked_free(struct assembler *assembler, struct tracked *tracked)
{
	assembler->steps -= tracked->path.count;
	lineage_leave(tracked);
	path_free(&tracked->path);
	free(tracked);
}

static void tracked_narrowed(const struct assembler *assembler, struct tracked *tracked)
{
	struct path *path = &tracked->path;

	if (!path->count || path->steps[0].time >= assembler->narrowed.to)
		return;
	if (tracked->end.cause == END_FREED &&
	    path->steps[path->count - 1].time <= assembler->narrowed.from)
		return;
	path->narrowed = true;
	path->complete = false;
}

static void assembler_hand_over(struct assembler *assembler)
{
	struct tracked *tracked;

	while ((tracked = returns_overdue(&assembler->returns, assembler->now)))
		tracked_close(assembler, tracked);
	while ((tracked = order_next(&assembler->order, assembler->now))) {
		tracked_narrowed(assembler, tracked);
		infer_places(&tracked->path);
		if (assembler->nests)
			nest_steps(&tracked->path);
		changes_find(&tracked->path);
		end_decide(&tracked->path, &tracked->end, assembler->names);
		lineage_leave(tracked);
		assembler->fn(&tracked->path, assembler->context);
		table_remove(&assembler->by_packet, &tracked->by_packet);
		tracked_free(assembler, tracked);
	}
}

/* ---- the interface */

struct assembler *assembler_new(struct names *names, assembler_fn fn, void *context)
{
	struct assembler *assembler = calloc(1, sizeof(*assembler));

	if (!assembler)
		return NULL;
	assembler->names = names;
	assembler->fn = fn;
	assembler->context = context;
	assembler->lineage.packets = &assembler->by_packet;
	order_init(&assembler->order);
	returns_init(&assembler->returns);
	return assembler;
}

void assembler_watch(struct assembler *assembler, assembler_step_fn fn)
{
	assembler->step_fn = fn;
}

void assembler_nest(struct assembler *assembler)
{
	assembler->nests = true;
}

void assembler_free(struct assembler *assembler)
{
	struct table_node *node;
	size_t bucket = 0;

	if (!assembler)
		return;
	while ((node = table_take(&assembler->by_packet, &bucket)))
		tracked_free(assembler, CONTAINER_OF(node, struct tracked, by_packet));
	memo_clear(&assembler->devices);
	memo_clear(&assembler->functions);
	free(assembler);
}

/* Nothing more comes of this packet, and its last steps may not be its own. */
static int assembler_reused(struct assembler *assembler, const struct event *event)
{
	struct tracked *tracked = tracked_by_packet(assembler, event->packet);
	size_t kept;

	if (!tracked || !tracked_is_live(tracked))
		return 0;
	kept = infer_owned(&tracked->path);
	assembler->steps -= tracked->path.count - kept;
	path_truncate(&tracked->path, kept);
	tracked_end(assembler, tracked, END_REPLACED, NULL);
	assembler_hand_over(assembler);
	return 0;
}

/* Whose path was handed over long ago, or never begun, needs no return. */
static int assembler_returned(struct assembler *assembler, const struct event *event)
{
	struct tracked *tracked = tracked_by_packet(assembler, event->packet);

	if (!tracked)
		return 0;
	returns_pair(tracked, function_name(assembler, event->where), event,
		     assembler->names);
	if (tracked->waiting && !tracked->calls)
		tracked_close(assembler, tracked);
	assembler_hand_over(assembler);
	return 0;
}

/* A branch begins. Who made it is told by the calls that led there: its first step. */
static int assembler_branch(struct assembler *assembler, struct tracked *tracked,
			    struct event *event, const void *data, size_t size)
{
	const char *functions[EVENT_CALLERS];
	struct event_copy copy = { 0 };
	struct making making;
	size_t count = 0;

	if (size >= sizeof(copy))
		memcpy(&copy, data, sizeof(copy));
	if (!copy.callers[0])
		copy.callers[0] = event->where;
	for (; count < EVENT_CALLERS && copy.callers[count]; count++)
		functions[count] = function_name(assembler, copy.callers[count]);
	making = relation_read(functions, count);
	event->where = copy.callers[making.maker];
	return lineage_branch(&assembler->lineage, tracked, event, &making,
			      count ? functions[making.maker] : NULL);
}

static int assembler_relate(struct assembler *assembler, struct tracked *tracked,
			    struct event *event, const void *data, size_t size)
{
	if (event->kind == EVENT_COPY && event->flags & EVENT_FIRST)
		return assembler_branch(assembler, tracked, event, data, size);
	if (!lineage_wants(tracked, event))
		return 0;
	return lineage_step(&assembler->lineage, tracked, event,
			    event_name(assembler, event));
}

int assembler_add(struct assembler *assembler, const void *data, size_t size)
{
	struct event_snapshot snapshot;
	const struct event *event = &snapshot.event;
	struct tracked *tracked;
	size_t steps, added = 0;
	int error = event_read(&snapshot, data, size);

	if (error)
		return error;
	if (event->time > assembler->now)
		assembler->now = event->time;
	assembler->placed += event->lost;
	if (event->kind == EVENT_REUSED)
		return assembler_reused(assembler, event);
	if (event->kind == EVENT_RETURN)
		return assembler_returned(assembler, event);
	tracked = tracked_by_packet(assembler, event->packet);
	if (!tracked)
		tracked = tracked_begin(assembler, event);
	if (!tracked)
		return -ENOMEM;
	tracked_lost(tracked, event->lost);
	tracked_settle(assembler, tracked, event->skb);
	error = assembler_relate(assembler, tracked, &snapshot.event, data, size);
	steps = tracked->path.count;
	if (!error)
		error = path_add(&tracked->path, assembler, &snapshot, &added);
	if (error)
		tracked->path.complete = false;
	else if (event->flags & EVENT_CALL && tracked->path.count > steps)
		tracked->calls++;
	tracked_add_flow(tracked, &snapshot);
	if (assembler->step_fn && tracked->path.count > steps)
		assembler->step_fn(&tracked->path, added, assembler->context);
	if (event->flags & EVENT_LAST && tracked_is_live(tracked))
		tracked_end(assembler, tracked, END_FREED, event);
	assembler_hand_over(assembler);
	return error;
}

void assembler_lost(struct assembler *assembler, uint64_t lost)
{
	if (lost > assembler->lost)
		assembler->lost = lost;
}

void assembler_narrowed(struct assembler *assembler, uint64_t from, uint64_t to)
{
	assembler->narrowed.from = from;
	assembler->narrowed.to = to;
}

void assembler_tick(struct assembler *assembler, uint64_t now)
{
	if (now > assembler->now)
		assembler->now = now;
	assembler_hand_over(assembler);
}

size_t assembler_open(const struct assembler *assembler)
{
	return assembler->open;
}

void assembler_finish(struct assembler *assembler)
{
	struct tracked *tracked;

	while ((tracked = order_oldest(&assembler->order))) {
		tracked_finish(assembler, tracked, END_NONE);
		assembler_hand_over(assembler);
	}
}
