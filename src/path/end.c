// SPDX-License-Identifier: GPL-2.0-only
#include "path/end.h"

#include <string.h>

#include "bpf/tracepoints.h"

/*
 * enum skb_drop_reason, include/net/dropreason-core.h: 1 has been SKB_CONSUMED
 * since 6.2 and has no name as a drop; before, it was a reason with a name.
 */
#define SKB_CONSUMED 1

static bool end_is_drop(const struct end *end, const char *reason)
{
	if (end->cause != END_FREED || end->kind != EVENT_TRACEPOINT ||
	    end->id != TRACEPOINT_kfree_skb)
		return false;
	return end->value != SKB_CONSUMED || reason;
}

static bool end_is_frame(const struct end *end)
{
	return end->cause == END_FREED && end->kind == EVENT_FREE &&
	       end->value == EVENT_FREE_FRAME;
}

static bool function_is_free(const char *function)
{
	return stage_lookup(function).role == STAGE_ROLE_FREE;
}

/* The last step that is not about freeing alone; NULL: none. */
static const struct step *last_step(const struct path *path)
{
	for (size_t i = path->count; i-- > 0;) {
		if (path->steps[i].role != STAGE_ROLE_FREE)
			return &path->steps[i];
	}
	return NULL;
}

/*
 * What the steps say, and in *@index by which: of several deliveries in a row
 * (ping_rcv, sock_queue_rcv_skb, skb_copy_datagram_iovec) the first, which
 * tells most. Untouched where none says anything.
 */
static enum path_end steps_end(const struct path *path, size_t *index)
{
	enum path_end end = PATH_CONSUMED;
	const size_t last = *index;

	for (size_t i = 0; i < path->count; i++) {
		enum stage_role role = path->steps[i].role;

		if (role == STAGE_ROLE_RECEIVE) {
			end = PATH_CONSUMED;
			*index = last;
		}
		if (role == STAGE_ROLE_TRANSMIT ||
		    (role == STAGE_ROLE_DELIVER && end != PATH_DELIVERED)) {
			end = role == STAGE_ROLE_TRANSMIT ? PATH_TRANSMITTED
							  : PATH_DELIVERED;
			*index = i;
		}
	}
	return end;
}

/* The driver that took it; NULL: none was probed. */
static const char *driver_name(const struct path *path, size_t index)
{
	for (; index < path->count; index++) {
		if (!strcmp(path->steps[index].stage, "driver"))
			return path->steps[index].func;
	}
	return NULL;
}

/*
 * Who freed it; a function that frees anything is not worth naming. When the
 * kernel did not tell, the place where it was seen last.
 */
static const char *freed_where(struct path *path, const struct end *end,
			       struct names *names)
{
	const struct step *step = last_step(path);
	const char *symbol = NULL;
	uint64_t offset;

	if (end->cause == END_FREED && end->where)
		symbol = names->ops->symbol(names, end->where, &offset);
	if (symbol && !function_is_free(symbol))
		return symbol;
	path->where_last = step != NULL;
	return step ? step->func : symbol;
}

/* The last one at which its data may have gone into another packet. */
static size_t merge_step(const struct path *path)
{
	size_t i = path->count;

	while (i-- > 0) {
		if (path->steps[i].kind == EVENT_MERGE ||
		    path->steps[i].kind == EVENT_QUEUE)
			return i;
	}
	return 0;
}

/* A frame that the driver returns was sent, one that XDP returns nobody took. */
static enum path_end frame_end(const struct end *end, struct names *names)
{
	uint64_t offset;
	const char *symbol = names->ops->symbol(names, end->where, &offset);
	struct stage stage = stage_lookup(symbol ? symbol : "");

	if (!symbol || stage.role == STAGE_ROLE_DELIVER)
		return PATH_CONSUMED;
	return strcmp(stage.name, "xdp") ? PATH_TRANSMITTED : PATH_DROPPED;
}

static void end_kind(struct path *path, const struct end *end, struct names *names)
{
	const char *reason;

	path->end_step = path->count ? path->count - 1 : 0;
	if (path->lineage.merged) {
		path->end = PATH_MERGED;
		path->end_step = merge_step(path);
		return;
	}
	/*
	 * What a process has read is delivered, though the memory may wait on a
	 * list of the CPU that will free it (skb_attempt_defer_free, 5.19).
	 */
	if (end->cause == END_NONE && !path_reader(path)) {
		path->end = PATH_OPEN;
		return;
	}
	if (end_is_frame(end)) {
		path->end = frame_end(end, names);
		return;
	}
	reason = names->ops->drop_reason(names, end->value);
	if (end_is_drop(end, reason)) {
		path->end = PATH_DROPPED;
		path->reason = reason;
		path->reason_value = end->value;
		return;
	}
	path->end = steps_end(path, &path->end_step);
	/* Out of sight it may have gone anywhere, but not away from a socket. */
	if (end->cause == END_REPLACED && path->end != PATH_DELIVERED) {
		path->end = PATH_LOST;
		path->end_step = path->count ? path->count - 1 : 0;
	}
}

void end_decide(struct path *path, const struct end *end, struct names *names)
{
	end_kind(path, end, names);
	if (path->end == PATH_DELIVERED || (path->end == PATH_MERGED && path->count))
		path->where = path->steps[path->end_step].func;
	else if (path->end == PATH_TRANSMITTED && !end_is_frame(end))
		path->where = driver_name(path, path->end_step);
	else
		path->where = freed_where(path, end, names);
}
